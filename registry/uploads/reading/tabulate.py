"""Turn the records of one sheet into a header and rows that keep their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from codes.errors import DataError
from codes.messages import text
from codes.upload_limits import limit
from registry.uploads.reading.headers import (
    HeaderNames,
    header_in,
    is_example,
    is_footer_row,
    is_repeated_header,
    is_section_row,
)
from registry.uploads.source import SourceRow, SourceSheet, column_letter, is_blank

Record = Sequence[object]

REMEMBERED: Final = 2_000
"""Different cells of which it is remembered whether they are headers."""


def tabulate(name: str, records: Sequence[Record], names: HeaderNames) -> SourceSheet | None:
    """Return the sheet, or None when none of its first rows is a header.

    Raises DataError for a cell, a row count or a column count over the limit.
    """
    found = header_in(records, names)
    if found is None:
        return None
    header_at, header = found
    width = max(filled_width(header), _width(name, records[header_at:], header_at))
    headers = tuple(header_text(cell) for cell in _padded(header, width))
    keys = [names.key(header) for header in headers]
    key_of = lru_cache(maxsize=REMEMBERED, typed=True)(names.key)
    rows, repeated, examples, footers, sections = [], [], [], [], []
    for number, record in enumerate(records[header_at + 1 :], start=header_at + 2):
        pairs = zip(keys, record, strict=False)
        filled = [(key, cell) for key, cell in pairs if cell != "" and not is_blank(cell)]
        if not filled:
            continue
        if is_repeated_header(filled, key_of):
            repeated.append(number)
            continue
        if is_example(filled):
            examples.append(number)
            continue
        if is_footer_row(filled):
            footers.append((number, str(filled[0][1])))
            continue
        if is_section_row(filled):
            sections.append((number, str(filled[0][1])))
            continue
        rows.append(SourceRow(number, _padded(record, width)))
    if len(rows) > limit("rows"):
        raise DataError(
            "read.rows_too_many", sheet=sheet_shown(name), seen=len(rows), limit=limit("rows")
        )
    titles = tuple(tuple(record) for record in records[:header_at])
    return SourceSheet(
        name,
        titles,
        header_at + 1,
        headers,
        tuple(rows),
        repeated=tuple(repeated),
        examples=tuple(examples),
        footers=tuple(footers),
        sections=tuple(sections),
    )


def check_cells(name: str, records: Sequence[Record]) -> None:
    """Raise DataError, with row and column, for a cell that holds what a cell may not."""
    longest = limit("cell_characters")
    for number, record in enumerate(records, start=1):
        texts = [cell for cell in record if isinstance(cell, str)]
        if max(map(len, texts), default=0) <= longest and "\0" not in "".join(texts):
            continue
        for index, cell in enumerate(record):
            if isinstance(cell, str) and len(cell) > longest:
                raise long_cell(name, number, index, len(cell))
            if isinstance(cell, str) and "\0" in cell:
                raise nul_cell(name, number, index)


def long_cell(sheet: str, row: int, column: int, seen: int) -> DataError:
    """Return the error of a cell of `seen` characters; `column` counts from 0."""
    return DataError(
        "read.cell_too_long",
        sheet=sheet_shown(sheet),
        row=row,
        column=column_letter(column),
        seen=seen,
        limit=limit("cell_characters"),
    )


def nul_cell(sheet: str, row: int, column: int) -> DataError:
    """Return the error of a cell with the character NUL, which no database takes."""
    return DataError(
        "read.cell_nul", sheet=sheet_shown(sheet), row=row, column=column_letter(column)
    )


def sheet_shown(name: str) -> str:
    """Return how a message begins that names the sheet; a text file has none."""
    return text("read.sheet_named", sheet=name) if name else ""


def _width(name: str, records: Sequence[Record], header_at: int) -> int:
    """Columns up to the last one that holds anything, in the header or below."""
    width = 0
    for number, record in enumerate(records, start=header_at + 1):
        if len(record) > width:
            width = max(width, checked_width(name, record, number))
    return width


def checked_width(name: str, record: Record, number: int) -> int:
    """Return what `filled_width` does. Raises DataError when there are too many."""
    width = filled_width(record)
    if width > limit("columns"):
        raise DataError(
            "read.columns_too_many",
            sheet=sheet_shown(name),
            row=number,
            seen=width,
            limit=limit("columns"),
        )
    return width


def filled_width(record: Record) -> int:
    """Return the columns up to the last filled one."""
    for index in range(len(record), 0, -1):
        if not is_blank(record[index - 1]):
            return index
    return 0


def _padded(record: Record, width: int) -> tuple[object, ...]:
    cells = tuple(record[:width])
    return cells + ("",) * (width - len(cells))


def header_text(cell: object) -> str:
    """Return a header cell as text; the number of a year without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
