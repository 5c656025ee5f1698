"""Which rows a stored finding is about: one, or many of which the same was found.

That a cell is blank which should be filled is found in nearly every row of many files. It is stored
once for some thousands of rows, with the rows written as ranges, so that nothing is lost of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from registry.db import json_text
from registry.uploads.findings import NOT_FILLED_IN, Finding

FINDING_COLUMNS: Final = (
    "sheet",
    "row",
    "rule",
    "severity",
    "element",
    "column",
    "value",
    "params",
    "further",
)
"""The columns of a stored finding; JSON as text."""


def finding_cells(findings: Iterable[Finding]) -> list[tuple[Any, ...]]:
    """Return findings as they are stored, in order; a blank cell with all other rows that say it.

    The findings of a sheet come in the order of its rows.
    """
    found: list[tuple[Finding, list[int]]] = []
    known: dict[tuple[Any, ...], list[int]] = {}
    said: dict[int, tuple[Mapping[str, Any], str]] = {}  # many findings have one and the same
    for one in findings:
        if one.rule != NOT_FILLED_IN or one.row is None:
            found.append((one, []))
            continue
        if (params := id(one.params)) not in said:
            said[params] = one.params, str(one.params)
        words = said[params][1]
        about = one.sheet, one.severity, one.element, one.column, one.value, words
        if about in known:
            known[about].append(one.row)
        else:
            known[about] = []
            found.append((one, known[about]))
    return [_cells(*one) for one in found]


def _cells(one: Finding, further: list[int]) -> tuple[Any, ...]:
    about = one.sheet, one.row, one.rule, one.severity, one.element, one.column, one.value
    return *about, json_text(one.params), as_ranges(further)


def as_ranges(rows: Iterable[int]) -> str | None:
    """Return ascending numbers of rows as they are stored, None when there are none.

    >>> as_ranges([3, 4, 5, 9])
    '3-5,9'
    """
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges) or None


def rows_of(row: int | None, further: str | None) -> Iterator[int | None]:
    """Yield the rows of a stored finding, one that is about a whole sheet once, with None."""
    return chain((row,), *_ranges(further))


def row_count(further: str | None) -> int:
    """Return how many rows a stored finding is about."""
    return 1 + sum(map(len, _ranges(further)))


def last_row(row: int, further: str | None) -> int:
    """Return the last row of a stored finding.

    >>> last_row(2, "3-5,9"), last_row(2, "4-6"), last_row(2, None)
    (9, 6, 2)
    """
    return int(further.rpartition(",")[2].rpartition("-")[2]) if further else row


def without(row: int, further: str | None, gone: Collection[int]) -> tuple[int, str | None] | None:
    """Return the row and further rows of a stored finding without some, None when none is left."""
    left = [one for one in chain((row,), *_ranges(further)) if one not in gone]
    return (left[0], as_ranges(left[1:])) if left else None


def _ranges(further: str | None) -> list[range]:
    found = []
    for part in (further or "").split(",") if further else ():
        first, _, last = part.partition("-")
        found.append(range(int(first), int(last or first) + 1))
    return found
