"""The rows of a large file, some thousands at a time, read as those of a small one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from codes.errors import DataError
from codes.upload_limits import limit
from registry.bulk.canonical import CanonicalFile, Cells, NotReadableError
from registry.bulk.choice import is_long_workbook
from registry.bulk.opening import Opened, refusal, rewrite, said_of
from registry.bulk.plain_readings import plainly
from registry.bulk.report import CountedRows
from registry.bulk.sheets.opening import open_file
from registry.uploads.assess import about_file
from registry.uploads.columns import SheetColumns, map_columns
from registry.uploads.findings import Finding, found
from registry.uploads.judged import Judged
from registry.uploads.normalising.plain_row import PlainReader
from registry.uploads.normalising.sheet import RowReader
from registry.uploads.reading.headers import HeaderNames, header_names
from registry.uploads.reading.kinds import file_kind
from registry.uploads.reading.tabulate import tabulate
from registry.uploads.settings import UploadSettings
from registry.uploads.sheet_type import settings_of
from registry.uploads.source import NO_ROWS, SourceFile, SourceRow, column_letter, is_blank

Line = tuple[int, int, Cells]
"""Number in the sender's file, cells there were, cells."""


class Lines(NamedTuple):
    """Lines that are judged together: the place of the first of them, and all as they stand.

    `sure` has 1 for each with which nothing is wrong, else 0.
    """

    first: int
    text: bytes
    sure: bytes


def is_streamed(path: Path) -> bool:
    """Say whether a file is a text or a workbook too large to be held in memory as rows."""
    try:
        if path.stat().st_size < limit("stream_bytes"):
            return False
        return file_kind(path) is None or is_long_workbook(path)
    except (OSError, ValueError):
        return False


@dataclass
class LargeRows:
    """A table of a large file, and what is found about the whole of it while its rows pass.

    A text is one table, and so is each sheet of a workbook that holds data. `sure` tells with which
    lines nothing is wrong (`registry.uploads.sure_lines`); empty while that is not known.
    """

    opened: Opened
    file: CanonicalFile
    settings: UploadSettings
    names: HeaderNames
    columns: SheetColumns
    about_header: list[Finding]
    about_lines: list[Finding] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    shifted: bool = False
    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    sure: bytes = b""

    def parts(self) -> Iterator[Lines]:
        """Yield the lines, as many at a time as are judged together."""
        most = limit("stream_rows")
        for first, text in self.file.parts(most):
            yield Lines(first, text, self.sure[first : first + most])

    def batch(self, part: Lines) -> list[Judged]:
        """Return the rows of some lines, normalised and not judged yet; note what is no row."""
        lines = self.file.parsed(part.first, part.text)
        sure = part.sure or bytes(len(lines))
        rows = self._rows(lines, sure)
        self.rows += len(rows)
        if self.columns.ignored:
            self._count_filled(lines[at][2] for at in rows)
        reader = RowReader(self.columns, self.settings.given, plainly)
        quick = PlainReader(self.columns, self.settings.given)
        judged = []
        for at, cells in rows.items():
            number, held, whole = lines[at]
            row = quick.read(number, whole) if sure[at] else None
            read = row or reader.read(SourceRow(number, tuple(cells)))
            judged.append(Judged(read, self.columns, findings=[*read.findings], sure=bool(row)))
            if held != self.file.columns:
                self.shifted = True
                headers, delimiter = self.opened.sheet.headed, self.opened.delimiter
                judged[-1].report_width(held, headers, delimiter)
        return judged

    def _rows(self, lines: Sequence[Line], sure: bytes) -> dict[int, Cells]:
        """Return the cells of the lines that are rows, by their places; note the others.

        A line that is sure is one, unless all its cells may be words of headers; those at the
        beginning may be part of the header.
        """
        first = limit("header_search_rows")
        all_of_them = bool(self.settings.given or self.settings.mapped)
        asked = [at for at in range(len(lines)) if all_of_them or at < first or not sure[at]]
        headers, name = self.opened.sheet.headers, self.opened.sheet.name
        sheet = tabulate("", [headers, *(lines[at][2] for at in asked)], self.names)
        if sheet is None or sheet.header_row != 1:
            raise DataError("bulk.header_absent", path=self.opened.path.name)
        place = dict(enumerate(asked, start=2))
        numbers = {at: lines[line][0] for at, line in place.items()}
        self.about_lines += _no_rows("header_row_repeated", name, sheet.repeated, numbers)
        self.about_lines += _no_rows("example_row_skipped", name, sheet.examples, numbers)
        self.about_lines += [
            found(rule, name, numbers[at], value=said) for rule, at, said in sheet.no_rows
        ]
        rows: dict[int, Cells] = {place[row.number]: row.cells for row in sheet.rows}
        if len(asked) == len(lines):
            return rows
        passed = set(asked)
        rows |= {at: lines[at][2] for at in range(len(lines)) if at not in passed}
        return dict(sorted(rows.items()))

    def _count_filled(self, rows: Iterable[Cells]) -> None:
        """Count the cells that hold anything in the columns that are not read."""
        at = {column_letter(index): index for index in range(len(self.opened.sheet.headers))}
        ignored = [(letter, at[letter]) for letter, _, _ in self.columns.ignored]
        for cells in rows:
            for letter, index in ignored:
                self.filled[letter] += not is_blank(cells[index])

    def source(self) -> SourceFile:
        """Return the facts of the file with this table; its rows are counted, not kept."""
        opened, sheet = self.opened, self.opened.sheet
        beyond = ("",) * (self.file.widest - len(sheet.headers))
        counted: tuple[object, ...] = CountedRows(self.rows)  # type: ignore[assignment]
        whole = replace(sheet, headers=(*sheet.headers, *beyond), rows=counted)  # type: ignore[arg-type]
        return opened.source(self.file.sha256, whole)

    def about(self) -> list[Finding]:
        """Return what is found about the header and about lines that are no rows."""
        sheet = self.opened.sheet
        heads = [
            replace(one, params={**one.params, "cells": self.filled[one.column or ""]})
            if one.rule == "header_unknown"
            else one
            for one in self.about_header
        ]
        blank = [
            found("header_blank", sheet.name, sheet.header_row, place=(letter, header),
                  value=header, cells=self.filled[letter])
            for letter, header, reason in self.columns.ignored
            if reason == "no_header" and self.filled[letter] and not self.shifted
        ]  # fmt: skip
        return [*sorted(self.about_lines, key=lambda one: NO_ROWS.index(one.rule)), *heads, *blank]


def open_rows(path: Path, settings: UploadSettings, folder: Path) -> tuple[LargeRows, ...]:
    """Open a large file; `folder` takes the canonical forms of its tables.

    Raises what reading a small file raises, and UsageError for a `--map` header that is nowhere.
    """
    names = header_names(settings.mapped)
    tables = open_file(path, settings, names, folder)
    return tuple(_rows(opened, settings, names, folder) for opened in tables)


def source_of(tables: Sequence[LargeRows]) -> SourceFile:
    """Return the facts of a file of these tables; its rows are counted, not kept."""
    sheets = tuple(sheet for one in tables for sheet in one.source().sheets)
    return replace(tables[0].source(), sheets=sheets)


def _rows(opened: Opened, settings: UploadSettings, names: HeaderNames, folder: Path) -> LargeRows:
    path = opened.path
    try:
        file = rewrite(opened, folder)
    except NotReadableError as error:
        raise refusal(path, settings, said_of(error, path)) from error
    except UnicodeDecodeError as error:
        ours = DataError("bulk.encoding_damaged", path=path.name)
        raise refusal(path, settings, ours) from error
    columns, about = map_columns(opened.sheet, names)
    own, typed = settings_of(opened.sheet, columns, settings)
    whole = about_file(opened.source("", opened.sheet), opened.sheet)
    return LargeRows(opened, file, own, names, columns, [*whole, *about, *typed])


def _no_rows(
    rule: str, sheet: str, found_at: Iterable[int], numbers: dict[int, int]
) -> list[Finding]:
    return [found(rule, sheet, numbers[at]) for at in found_at]
