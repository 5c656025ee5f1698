"""What templates call by name: sentences, names of codes, addresses of pages."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

from codes import facility_code
from codes.code_layout import load_layout
from codes.messages import LANGUAGES, language, text
from codes.statuses import on_register, states
from exports.site.address import address, address_of
from exports.site.catalogue import Catalogue, Row
from exports.site.cells import PAGES
from exports.site.map_assets import leaflet_files
from exports.site.results import result_globals
from exports.site.table_words import table_globals

STATIC: Final = Path(__file__).parent / "static"
LANG_TAGS: Final = {"zh": "zh-CN", "en": "en"}
MAP_WORDS: Final = (
    "beside", "in_view", "first", "none", "none_in_view", "show", "show_named", "cluster",
    "cluster_last", "zoom_in", "zoom_out", "close", "details", "broken", "stop", "found",
    "unplaced", "no_value", "division", "year_said", "locate",
)  # fmt: skip
_HAS_JSON: Final = re.compile(
    r"/(category|class|type|division)/[^/]+|/(search|standards|about|downloads|fuwuma)"
)
JOINERS: Final = {"zh": "、", "en": ", "}


def template_globals(catalogue: Catalogue) -> dict[str, Any]:
    """Return the names every template may use."""
    return {
        "t": text,
        "lang": language,
        "lang_tag": lambda: LANG_TAGS[language()],
        "manifest": catalogue.manifest,
        "name": lambda table, code: catalogue.name(table, code, language()),
        "listed": lambda table, codes: JOINERS[language()].join(
            catalogue.name(table, code, language()) for code in codes
        ),
        "value_name": lambda kind, value: catalogue.value_name(kind, value, language()),
        "title": lambda row: row.title(language()),
        "about": lambda row: getattr(row, f"about_{language()}"),
        "source": lambda: catalogue.manifest.source[language()],
        "tables": catalogue.columns.tables,
        "printed": facility_code.format,
        "static": static_address,
        "address": address,
        "number": lambda value: f"{value:,}",
        "figure": lambda value: f"{value:,.10g}",
        "size": size,
        "cell": lambda column, value: catalogue.cell(column, value, language()),
        "unit": lambda column: getattr(column, f"unit_{language()}"),
        "unit_of": lambda code: catalogue.capabilities[code][f"unit_{language()}"],
        "described": lambda column: column.describe(language()),
        "section_title": lambda section: text(f"site.code.section.{section}"),
        "status_class": status_class,
        "place": lambda code: place(catalogue, code),
        "place_links": lambda code: place_links(catalogue, code),
        "drawn_place": lambda code: drawn_place(catalogue, code),
        "named_place": lambda code: named_place(catalogue, code),
        "file_about": file_about,
        "example": example(catalogue),
        "standing_named": lambda: JOINERS[language()].join(
            catalogue.value_name("status", status, language()) for status in on_register()
        ),
        "outcome_title": lambda outcome: text(f"site.outcome.{outcome}"),
        "where": lambda row: where(catalogue, row),
        "page_of": page_of,
        "said": lambda row, field: row[f"{field}_{language()}"] or "",
        "said_of": lambda thing, field: getattr(thing, f"{field}_{language()}") or "",
        "classes": lambda: list(catalogue.classes),
        "types_of": catalogue.types_of,
        "many": lambda text_: JOINERS[language()].join((text_ or "").split(";")),
        "outside_link": outside_link,
        "classes_of": catalogue.classes_of,
        "map_words": map_words,
        **table_globals(catalogue),
        **result_globals(catalogue),
    }


def status_class(status: str) -> str:
    """Return how the style sheet calls a status: its state, `ended` off the register."""
    return states()[status] if status in on_register() else "ended"


def map_words() -> dict[str, str]:
    """Return the sentences the map's script says; what is in braces is filled in there."""
    return {name: text(f"map.{name}") for name in MAP_WORDS}


def page_globals(catalogue: Catalogue, request: Any) -> dict[str, str]:
    """Return what the frame around a page needs of the request: the way to the other language.

    And the address of the same for programs, where the page itself has no link to it.
    """
    other = next(lang for lang in LANGUAGES if lang != language())
    pairs = [(name, value) for name in request.args for value in request.args.getlist(name)]
    path = "/" if request.path == "/400" else request.path
    return {
        "other_address": address_of(path, [*pairs, ("lang", other)]),
        "city": catalogue.city_name(language()),
        "json_of_page": "" if path != request.path else _json_address(path, pairs),
    }


def _json_address(path: str, pairs: list[tuple[str, str]]) -> str:
    if path == "/":
        return "/categories.json"
    return address_of(f"{path}.json", pairs) if _HAS_JSON.fullmatch(path) else ""


def short_place(catalogue: Catalogue, *codes: str | None) -> str:
    """Return county and township without the province and city that all share."""
    named = (catalogue.divisions.get(code or "") for code in codes)
    return " ".join(row["name"] for row in named if row)


def place(catalogue: Catalogue, code: str) -> Markup:
    """Return a division's name in the visitor's language, marked where it is still Chinese."""
    shown = catalogue.name("division", code, language())
    chinese = language() != "zh" and shown == catalogue.name("division", code, "zh")
    return Markup('<span lang="zh-CN">{}</span>').format(shown) if chinese else escape(shown)


def place_links(catalogue: Catalogue, code: str) -> Markup:
    """Return a division after those it lies in, each leading to its page; English begins below."""
    chain = [row["code"] for row in catalogue.above(code)] + [code]
    links = [
        Markup('<a href="{}">{}</a>').format(page_of("division", one), place(catalogue, one))
        for one in chain
    ]
    return Markup(" ").join(links) if language() == "zh" else Markup(", ").join(links[::-1])


def drawn_place(catalogue: Catalogue, code: str) -> str:
    """Return the name for a drawing, where an English ending has no room."""
    shown = catalogue.name("division", code, language())
    return shown.rpartition(" ")[0] or shown


def named_place(catalogue: Catalogue, code: str) -> str:
    """Return a division's name, of a township or village with what it lies in: names recur."""
    unit = catalogue.divisions[code]
    above = [unit["parent_code"]] if unit["level"] in ("township", "village") else []
    names = [catalogue.name("division", one, language()) for one in (*above, code)]
    return ", ".join(names[::-1]) if language() == "en" else " ".join(names)


def example(catalogue: Catalogue) -> dict[str, str]:
    """Return a code of the release as printed and its parts; nothing where there is none."""
    code = catalogue.example_code
    if not code:
        return {}
    parts = {segment.segment: part for segment, part in load_layout().cut(code)}
    whole_class = facility_code.split(code).class_code
    return {"code": facility_code.format(code), "stored": code, **parts, "class": whole_class}


def file_about(name: str) -> str:
    """Return what a file of the release is good for."""
    return text(f"site.file.{name.replace('.', '_')}")


def where(catalogue: Catalogue, row: Row) -> str:
    """Return where a facility is, in one line; the county is not said twice."""
    address_ = row["address"] or ""
    if short_place(catalogue, row["county_code"]) in address_:
        return address_
    return f"{short_place(catalogue, row['county_code'], row['township_code'])} {address_}".strip()


def page_of(table: str, code: str) -> str:
    """Return the address of the page of a category, class, type or county."""
    return address(f"{PAGES[table]}{code}")


def outside_link(website: str) -> Markup:
    """Return a link only for a web address; anything else is shown as it is."""
    if not website.lower().startswith(("http://", "https://")):
        return escape(website)
    return Markup('<a href="{0}" rel="noopener nofollow">{0}</a>').format(website)


def size(count: int) -> str:
    """Return a number of bytes as people read it.

    >>> size(278528)
    '272.0 KB'
    """
    value, units = float(count), ["B", "KB", "MB", "GB"]
    while value >= 1024 and len(units) > 1:
        value, units = value / 1024, units[1:]
    return f"{value:,.1f} {units[0]}"


@cache
def static_files() -> dict[str, bytes]:
    """Return our style sheet, icon and the like by name, and Leaflet's."""
    ours = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir())}
    return leaflet_files() | ours


@cache
def static_address(name: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    return f"/static/{name}?v={hashlib.sha256(static_files()[name]).hexdigest()[:12]}"
