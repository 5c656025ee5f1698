"""What the stored changes of rows set, turned from rows into columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from pydantic_core import from_json

Column = list[Any]
Changes = dict[str, Sequence[Any]]
"""Upload key -> [before, after]."""

NOT_GIVEN: Final = (None, None)
TOGETHER: Final = 100
"""Rows parsed at once: few enough for the processor's caches to hold what is made of them."""


def columns_of(changes: Sequence[Changes]) -> dict[str, Column]:
    """Return what rows set as key -> value by row; None where a row sets nothing."""
    return _joined([changes], len(changes))


def read_columns(texts: Sequence[str | bytes]) -> dict[str, Column]:
    """Return the same of changes that are JSON texts."""
    parsed = (
        [from_json(one, cache_strings="keys") for one in texts[start : start + TOGETHER]]
        for start in range(0, len(texts), TOGETHER)
    )
    return _joined(parsed, len(texts))


def _joined(parts: Iterable[Sequence[Changes]], count: int) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    done = 0
    for rows in parts:
        for key, pairs in _pairs(rows):
            column = columns.setdefault(key, [])
            column += [None] * (done - len(column))
            column += [after for _, after in pairs]
        done += len(rows)
    for column in columns.values():
        column.extend([None] * (count - len(column)))
    return columns


def _pairs(rows: Sequence[Changes]) -> Iterator[tuple[str, Iterable[Sequence[Any]]]]:
    if not rows:
        return
    keys = tuple(rows[0])
    if all(map(keys.__eq__, map(tuple, rows))):  # as rows of one type mostly are
        yield from zip(keys, zip(*map(dict.values, rows), strict=True), strict=True)
        return
    for key in dict.fromkeys(chain.from_iterable(rows)):
        yield key, [row.get(key, NOT_GIVEN) for row in rows]
