"""Whether bytes are in the canonical form, and the mending of the few records that are not.

Mended are blank lines and quoted cells over several lines; whatever else is wrong is left to the
rewriting of the whole file, which says what it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from codes.upload_limits import limit
from registry.uploads.reading.quotes import swallowed_rows

PRIVATE: Final = {"\n": "\ue00a", "\r": "\ue00d"}
"""What stands for a line break inside a cell of a file that is mended or rewritten."""

TO_PRIVATE: Final = str.maketrans(PRIVATE)
FROM_PRIVATE: Final = str.maketrans({private: mark for mark, private in PRIVATE.items()})

_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'
_PRIVATE_BYTES: Final = tuple(one.encode() for one in PRIVATE.values())
_PRIVATE_START: Final = b"\xee"
"""One byte is looked for at the speed of memory; no other character has it in UTF-8."""

Bytes = NDArray[np.uint8]


class NotMendableError(Exception):
    """The bytes cannot be brought into the form record by record."""


@dataclass(frozen=True)
class Records:
    """The whole records that bytes begin with: how many bytes, how many lines once mended.

    `mended` are they in the form, None where they are in it as they stand.
    """

    size: int
    lines: int
    mended: bytes | None


@dataclass(frozen=True)
class Form:
    """The form of a file with this delimiter and so many columns."""

    delimiter: str
    columns: int

    def whole_records(self, data: bytearray, size: int) -> Records:
        """Return the records that the first `size` bytes begin with. Raises NotMendableError."""
        end = data.rfind(b"\n", 0, size) + 1
        if not end or data.find(b"\0", 0, end) >= 0 or _is_private(data, end):
            raise NotMendableError
        if data.find(b"\r", 0, end) >= 0 and data.count(b"\r", 0, end) != data.count(
            b"\r\n", 0, end
        ):
            raise NotMendableError
        cells = np.frombuffer(data, dtype=np.uint8, count=end)
        ends = np.flatnonzero(cells == _LINE_FEED)
        lengths = np.diff(ends, prepend=-1) - 1
        if lengths.max() > limit("cell_characters"):
            raise NotMendableError
        if lengths.min() >= 2 and self._quotes_are_plain(cells, ends):
            return Records(end, len(ends), None)
        quotes = np.flatnonzero(cells == _QUOTE)
        suspects = np.union1d(np.searchsorted(ends, quotes), np.flatnonzero(lengths < 2))
        mended, used = self._mended(data, ends, suspects.tolist())
        return Records(used, mended.count(b"\n"), mended)

    def _quotes_are_plain(self, cells: Bytes, ends: NDArray[np.intp]) -> bool:
        """Say whether quotation marks stand around whole cells only, and cells within lines."""
        quotes = np.flatnonzero(cells == _QUOTE)
        if not len(quotes):
            return True
        if len(quotes) % 2:
            return False
        before = np.where(quotes[::2] > 0, cells[quotes[::2] - 1], _LINE_FEED)
        after = cells[quotes[1::2] + 1]
        mark = ord(self.delimiter)
        opened = np.isin(before, (mark, _LINE_FEED, _QUOTE)).all()
        closed = np.isin(after, (mark, _LINE_FEED, _RETURN, _QUOTE)).all()
        within = np.searchsorted(quotes, ends) % 2
        return bool(opened and closed and not within.any())

    def _mended(
        self, chunk: bytearray, ends: NDArray[np.intp], suspects: Iterable[int]
    ) -> tuple[bytes, int]:
        """Return the chunk's whole records, mended, and how many of its bytes they were.

        `suspects` are the lines to look at, in order.
        """
        well_formed, blank = _well_formed(self.delimiter), self.delimiter * (self.columns - 1)
        kept: list[bytes | bytearray] = []
        done, whole = 0, int(ends[-1]) + 1
        for suspect in suspects:
            start = int(ends[suspect - 1]) + 1 if suspect else 0
            end = int(ends[suspect]) + 1
            if start < done:
                continue
            line: bytes | bytearray = chunk[start:end]
            if b'"' not in line:
                line = _blank_or_refused(line, blank)
            elif not well_formed.fullmatch(line.rstrip(b"\r\n")):
                end = _record_end(chunk, start, end, whole)
                if not end:
                    return b"".join([*kept, chunk[done:start]]), start
                line = self._on_one_line(chunk[start:end])
            kept += chunk[done:start], line
            done = end
        return b"".join([*kept, chunk[done:whole]]), whole

    def _on_one_line(self, record: bytearray) -> bytes:
        """Return a record over several lines as one line."""
        try:
            lines = io.StringIO(record.decode("utf-8"), newline="")
            read = list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        except (csv.Error, UnicodeDecodeError) as error:
            raise NotMendableError from error
        if len(read) != 1 or len(read[0]) != self.columns:
            raise NotMendableError
        cells = read[0]
        if max(map(len, cells)) > limit("cell_characters"):
            raise NotMendableError
        for at, cell in enumerate(cells):
            if "\n" not in cell and "\r" not in cell:
                continue
            if swallowed_rows(cell, self.delimiter, self.columns):
                raise NotMendableError
            cells[at] = cell.translate(TO_PRIVATE)
        ending = "\r\n" if record.endswith(b"\r\n") else "\n"
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=ending)
        writer.writerow(cells)
        return out.getvalue().encode()


def _is_private(data: bytearray, end: int) -> bool:
    return data.find(_PRIVATE_START, 0, end) >= 0 and any(
        data.find(mark, 0, end) >= 0 for mark in _PRIVATE_BYTES
    )


def _record_end(chunk: bytearray, start: int, end: int, whole: int) -> int:
    """Return where the record ends whose first line is `chunk[start:end]`; 0 when beyond `whole`.

    Raises NotMendableError for a record longer than a line may be: its quote was hardly closed.
    """
    longest = limit("cell_characters")
    within = chunk.count(b'"', start, end) % 2
    while within:
        line, end = end, chunk.find(b"\n", end, whole) + 1
        if not end:
            return 0
        if end - start > longest:
            raise NotMendableError
        within ^= chunk.count(b'"', line, end) % 2
    return end


def _blank_or_refused(line: bytes | bytearray, blank: str) -> bytes | bytearray:
    """A blank line as a record of blank cells; DuckDB would pass over it and count on."""
    bare = line.rstrip(b"\r\n")
    if bare or not blank:
        raise NotMendableError
    return blank.encode() + line


def _well_formed(delimiter: str) -> re.Pattern[bytes]:
    """A line whose quotation marks all stand around whole cells."""
    mark = re.escape(delimiter).encode()
    cell = rb'(?:[^"' + mark + rb'\r\n]*|"(?:[^"\r\n]|"")*")'
    return re.compile(cell + rb"(?:" + mark + cell + rb")*")
