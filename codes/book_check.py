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
from codes.row_relations import row_relations


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
        *row_relations(numbered, book, root),
    ]


def _schema_mistakes(
    numbered: list[tuple[str, dict[str, Any]]], schema: Mapping[str, Any]
) -> Iterator[BookError]:
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for where, row in numbered:
        for error in validator.iter_errors(row):
            column = ".".join(str(part) for part in error.absolute_path) or "-"
            yield BookError("book.row_wrong", where=where, column=column, detail=error.message)
