"""Write the rows of a sheet as a canonical file, and keep what is said of the sheet as a whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, islice
from pathlib import Path
from typing import Final

from codes.upload_limits import limit
from registry.bulk.canonical import TYPED, CanonicalFile
from registry.bulk.in_form import FROM_PRIVATE
from registry.bulk.sheets.cells import MARK_BYTES, NulError, restored
from registry.bulk.sheets.rows import CellRefusedError, Row
from registry.uploads.reading.headers import HeaderNames, header_in
from registry.uploads.reading.tabulate import (
    checked_width,
    header_text,
    long_cell,
    nul_cell,
    tabulate,
)
from registry.uploads.source import SourceSheet, is_blank

FIRST_SEEN, LAST_SEEN = 0x21, 0x7E
"""An ASCII character from here to there is no space."""

ASKED_AT_ONCE: Final = 2_000
"""Lines of which it is found out together whether they hold data."""


class SheetSpool:
    """A sheet on its way into a file: the rows below its header, all as wide as the widest."""

    def __init__(self, name: str, rows: Iterator[Row], names: HeaderNames) -> None:
        """Read as far as a header may stand; `header_at` is None when none does."""
        self.name, self._names = name, names
        self._rows = _checked(rows, name)
        self._head = _first_rows(self._rows)
        count = min(self._head[-1].number if self._head else 0, limit("header_search_rows"))
        self._records: list[list[object]] = [[] for _ in range(count)]
        for row in self._head:
            if row.number <= count:
                self._records[row.number - 1] = decoded(row.cells)
        found = header_in(self._records, names)
        self.header_at = found[0] if found else None
        self._headers: list[object] = list(found[1]) if found else []
        checked_width(name, self._headers, (self.header_at or 0) + 1)
        self._width, self._has_grown = len(_trimmed(self._headers)), False
        self._hidden: list[int] = []
        self._unsure: list[tuple[int, list[object]]] = []

    def is_empty(self) -> bool:
        """Say whether no cell of the sheet holds anything; then it has no header either."""
        return not any(any(row.cells) for row in chain(self._head, self._rows))

    def first_cells(self) -> list[str]:
        """Return the filled cells of the first row that has any, for a message."""
        filled = ([str(cell) for cell in one if cell != ""] for one in self._records)
        return next((cells for cells in filled if cells), [])

    def write(self, path: Path, sha256: str) -> CanonicalFile:
        """Write the rows. Raises DataError for one that is too wide, or a cell that is refused."""
        lines = 0
        first = (self.header_at or 0) + 2
        with path.open("wb") as file:
            for row in chain(self._head, self._rows):
                if row.number >= first and (cells := self._fitted(row)):
                    file.write(_line(row.number, cells))
                    lines += 1
                    self._note_hidden(row)
        self._settle_hidden()
        if self._has_grown:
            path = _widened(path, path.with_stem(f"{path.stem}_wide"), self._width)
        return CanonicalFile(path, ",", 0, self._width, lines, True, self._width, sha256)

    def sheet(self, merged: tuple[str, ...]) -> SourceSheet:
        """Return the sheet without its rows, once they are written."""
        at = self.header_at or 0
        headers = tuple(header_text(cell) for cell in self._padded(self._headers))
        titles = tuple(self._padded(record) for record in self._records[:at])
        hidden = tuple(self._hidden)
        return SourceSheet(self.name, titles, at + 1, headers, (), merged=merged, hidden=hidden)

    def words(self, file: CanonicalFile, numbers: AbstractSet[int]) -> set[int]:
        """Return which of these lines of the file written hold words and no data."""
        found: set[int] = set()
        lines = file.records_of(numbers)
        while asked := list(islice(lines, ASKED_AT_ONCE)):
            table = self._tabulated([cells for _, _, cells in asked])
            found |= {asked[at - 2][0] for _, at, _ in table.no_rows} if table else set()
        return found

    def _padded(self, record: list[object]) -> tuple[object, ...]:
        return (*record[: self._width], *[""] * (self._width - len(record)))

    def _fitted(self, row: Row) -> list[bytes]:
        """Return the cells of a row as many as are written, none of a blank row."""
        cells = row.cells
        last = len(cells)
        while last and not _is_seen(cells[last - 1]):
            last -= 1
        if last > self._width:
            checked_width(self.name, decoded(cells), row.number)
            self._width, self._has_grown = last, True
        if not last:
            return []
        return cells[: self._width] + [b""] * (self._width - len(cells))

    def _note_hidden(self, row: Row) -> None:
        if row.hidden:
            self._unsure.append((row.number, decoded(row.cells)))
            if len(self._unsure) >= ASKED_AT_ONCE:
                self._settle_hidden()

    def _settle_hidden(self) -> None:
        """Keep those that are rows of the table: no total, no example, no header once more."""
        table = self._tabulated([cells for _, cells in self._unsure])
        self._hidden += [self._unsure[one.number - 2][0] for one in table.rows] if table else []
        self._unsure.clear()

    def _tabulated(self, lines: Sequence[Sequence[object]]) -> SourceSheet | None:
        """Find out what some lines are, the first of which counts as the second of a sheet."""
        return tabulate("", [self._headers, *lines], self._names)


def decoded(cells: list[bytes]) -> list[object]:
    """Return cells as the reader of small workbooks gives them, texts and figures as shown."""
    line = b",".join(cells).decode()
    record = next(csv.reader([line]), [])
    return [_told(cell) for cell in record]


def _told(cell: str) -> object:
    return restored(cell.translate(FROM_PRIVATE))


def _line(number: int, cells: list[bytes]) -> bytes:
    said = b",".join(cells)
    held = TYPED if MARK_BYTES in said else len(cells)
    return b"%d,%d,%b\n" % (number, held, said)


def _is_seen(cell: bytes) -> bool:
    """Say whether a cell holds more than what looks empty; one in quotation marks does."""
    if not cell:
        return False
    if FIRST_SEEN <= cell[-1] <= LAST_SEEN:
        return True
    return not is_blank(cell.decode().translate(FROM_PRIVATE))


def _trimmed(record: list[object]) -> list[object]:
    last = len(record)
    while last and is_blank(record[last - 1]):
        last -= 1
    return record[:last]


def _first_rows(rows: Iterator[Row]) -> list[Row]:
    """Take the rows in which the header is looked for, and the one after them."""
    head: list[Row] = []
    for row in rows:
        head.append(row)
        if row.number >= limit("header_search_rows"):
            break
    return head


def _widened(path: Path, target: Path, width: int) -> Path:
    """Bring the rows that were written before a wider one was met to its width."""
    csv.field_size_limit(max(csv.field_size_limit(), 4 * limit("cell_characters")))
    with (
        path.open(encoding="utf-8", newline="") as file,
        target.open("w", encoding="utf-8", newline="") as wide,
    ):
        writer = csv.writer(wide, lineterminator="\n")
        for number, held, *cells in csv.reader(file):
            kept = held if held == str(TYPED) else width
            writer.writerow([number, kept, *cells, *[""] * (width - len(cells))])
    return target


def _checked(rows: Iterator[Row], sheet: str) -> Iterator[Row]:
    try:
        yield from rows
    except CellRefusedError as error:
        if isinstance(error.reason, NulError):
            raise nul_cell(sheet, error.row, error.column) from error
        raise long_cell(sheet, error.row, error.column, int(str(error.reason))) from error
