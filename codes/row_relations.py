"""What must hold between the rows of a book, and between books: keys, dates, references."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codes.book import BOOKS_DIR, Book, BookError, load_book
from codes.row_check import row_mistakes

Numbered = list[tuple[str, dict[str, Any]]]


def first_mistake(numbered: Numbered, book: Book, root: Path) -> BookError | None:
    """Return what is wrong first: a row against its schema, then between rows and books."""
    for where, row in numbered:
        for column, detail in row_mistakes(row, book.schema):
            return BookError("book.row_wrong", where=where, column=column, detail=detail)
    return next(row_relations(numbered, book, root), None)


def row_relations(numbered: Numbered, book: Book, root: Path = BOOKS_DIR) -> Iterator[BookError]:
    """Yield every mistake between the rows of a book, and between them and other books."""
    yield from _repeated_keys(numbered, book.header.key)
    yield from _dates_reversed(numbered)
    yield from _broken_references(numbered, book, root)


def _repeated_keys(numbered: Numbered, key: tuple[str, ...]) -> Iterator[BookError]:
    first: dict[tuple[Any, ...], str] = {}
    for where, row in numbered:
        value = tuple(row.get(column) for column in key)
        if value in first:
            shown = ", ".join(str(part) for part in value)
            yield BookError("book.key_repeated", where=where, seen=shown, first=first[value])
        first.setdefault(value, where)


def _dates_reversed(numbered: Numbered) -> Iterator[BookError]:
    for where, row in numbered:
        start, end = row.get("valid_from"), row.get("valid_to")
        if start and end and end < start:
            yield BookError("book.dates_reversed", where=where, start=start, end=end)


def _broken_references(numbered: Numbered, book: Book, root: Path) -> Iterator[BookError]:
    for column, target in book.schema.get("x-references", {}).items():
        targets = [target] if isinstance(target, str) else target
        pointed = [book if name == book.header.name else _loaded(name, root) for name in targets]
        known = {key for one in pointed for key in one.by_key()}
        for where, row in numbered:
            value = row.get(column, [])
            for item in value if isinstance(value, list) else [value]:
                if item not in known:
                    about = {"where": where, "column": column, "seen": item}
                    yield BookError("book.reference_unknown", **about, book=", ".join(targets))


def _loaded(name: str, root: Path) -> Book:
    """The loader keeps what it read by its arguments: no book of ours is to be read twice."""
    return load_book(name) if root == BOOKS_DIR else load_book(name, root)
