"""Ask DuckDB, before the rows of a large file are judged, with which of them nothing is wrong.

It is the first scan of `registry.bulk.scan`: what it calls sure has plain cells alone, and breaks
no rule on the row itself but that cells are blank. The other lines are looked at row by row.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import numpy as np

from registry.bulk.canonical import CanonicalFile
from registry.bulk.engine import Connection, connect, interruptible
from registry.bulk.plan import Plan
from registry.bulk.scan import look_over
from registry.bulk.types_met import types_met
from registry.bulk.watching import watched_queries

if TYPE_CHECKING:
    from registry.uploads.judged import Context
    from registry.uploads.large_rows import LargeRows

NONE: Final = b""
"""Of no line it is known."""

FROM_BYTES: Final = 1 << 20
A_TYPE_BYTES: Final = 1 << 15
"""The rows in so many bytes are judged in the time in which the conditions of a type are made."""

OF_THE_FILE: Final = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.OutOfMemoryException,
    duckdb.IOException,
)
"""What DuckDB raises for what a file holds, or what the machine has not room for.

Anything else is a fault of a query of ours.
"""

Told = Callable[[float], None]
"""Told which part of the scan, from 0 to 1, is done."""


def find_sure(rows: LargeRows, context: Context, folder: Path, told: Told) -> bytes:
    """Return 1 for each line of a table that is sure and 0 for each other, as bytes.

    `NONE` where that would be of no use: the file is small, most lines are odd, or DuckDB cannot
    read it. `folder` takes what DuckDB does not hold in memory.
    """
    types = types_met(rows.file, rows.columns, rows.settings.given)
    if not is_worth(rows.file.path.stat().st_size, len(types)):
        return NONE
    plan = Plan(rows.columns, rows.settings.given, context, rows.names, types)
    try:
        with interruptible(), connect(folder, in_memory=True) as connection:
            return _scanned(connection, rows.file, plan, told)
    except OF_THE_FILE:
        return NONE


def is_worth(size: int, types: int) -> bool:
    """Say whether a file of so many bytes, of so many types, takes longer to judge than to scan."""
    return size >= FROM_BYTES + types * A_TYPE_BYTES


def _scanned(connection: Connection, file: CanonicalFile, plan: Plan, told: Told) -> bytes:
    first = look_over(connection, file, plan)
    if first is None:
        return NONE
    with watched_queries(connection, told):
        found = connection.execute(f"SELECT sure FROM ({first.query})").fetchnumpy()["sure"]
    sure = np.asarray(found, dtype=np.uint8).tobytes()
    return sure if len(sure) == file.lines else NONE
