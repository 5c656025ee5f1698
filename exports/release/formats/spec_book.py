"""The spec as a book to read: Markdown and HTML, Chinese and English, made from the codebooks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from codes.book import load_book
from codes.elements import all_fields
from codes.messages import LANGUAGES, text

SECTIONS_FILE: Final = Path(__file__).parent / "spec_book.toml"
STYLE_FILE: Final = Path(__file__).parent / "spec_book.css"
FIELD_COLUMNS: Final = ("key", "header", "requirement", "kind", "choices", "unit", "note")
TAGS: Final = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Section:
    """One table of the book with a title and what is to be said of it."""

    title: str
    said: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_spec_book(directory: Path, spec_version: str) -> None:
    """Write `spec.zh.md`, `spec.zh.html`, `spec.en.md` and `spec.en.html`."""
    for lang in LANGUAGES:
        sections = list(spec_sections(lang))
        intro = (
            text("release.spec.intro", lang=lang),
            text("release.spec.version", lang=lang, version=spec_version),
        )
        for ending, made in (
            ("md", as_markdown(sections, intro, lang)),
            ("html", as_html(sections, intro, lang)),
        ):
            path = directory / f"spec.{lang}.{ending}"
            path.write_text(made, encoding="utf-8", newline="\n")


def spec_sections(lang: str) -> Iterator[Section]:
    """Yield the sections of the book in one language."""
    for listed in tomllib.loads(SECTIONS_FILE.read_text(encoding="utf-8"))["section"]:
        yield _of_book(listed["book"], tuple(listed["columns"]), lang)
        if listed["book"] == "facility_types":
            yield _of_fields(lang)


def as_markdown(sections: list[Section], intro: tuple[str, ...], lang: str) -> str:
    """Return the book as Markdown."""
    lines = [f"# {text('release.spec.title', lang=lang)}", "", *_spaced(intro)]
    for section in sections:
        lines += [f"## {section.title}", "", *_spaced(section.said)]
        lines += [_bar(section.columns), _bar("---" for _ in section.columns)]
        lines += [_bar(row) for row in section.rows] + [""]
    return "\n".join(lines)


def as_html(sections: list[Section], intro: tuple[str, ...], lang: str) -> str:
    """Return the book as one HTML page that needs nothing else."""
    title = escape(text("release.spec.title", lang=lang))
    style = STYLE_FILE.read_text(encoding="utf-8")
    parts = [
        f'<!doctype html>\n<html lang="{TAGS[lang]}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>",
        *(f"<p>{escape(line)}</p>" for line in intro),
    ]
    for number, section in enumerate(sections, start=1):
        parts.append(f'<section aria-labelledby="s{number}">')
        parts.append(f'<h2 id="s{number}">{escape(section.title)}</h2>')
        parts += [f"<p>{escape(line)}</p>" for line in section.said]
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in section.columns)
        parts.append(f'<div tabindex="0" role="region" aria-labelledby="s{number}"><table>')
        parts.append(f"<thead><tr>{head}</tr></thead>\n<tbody>")
        for row in section.rows:
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</tbody></table></div>\n</section>")
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def _of_book(name: str, columns: tuple[str, ...], lang: str) -> Section:
    book = load_book(name)
    header = book.header
    said = [header.note_zh if lang == "zh" else header.note_en]
    said.append(text("release.spec.source", lang=lang, source=header.source))
    if header.own_design:
        said.append(text("release.spec.own_design", lang=lang))
    return Section(
        header.title_zh if lang == "zh" else header.title_en,
        tuple(filter(None, said)),
        tuple(text(f"release.spec.column.{column}", lang=lang) for column in columns),
        tuple(tuple(_cell(row, column, lang) for column in columns) for row in book.rows),
    )


def _of_fields(lang: str) -> Section:
    rows = tuple(
        (
            key,
            getattr(field, f"header_{lang}"),
            text(f"spec.requirement.{field.requirement}", lang=lang),
            text(f"release.spec.kind.{field.kind}", lang=lang),
            "、".join(field.choices) if len(field.choices) <= MOST_CHOICES else "",
            getattr(field, f"unit_{lang}") or "",
            " ".join(
                filter(
                    None,
                    (
                        text("release.spec.private", lang=lang) if field.private else "",
                        getattr(field, f"note_{lang}"),
                    ),
                )
            ),
        )
        for key, field in all_fields().items()
        if not field.capability
    )
    columns = tuple(text(f"release.spec.column.{name}", lang=lang) for name in FIELD_COLUMNS)
    title = text("release.spec.fields", lang=lang)
    return Section(title, (text("release.spec.fields_say", lang=lang),), columns, rows)


MOST_CHOICES: Final = 12


def _cell(row: Mapping[str, Any], column: str, lang: str) -> str:
    value = row.get(column, row.get(f"{column}_{lang}", ""))
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)


def _spaced(lines: tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        yield line
        yield ""


def _bar(cells: Any) -> str:
    safe = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(safe)} |"
