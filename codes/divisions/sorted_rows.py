"""A book's rows, sorted by code, read where they are asked for.

Of 44 thousand townships a command needs those of a few counties. The file is kept as bytes, a unit
is found in it by halving, and the rows of the unit above are read together, once.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Row = Sequence[str]


class SortedRows:
    """The rows of one file, their code first, in order of code; no cell holds a line break."""

    def __init__(self, path: Path, digits: int) -> None:
        """Read the file; the rows whose first `digits` are alike are parsed together."""
        self._content = path.read_bytes()
        self._digits = digits
        self._blocks: dict[str, Mapping[str, Sequence[Row]]] = {}
        self._body = self._content.index(b"\n") + 1
        self.columns = tuple(next(csv.reader([self._content[: self._body].decode()])))

    def of(self, code: str) -> Sequence[Row]:
        """Return the rows of a code, in the order of the file; empty when there is none."""
        return self._block(code[: self._digits]).get(code, ())

    def codes(self, begin: str) -> Iterator[str]:
        """Yield the codes that begin so, in order."""
        if len(begin) >= self._digits:
            block = self._block(begin[: self._digits])
            yield from (code for code in block if code.startswith(begin))
            return
        for digits in self.beginnings(self._digits, begin):
            yield from self._block(digits)

    def beginnings(self, digits: int, begin: str = "") -> Iterator[str]:
        """Yield the first `digits` of the codes that begin so, each once, in order."""
        at, end = self._range(begin)
        while at < end:
            found = self._content[at : at + digits].decode()
            yield found
            at = self._range(found)[1]

    def everything(self) -> Iterator[Row]:
        """Yield every row, in order; nothing of it is kept."""
        yield from csv.reader(self._content[self._body :].decode().splitlines())

    def _block(self, digits: str) -> Mapping[str, Sequence[Row]]:
        if (known := self._blocks.get(digits)) is not None:
            return known
        begin, end = self._range(digits)
        rows: dict[str, list[Row]] = {}
        for row in csv.reader(self._content[begin:end].decode().splitlines()):
            rows.setdefault(row[0], []).append(row)
        if rows:  # what a file makes up is not kept
            self._blocks[digits] = rows
        return rows

    def _range(self, begin: str) -> tuple[int, int]:
        """Return the bytes of the lines that begin so: from, and up to."""
        sought, places = begin.encode(), range(self._body, len(self._content))

        def key(at: int) -> bytes:
            line = self._content.rfind(b"\n", 0, at) + 1
            return self._content[line : line + len(sought)]

        first = bisect_left(places, sought, key=key)
        return self._body + first, self._body + bisect_right(places, sought, lo=first, key=key)
