"""Refuse a line of a text that cannot be a row, before more of it is read than memory is for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from codes.upload_limits import limit

PIECE: Final = 1 << 20
"""Characters read at a time; hardly a row is longer."""

BLANK_COLUMNS: Final = 1 << 14
"""Columns of a spreadsheet: so many a program may write, all but the first few of them blank."""


class LineTooLongError(Exception):
    """A line holds a cell or columns beyond any limit; `column` is where, counted from 0."""

    def __init__(self, column: int) -> None:
        super().__init__(column)
        self.column = column


def whole_lines(file: io.TextIOBase, delimiter: str) -> Iterator[str]:
    """Yield the lines of a file. Raises LineTooLongError within the first piece that is too much.

    Quotation marks are not looked at: a cell within them may hold delimiters, not so many.
    """
    while line := file.readline(PIECE):
        if len(line) < PIECE:
            yield line
            continue
        pieces, columns, begun = [line], 0, 0
        while True:
            columns, begun = _measured(pieces[-1], delimiter, columns, begun)
            if len(pieces[-1]) < PIECE or pieces[-1].endswith("\n"):
                break
            pieces.append(file.readline(PIECE))
        yield "".join(pieces)


def _measured(piece: str, delimiter: str, columns: int, begun: int) -> tuple[int, int]:
    """Return (columns, characters of the last cell) with this piece of a line added."""
    for cell in piece.rstrip("\r\n").split(delimiter, BLANK_COLUMNS + 1 - columns):
        begun += len(cell)
        if begun > limit("cell_characters") or columns >= BLANK_COLUMNS:
            raise LineTooLongError(columns)
        last, begun = begun, 0
        columns += 1
    return columns - 1, last
