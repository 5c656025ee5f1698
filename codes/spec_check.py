"""Check the whole spec: every book by its own schema, then what holds between rows and books.

`check_spec` returns every mistake with its file and line; `fuwuma verify` and the tests run it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import Any, Final

from codes.book import BOOKS_DIR, BookError, load_book, numbered_rows
from codes.book_check import book_names, check_book
from codes.element_parts import read_json
from codes.elements_check import check_elements
from codes.names import fold
from codes.patterns import pattern_mistake
from codes.policy import check_policy

Numbered = list[tuple[str, dict[str, Any]]]

NAMES: Final = {
    "facility_types": ("code", "name_zh", "name_en", "aliases"),
    "departments": ("code", "name_zh", "name_en", "short_names"),
    "value_lists": ("value", "name_en", "aliases"),
}
"""Book -> columns by which people find a row; no name may find two."""

PARENTS: Final = {"classes": "category_code", "facility_types": "class_code"}
"""Book -> the column whose code every row's own code begins with."""


def check_spec(root: Path = BOOKS_DIR) -> list[BookError]:
    """Return every mistake in the books under `root`; the finer checks wait for sound rows."""
    mistakes = [mistake for name in book_names(root) for mistake in check_book(name, root)]
    if mistakes:
        return mistakes
    mistakes += [mistake for name in NAMES for mistake in _ambiguous(name, root)]
    mistakes += [mistake for name in PARENTS for mistake in _outside_parent(name, root)]
    mistakes += _headers_repeated(root)
    mistakes += _bounds_wrong(root)
    mistakes += _patterns_wrong(root)
    mistakes += _placeholders_differ(root)
    mistakes += _relations_wrong(root)
    mistakes += _formulas_repeated(root)
    if (root / "policy").exists():
        mistakes += check_policy(root)
    if (root / "elements").exists():
        mistakes += check_elements(root)
    return mistakes


def _numbered(name: str, root: Path) -> Numbered:
    """Return (place, row) of a book, nothing when `root` does not have it."""
    if not (root / name / "book.toml").exists():
        return []
    return list(numbered_rows(root / name, load_book(name, root).schema))


def _ambiguous(name: str, root: Path) -> Iterator[BookError]:
    named = (
        (where, f"{row.get('list', '')}:", _texts(row, NAMES[name]))
        for where, row in _numbered(name, root)
        if not row.get("internal")
    )
    yield from _met_twice(named, "book.name_ambiguous")


def _headers_repeated(root: Path) -> Iterator[BookError]:
    common = root / "elements" / "common.json"
    elements = read_json(common)["properties"] if common.exists() else {}
    columns = [
        (f"{common} /properties/{key}", [key, *_texts(one, ("title", "x-header-en", "x-aliases"))])
        for key, one in elements.items()
    ]
    columns += [
        (where, _texts(row, ("code", "name_zh", "name_en", "aliases")))
        for name in ("identifier_schemes", "capabilities")
        for where, row in _numbered(name, root)
    ]
    yield from _met_twice(((where, "", texts) for where, texts in columns), "book.header_repeated")


def _met_twice(named: Iterable[tuple[str, str, list[str]]], message_id: str) -> Iterator[BookError]:
    """Yield a mistake for each name that stands at two places; `named` gives (where, scope, names).

    A name repeated within one place does no harm.
    """
    first: dict[str, str] = {}
    for where, scope, names in named:
        for name in names:
            met = first.setdefault(scope + fold(name), where)
            if met != where:
                yield BookError(message_id, where=where, seen=name, first=met)


def _texts(row: dict[str, Any], columns: Iterable[str]) -> list[str]:
    found: list[str] = []
    for column in columns:
        value = row.get(column, [])
        found += value if isinstance(value, list) else [value]
    return found


def _outside_parent(name: str, root: Path) -> Iterator[BookError]:
    for where, row in _numbered(name, root):
        parent = row[PARENTS[name]]
        if not row["code"].startswith(parent):
            yield BookError("book.code_outside", where=where, seen=row["code"], parent=parent)


def _bounds_wrong(root: Path) -> Iterator[BookError]:
    for where, row in _numbered("capabilities", root):
        low, value, high = row["minimum"], row["example"], row["maximum"]
        whole = row["value_type"] == "number" or all(n == int(n) for n in (low, value, high))
        if not (low <= value <= high and whole):
            yield BookError("book.bounds_wrong", where=where, low=low, seen=value, high=high)


def _formulas_repeated(root: Path) -> Iterator[BookError]:
    named = ((where, "", row["indicators"]) for where, row in _numbered("formulas", root))
    yield from _met_twice(named, "book.formula_repeated")


def _patterns_wrong(root: Path) -> Iterator[BookError]:
    for where, row in _numbered("identifier_schemes", root):
        if mistake := pattern_mistake(row["pattern"], where):
            yield mistake
        elif not re.search(row["pattern"], row["example"]):
            yield BookError("book.example_wrong", where=where, seen=row["example"])


def _placeholders_differ(root: Path) -> Iterator[BookError]:
    for where, row in _numbered("rules", root):
        for part in ("message", "remedy"):
            zh, en = (_placeholders(row[f"{part}_{lang}"]) for lang in ("zh", "en"))
            if zh != en:
                yield BookError(
                    "book.placeholders_differ",
                    where=where,
                    column=part,
                    zh=", ".join(sorted(zh)) or "-",
                    en=", ".join(sorted(en)) or "-",
                )


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _relations_wrong(root: Path) -> Iterator[BookError]:
    relations = _numbered("cross_field_rules", root)
    if not relations:
        return
    severity = {key: row["severity"] for key, row in load_book("rules", root).by_key().items()}
    kinds = {key: one["type"] for key, one in _common(root).items()}
    kinds |= {row["code"]: row["value_type"] for _, row in _numbered("capabilities", root)}
    for where, row in relations:
        for column in ("left", "right"):
            if row[column] not in kinds:
                yield BookError("book.element_unknown", where=where, seen=row[column])
        if row["severity"] != severity[row["rule"]]:
            yield BookError("book.severity_differs", where=where, rule=row["rule"])
        if _is_text(kinds.get(row["left"])) != _is_text(kinds.get(row["right"])):
            seen = f"{row['left']} {row['op']} {row['right']}"
            yield BookError("book.not_comparable", where=where, seen=seen)


def _common(root: Path) -> dict[str, dict[str, Any]]:
    path = root / "elements" / "common.json"
    properties: dict[str, dict[str, Any]] = read_json(path)["properties"] if path.exists() else {}
    return properties


def _is_text(kind: str | None) -> bool:
    return kind == "string"
