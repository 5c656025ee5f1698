"""Bring a delimited text into a form that DuckDB and Python read alike, or prove that it is in it.

The form: UTF-8, one line a record, every record as wide as the header, quotation marks only around
whole cells. Blank lines and cells over several lines are mended in a copy; a file that is not in
the form otherwise is rewritten, row by row and in bounded memory, by the same `csv` module that
reads small files. Line breaks inside cells become private characters.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from codes.upload_limits import limit
from registry.bulk.file_windows import Copy, Digest, Window
from registry.bulk.in_form import FROM_PRIVATE, PRIVATE, TO_PRIVATE, Form, NotMendableError
from registry.bulk.long_lines import LineTooLongError
from registry.bulk.sheets.cells import restored
from registry.uploads.reading.quotes import swallowed_rows
from registry.uploads.source import column_letter, is_blank

CHUNK: Final = 1 << 20
"""Bytes looked at at once: few enough to be in the processor's memory for all looks."""

LINE_TOO_LONG: Final = "bulk.line_too_long"

TYPED: Final = 0
"""In the place of how many cells a row had: some of its cells are more than text."""

BEYOND: Final = " "
"""Between how many cells a row had and the first filled one beyond the header."""


PRIVATE_BYTES: Final = tuple(one.encode() for one in PRIVATE.values())

Cells = Sequence[object]
"""The cells of a row as they were sent."""


class NotReadableError(Exception):
    """The text is not what it should be. `row` and `column` say where, as the sender counts."""

    def __init__(self, message_id: str, row: int, column: int = 0, lines: int = 0) -> None:
        self.message_id, self.row = message_id, row
        self.column, self.lines = column_letter(column), lines


@dataclass(frozen=True)
class CanonicalFile:
    """A file in the form above. `skip` lines come before the data.

    `numbered` says that each record begins with two cells of ours: the row's number in the sender's
    file and how many cells it had there, or `TYPED`; the first filled one beyond the header follows
    that. `widest` is the filled width of the widest row.
    """

    path: Path
    delimiter: str
    skip: int
    columns: int
    lines: int
    numbered: bool
    widest: int
    sha256: str

    def records(self, places: Iterable[int]) -> Iterator[tuple[int, int, Cells]]:
        """Yield (number, cells there were, cells) of the rows at places (from 0, in order).

        After as many cells as the header has comes the first filled one beyond it, if there is one.
        """
        with self.path.open("rb") as file:
            at = -self.skip
            for place in places:
                line = next(islice(file, place - at, None))
                at = place + 1
                yield self._record(place, line.decode("utf-8"))

    def records_of(self, numbers: AbstractSet[int]) -> Iterator[tuple[int, int, Cells]]:
        """Yield what `records` does, of the rows with these numbers; the file is numbered."""
        with self.path.open("rb") as file:
            for place, line in enumerate(file):
                if int(line.partition(b",")[0]) in numbers:
                    yield self._record(place, line.decode("utf-8"))

    def parts(self, lines: int) -> Iterator[tuple[int, bytes]]:
        """Yield the place of the first of some lines and their text, so many `lines` at a time."""
        with self.path.open("rb") as file:
            for _ in islice(file, self.skip):
                pass
            for first in range(0, self.lines, lines):
                yield first, b"".join(islice(file, min(lines, self.lines - first)))

    def parsed(self, first: int, text: bytes) -> list[tuple[int, int, Cells]]:
        """Return what `records` yields, of lines given as a text, of which one has a place."""
        # not at every line break that a text may hold
        lines = text.decode("utf-8").removesuffix("\n").split("\n")
        read = list(csv.reader(lines, delimiter=self.delimiter))
        if any(one in text for one in PRIVATE_BYTES):
            for at, line in enumerate(lines):
                if any(one in line for one in PRIVATE.values()):
                    read[at] = [cell.translate(FROM_PRIVATE) for cell in read[at]]
        return [self._numbered(place, whole) for place, whole in enumerate(read, first)]

    def numbers(self, places: Sequence[int]) -> list[int]:
        """Return the numbers in the sender's file of the rows at places (from 0, in order)."""
        if self.numbered:
            return [number for number, _, _ in self.records(places)]
        return [place + self.skip + 1 for place in places]

    def _record(self, place: int, line: str) -> tuple[int, int, Cells]:
        whole = next(csv.reader([line], delimiter=self.delimiter))
        if any(one in line for one in PRIVATE.values()):
            whole = [cell.translate(FROM_PRIVATE) for cell in whole]
        return self._numbered(place, whole)

    def _numbered(self, place: int, whole: list[str]) -> tuple[int, int, Cells]:
        if not self.numbered:
            return place + self.skip + 1, *self._within(whole)
        number, (width, _, beyond), whole = int(whole[0]), whole[1].partition(BEYOND), whole[2:]
        held = int(width)
        if held == TYPED:
            return number, self.columns, [restored(cell) for cell in whole]
        return number, held, [*whole, beyond] if beyond else whole

    def _within(self, whole: list[str]) -> tuple[int, Cells]:
        """Return how many cells a row counts as having, and them: blank ones beyond are none."""
        if len(whole) <= self.columns:
            return len(whole), whole
        beyond, kept = _beyond(whole, self.columns), whole[: self.columns]
        return (self.columns, kept) if beyond is None else (len(whole), [*kept, whole[beyond]])


def as_it_stands(
    path: Path, delimiter: str, skip: int, columns: int, target: Path
) -> CanonicalFile | None:
    """Return the file as it stands when its bytes are in the form, else None.

    When only blank lines and cells over several lines are not, a copy with these mended is written
    to `target`. That the bytes are UTF-8 and every record is as wide as the header is for DuckDB
    to find.
    """
    form, lines = Form(delimiter, columns), 0
    try:
        with path.open("rb", buffering=0) as file, Copy(path, target) as copy, Digest(path) as read:
            window = Window(file, CHUNK)
            while window.read_on():
                found = form.whole_records(window.data, window.held)
                copy.add(window.data, found)
                lines += found.lines
                window.pass_over(found.size)
            digest = read.result()
    except NotMendableError:
        return None
    path = target if copy.begun else path
    return CanonicalFile(path, delimiter, skip, columns, lines - skip, False, columns, digest)


def rewritten(
    lines: Iterator[str], target: Path, delimiter: str, skip: int, columns: int, sha256: str
) -> CanonicalFile:
    """Write the records below the header in the form, numbered. Raises NotReadableError."""
    count, widest = 0, columns
    csv.field_size_limit(max(csv.field_size_limit(), 4 * limit("cell_characters")))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=",", lineterminator="\n")
        for number, record in enumerate(_strict(lines, delimiter), start=1):
            if number <= skip or all(map(is_blank, record)):
                continue
            cells, width = _fitted(record, number, delimiter, columns)
            if BEYOND in width:
                widest = max(widest, _filled(record))
            writer.writerow([number, width, *cells])
            count += 1
    return CanonicalFile(target, ",", 0, columns, count, True, widest, sha256)


def _strict(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NotReadableError("bulk.quote_wrong", number) from error
        except LineTooLongError as error:
            raise NotReadableError(LINE_TOO_LONG, number, error.column) from error


def _fitted(record: list[str], number: int, delimiter: str, columns: int) -> tuple[list[str], str]:
    """Return as many cells as the header has, and how many there were when that matters.

    The first filled one beyond the header stands beside that: with it the row may be no footer.
    """
    whole, cells = "".join(record), record
    broken = "\n" in whole or "\r" in whole or "\0" in whole
    if broken or len(whole) > limit("cell_characters"):
        check_cells(record, number, delimiter, columns)
        cells = [cell.translate(TO_PRIVATE) for cell in record]
    if len(record) == columns:
        return cells, str(columns)
    beyond = _beyond(record, columns)
    fitted = [*cells[:columns], *[""] * (columns - len(cells))]
    if beyond is not None:
        return fitted, f"{len(record)}{BEYOND}{cells[beyond]}"
    return fitted, str(min(len(record), columns))


def _beyond(record: list[str], columns: int) -> int | None:
    """Where the first filled cell beyond the header is, None when there is none."""
    return next((at for at in range(columns, len(record)) if not is_blank(record[at])), None)


def check_cells(record: list[str], number: int, delimiter: str, columns: int) -> None:
    """Raise NotReadableError for a cell that is too long, holds NUL, or has swallowed rows."""
    for index, cell in enumerate(record):
        if len(cell) > limit("cell_characters"):
            raise NotReadableError("bulk.cell_too_long", number, index)
        if "\0" in cell:
            raise NotReadableError("bulk.nul_character", number, index)
        if swallowed := swallowed_rows(cell, delimiter, columns):
            raise NotReadableError("read.quote_swallowed", number, index, swallowed)


def _filled(record: list[str]) -> int:
    return next((at for at in range(len(record), 0, -1) if not is_blank(record[at - 1])), 0)
