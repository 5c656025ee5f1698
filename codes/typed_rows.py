"""Turn the rows of a book into frozen dataclasses: the one step between data and typed views."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from codes.book import BOOKS_DIR, BookHeader, load_book

Row = TypeVar("Row")

INHERITED = ("source", "valid_from", "valid_to", "verified_on")
"""Facts a row takes from its book's header when it has none of its own."""


def typed_rows(book: str, row_type: type[Row], root: Path = BOOKS_DIR) -> tuple[Row, ...]:
    """Return the rows of `book` as `row_type`, in file order; lists become tuples.

    A field the row lacks takes the header's fact (`INHERITED`), else the dataclass's default.
    Raises BookError when the book cannot be read.
    """
    loaded = load_book(book) if root == BOOKS_DIR else load_book(book, root)
    names = {field.name for field in fields(row_type)}  # type: ignore[arg-type]
    inherited = {name: value for name, value in _facts(loaded.header).items() if name in names}
    return tuple(
        row_type(**inherited | {key: _frozen(value) for key, value in row.items() if key in names})
        for row in loaded.rows
    )


def _facts(header: BookHeader) -> dict[str, Any]:
    return {name: getattr(header, name) for name in INHERITED if hasattr(header, name)}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
