"""Check a whole book: rows against their schema, keys, dates, references to other books.

Kept apart from loading, since a command should not pay for it at every start; the tests and
`fuwuma verify` run it over every book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from codes.book import BOOKS_DIR, BookError, load_book, numbered_rows


def book_names(root: Path = BOOKS_DIR) -> list[str]:
    """Return the names of all books under `root`, sorted."""
    return sorted(path.parent.name for path in root.glob("*/book.toml"))


def check_book(name: str, root: Path = BOOKS_DIR) -> list[BookError]:
    """Return every mistake in the book `name`, empty when it is right."""
    try:
        book = load_book(name, root)
    except BookError as error:
        return [error]
    folder = root / name
    numbered = list(numbered_rows(folder, book.schema))
    return [
        *_schema_mistakes(numbered, book.schema),
        *_repeated_keys(numbered, book.header.key),
        *_dates_reversed(numbered),
        *_broken_references(numbered, book.schema, root),
    ]


def _schema_mistakes(
    numbered: list[tuple[str, dict[str, Any]]], schema: Mapping[str, Any]
) -> Iterator[BookError]:
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for where, row in numbered:
        for error in validator.iter_errors(row):
            column = ".".join(str(part) for part in error.absolute_path) or "-"
            yield BookError("book.row_wrong", where=where, column=column, detail=error.message)


def _repeated_keys(
    numbered: list[tuple[str, dict[str, Any]]], key: tuple[str, ...]
) -> Iterator[BookError]:
    first: dict[tuple[Any, ...], str] = {}
    for where, row in numbered:
        value = tuple(row.get(column) for column in key)
        if value in first:
            shown = ", ".join(str(part) for part in value)
            yield BookError("book.key_repeated", where=where, seen=shown, first=first[value])
        first.setdefault(value, where)


def _dates_reversed(numbered: list[tuple[str, dict[str, Any]]]) -> Iterator[BookError]:
    for where, row in numbered:
        start, end = row.get("valid_from"), row.get("valid_to")
        if start and end and end < start:
            yield BookError("book.dates_reversed", where=where, start=start, end=end)


def _broken_references(
    numbered: list[tuple[str, dict[str, Any]]], schema: Mapping[str, Any], root: Path
) -> Iterator[BookError]:
    for column, target in schema.get("x-references", {}).items():
        targets = [target] if isinstance(target, str) else target
        known = {key for name in targets for key in load_book(name, root).by_key()}
        for where, row in numbered:
            value = row.get(column, [])
            for item in value if isinstance(value, list) else [value]:
                if item not in known:
                    yield BookError(
                        "book.reference_unknown",
                        where=where,
                        column=column,
                        seen=item,
                        book=", ".join(targets),
                    )
