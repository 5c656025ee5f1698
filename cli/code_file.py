"""Read the codes of a file: a column of a spreadsheet or CSV file, or one code a line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from codes.errors import DataError, StoreError
from codes.system_errors import reason_of

if TYPE_CHECKING:
    from registry.uploads.reading.headers import HeaderNames
    from registry.uploads.source import SourceSheet

STANDARD_INPUT: Final = "-"
CODE_KEY: Final = "code"
SHOWN_HEADERS: Final = 8


class Entry(NamedTuple):
    """What stands in one place of a file; `sheet` is empty for text, `row` counts from 1."""

    sheet: str
    row: int
    seen: str


def read_entries(path: str) -> list[Entry]:
    """Return every filled code cell of the file (- is standard input), in order.

    Raises StoreError when the file cannot be read as a spreadsheet or text, DataError when it holds
    no code, or several columns of which none is called code.
    """
    try:
        entries = list(_entries(path))
    except FileNotFoundError:
        raise StoreError("read.file_missing", path=path) from None
    except OSError as error:
        raise StoreError("read.file_unreadable", path=path, detail=reason_of(error)) from error
    if not entries:
        raise DataError("code.file_empty", path=path)
    return entries


def _entries(path: str) -> Iterator[Entry]:
    from registry.uploads.read import read_file
    from registry.uploads.reading.headers import header_names
    from registry.uploads.reading.kinds import file_kind

    names = header_names()
    if path == STANDARD_INPUT:
        return _text_entries(sys.stdin.buffer.read(), path, names)
    if not Path(path).is_file():
        read_file(path)  # says what it is
    if not Path(path).stat().st_size:  # nothing, or a file of the system that may never end
        return iter(())
    if file_kind(Path(path)) is None:
        return _text_entries(Path(path).read_bytes(), path, names)
    with _usable():
        sheets = read_file(path).sheets
    return (entry for sheet in sheets for entry in _column(sheet, path, names))


def _text_entries(data: bytes, path: str, names: HeaderNames) -> Iterator[Entry]:
    from registry.uploads.reading.delimited import read_delimited
    from registry.uploads.reading.text import DELIMITERS, decode

    with _usable():
        content = decode(data, path).text
    lines = content.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if names.key(first) is None and not any(mark in first for mark in DELIMITERS):
        return _filled("", enumerate(lines, start=1))
    with _usable():
        sheet, delimiter = read_delimited(content, names)
    if sheet is None:
        raise _column_missing(path, first.split(delimiter))
    return _column(sheet, path, names)


def _column(sheet: SourceSheet, path: str, names: HeaderNames) -> Iterator[Entry]:
    keys = [names.key(header) for header in sheet.headers]
    if CODE_KEY not in keys:
        raise _column_missing(path, sheet.headers)
    at = keys.index(CODE_KEY)
    return _filled(sheet.name, ((row.number, row.cells[at]) for row in sheet.rows))


def _filled(sheet: str, cells: Iterable[tuple[int, object]]) -> Iterator[Entry]:
    from registry.uploads.source import is_blank

    return (Entry(sheet, row, str(cell).strip()) for row, cell in cells if not is_blank(cell))


def _column_missing(path: str, headers: Sequence[str]) -> DataError:
    from codes.elements import all_fields

    field = all_fields()[CODE_KEY]
    shown = [*headers[:SHOWN_HEADERS], *("…" for _ in headers[SHOWN_HEADERS:][:1])]
    return DataError(
        "code.column_missing",
        path=path,
        seen=" | ".join(shown),
        expected=f"{field.header_zh} / {field.key}",
    )


@contextmanager
def _usable() -> Iterator[None]:
    """Turn what is wrong with the text itself into StoreError: the file cannot be used."""
    try:
        yield
    except DataError as error:
        raise StoreError(error.message_id, **error.params) from error
