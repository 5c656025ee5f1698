"""Read a delimited text file: find its delimiter, parse strictly, name what is wrong and where."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Final

from codes.errors import DataError
from codes.upload_limits import limit
from registry.uploads.reading.headers import HeaderNames, find_header
from registry.uploads.reading.quotes import find_fault, swallowed_rows
from registry.uploads.reading.tabulate import check_cells, checked_width, tabulate
from registry.uploads.reading.text import DELIMITERS
from registry.uploads.source import SourceSheet, column_letter, is_blank

SAMPLE: Final = 65_536
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_delimited(text: str, names: HeaderNames) -> tuple[SourceSheet | None, str]:
    """Return (sheet or None without a header, delimiter) of a text.

    Raises DataError with row and column for wrong quotation marks, rows swallowed by a quote, and
    cells or counts over the limits.
    """
    hint = _EXCEL_HINT.match(text)
    body = text[hint.end() :] if hint else text
    delimiter = hint.group(1) if hint else guess_delimiter(body, names)
    records = list(_records(body, delimiter))
    check_cells("", records)
    sheet = tabulate("", records, names)
    if sheet is None:
        return None, delimiter
    _check_swallowed(records, sheet, delimiter)
    return replace(sheet, widths=_odd_widths(records, sheet)), delimiter


def guess_delimiter(text: str, names: HeaderNames) -> str:
    """Return the delimiter under which most headers are recognised; a comma when none is."""
    sample = text[:SAMPLE]
    return max(DELIMITERS, key=lambda mark: _known_headers(sample, mark, names))


def first_record(text: str, names: HeaderNames) -> list[str]:
    """Return the first record that holds something, for a message about a missing header."""
    reader = csv.reader(
        io.StringIO(text[:SAMPLE], newline=""), delimiter=guess_delimiter(text, names)
    )
    try:
        return next((record for record in reader if any(record)), [])
    except csv.Error:
        return [text[:80]]


def _known_headers(sample: str, delimiter: str, names: HeaderNames) -> int:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    with suppress(csv.Error):  # the sample may end inside a quoted cell: what was read will do
        records.extend(islice(reader, limit("header_search_rows")))
    found = find_header(records, names)
    return found[1] if found else 0


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(max(len(text), csv.field_size_limit()))  # one limit for the whole process
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        start = lines.consumed
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _quote_error(text, start, delimiter, number) from None
        if number > limit("rows") + limit("header_search_rows") and any(record):
            raise DataError("read.rows_too_many", sheet="", seen=number, limit=limit("rows"))
        if len(record) > limit("columns"):
            checked_width("", record, number)  # before each of its cells is looked at
        yield record


class _Lines:
    """The lines of a text, and how many characters have been handed out."""

    def __init__(self, text: str) -> None:
        self.consumed = 0
        self._lines = io.StringIO(text, newline="")

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.consumed += len(line)
        return line


def _quote_error(text: str, start: int, delimiter: str, number: int) -> DataError:
    fault = find_fault(text, start, delimiter)
    message = "read.quote_stray" if fault.closed else "read.quote_unclosed"
    left = max(text.count("\n", start), text.count("\r", start))
    return DataError(message, row=number, column=column_letter(fault.column), lines=left)


def _check_swallowed(records: list[list[str]], sheet: SourceSheet, delimiter: str) -> None:
    for number, record in enumerate(records, start=1):
        if not any("\n" in cell or "\r" in cell for cell in record):
            continue
        for index, cell in enumerate(record):
            if lines := swallowed_rows(cell, delimiter, len(sheet.headers)):
                raise DataError(
                    "read.quote_swallowed", row=number, column=column_letter(index), lines=lines
                )


def _odd_widths(records: list[list[str]], sheet: SourceSheet) -> tuple[tuple[int, int], ...]:
    """(row, filled width) of the rows that are not as wide as the header."""
    headed = max(at for at, header in enumerate(sheet.headers, start=1) if header)
    expected = max(headed, len(records[sheet.header_row - 1]))
    odd = []
    for row in sheet.rows:
        record = records[row.number - 1]
        extra = record[expected:]
        if len(record) < expected or any(not is_blank(cell) for cell in extra):
            odd.append((row.number, len(record)))
    return tuple(odd)
