"""Find the cell whose quotation marks are wrong, and rows that a quote has swallowed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')


@dataclass(frozen=True)
class QuoteFault:
    """`column` counts from 0; `closed` tells a stray mark inside a cell from one never closed."""

    column: int
    closed: bool


def find_fault(text: str, start: int, delimiter: str) -> QuoteFault:
    """Return the first cell with wrong marks in the record that begins at `start`."""
    position, column = start, 0
    ends = re.compile(f"[{re.escape(delimiter)}\r\n]")
    while position < len(text):
        if text[position] == '"':
            quoted = _QUOTED.match(text, position)
            if quoted is None:
                return QuoteFault(column, closed=False)
            position = quoted.end()
            if position < len(text) and text[position] not in (delimiter, "\r", "\n"):
                return QuoteFault(column, closed=True)
        else:
            end = ends.search(text, position)
            position = end.start() if end else len(text)
        if text[position : position + 1] != delimiter:
            break
        position, column = position + 1, column + 1
    return QuoteFault(column, closed=True)


def swallowed_rows(cell: str, delimiter: str, width: int) -> int:
    """Count the lines of a cell that look like rows of their own.

    A line does when it holds at least half as many delimiters as a row of `width` cells has.
    """
    if "\n" not in cell and "\r" not in cell:
        return 0
    enough = max(2, (width - 1) / 2)
    return sum(line.count(delimiter) >= enough for line in cell.splitlines())
