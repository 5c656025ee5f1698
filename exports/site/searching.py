"""Search: by name, address, operator, code or part of a code; one character is enough.

Hits come from three places, the surest first: codes that begin so, names that begin so, and the
search index. They are confirmed on the text, ranked here, and cut to what `site.toml` says; when
more matched, the result says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from datasette.app import Datasette

from codes import facility_code
from exports.release.grams import contains, match_expression
from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.page import rows
from exports.site.settings import site_settings

LAST_CHARACTER: Final = "\U0010ffff"
SHORTEST_CODE_PART: Final = 3
MOST_CHARACTERS: Final = 60


@dataclass(frozen=True)
class Found:
    """What a search brought: facilities in order of rank, and kinds and places called so.

    `named` are (public table, code) of categories, classes, types and divisions. `more` says that
    not everything that matched was looked at.
    """

    query: str
    facilities: list[Row]
    named: list[tuple[str, str]]
    more: bool


async def find(datasette: Datasette, catalogue: Catalogue, written: str) -> Found:
    """Look for what somebody wrote."""
    query = " ".join(unicodedata.normalize("NFKC", written).split())[:MOST_CHARACTERS]
    match = match_expression(query)
    if not match:
        return Found(query, [], [], False)
    most = site_settings().search_candidates
    hits = {row["code"]: row for row in await _by_beginning(datasette, query)}
    by_name = await rows(datasette, queries.BY_NAME, match=match, limit=most)
    by_text = []
    if len(by_name) < most:  # names come first anyhow: with enough of them the rest is not needed
        by_text = await rows(datasette, queries.BY_TEXT, match=match, limit=most)
    found = {row["code"]: row for row in (*by_name, *by_text)}
    hits |= {code: row for code, row in found.items() if contains(_text(row), query)}
    ranked = sorted(hits.values(), key=lambda row: _rank(row, query))
    more = max(len(by_text), len(by_name)) == most
    return Found(query, ranked, _named(catalogue, query), more)


async def _by_beginning(datasette: Datasette, query: str) -> list[Row]:
    limit = site_settings().search_candidates
    found = await rows(
        datasette, queries.BY_NAME_START, part=query, after=query + LAST_CHARACTER, limit=limit
    )
    part = facility_code.compact(query)
    if len(part) >= SHORTEST_CODE_PART and part[0].isalpha() and part[1:].isascii():
        found += await rows(
            datasette, queries.BY_CODE_PART, part=part, after=part + LAST_CHARACTER, limit=limit
        )
    return found


def _rank(row: Row, query: str) -> tuple[Any, ...]:
    name = unicodedata.normalize("NFKC", row["name"] or "").casefold()
    wanted = query.casefold()
    closeness = (
        0 if name == wanted
        else 1 if row["code"].startswith(facility_code.compact(query))
        else 2 if name.startswith(wanted)
        else 3 if contains(name, query)
        else 4
    )  # fmt: skip
    return (closeness, row["status"] not in site_settings().standing, len(name), row["code"])


def _text(row: Row) -> str:
    return " ".join(filter(None, (row["name"], row["address"], row["operator_name"])))


def _named(catalogue: Catalogue, query: str) -> list[tuple[str, str]]:
    """Types, classes, categories and counties that the query, or one of its words, names."""
    words = {query.casefold(), *query.casefold().split()}
    kinds = (
        ("facility_type", catalogue.types.values(), ("name_zh", "name_en", "aliases")),
        ("class", catalogue.classes.values(), ("name_zh", "name_en")),
        ("category", catalogue.categories.values(), ("name_zh", "name_en")),
        ("division", catalogue.counties(), ("name",)),
    )
    return [
        (table, row["code"])
        for table, listed, fields in kinds
        for row in listed
        if words & set(_names(row, fields))
    ]


def _names(row: Row, fields: Iterable[str]) -> list[str]:
    return [
        name.casefold() for field in fields for name in str(row[field] or "").split(";") if name
    ]
