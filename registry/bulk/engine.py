"""The database of one check: under a memory limit, thrown away with its folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb

from codes.errors import StoreError
from codes.upload_limits import limit
from registry.temporary import NO_ROOM, temporary_full

Connection = duckdb.DuckDBPyConnection
BATCH: Final = 50_000

SPILL_FULL: Final = "max_temp_directory_size"
"""The setting that DuckDB names when the disk has no room for what memory does not hold."""

INTERRUPTED: Final = "Query interrupted"
"""What DuckDB says, in a RuntimeError, when a signal has ended a query."""


@contextmanager
def engine(folder: Path, name: str, *, in_memory: bool = False) -> Iterator[Connection]:
    """Open the database for the check of the file `name`; close it at the end.

    Raises StoreError `system.temporary_full` when there is no room for its files, and
    `bulk.engine_failed` for what else DuckDB cannot do (memory).
    """
    try:
        with interruptible(), connect(folder, in_memory=in_memory) as connection:
            yield connection
    except duckdb.Error as error:
        raise _failed(error, name) from error


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a signal end the program within a query too: DuckDB drops what the signal raised.

    KeyboardInterrupt is raised for whatever signal it was.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) != INTERRUPTED:
            raise
        raise KeyboardInterrupt from None


def _failed(error: duckdb.Error, name: str) -> StoreError:
    """Say what DuckDB says in words alone, those of the system among them."""
    said = str(error)
    if SPILL_FULL in said:
        return temporary_full(OSError(errno.ENOSPC, said))
    for code in sorted(NO_ROOM):
        if os.strerror(code) in said:
            return temporary_full(OSError(code, said))
    return StoreError("bulk.engine_failed", path=name, detail=said.partition("\n")[0])


def connect(folder: Path, *, in_memory: bool = False) -> Connection:
    """Open a database, on disk unless said otherwise; it spills there and has a memory limit."""
    connection = duckdb.connect(":memory:" if in_memory else str(folder / "check.duckdb"))
    connection.execute("SET memory_limit = ?", [f"{limit('bulk_memory_bytes') >> 20}MiB"])
    connection.execute("SET temp_directory = ?", [str(folder / "spill")])
    connection.execute("SET preserve_insertion_order = true")
    # a list of choices turned into a join would cost memory for each and the order of the rows
    connection.execute("SET disabled_optimizers = 'in_clause'")
    return connection


@contextmanager
def on_one_core(connection: Connection) -> Iterator[None]:
    """Let DuckDB use one core within: rows kept in order in memory go in no sooner on several.

    There they wait for each other and are copied once more into their place, half as much work
    again (a million rows of thirty cells).
    """
    found = connection.execute("SELECT current_setting('threads')").fetchone()
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute("SET threads = ?", [found[0] if found else 1])


def fill(
    connection: Connection, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]
) -> None:
    """Make a table of rows given from here; `columns` are names and SQL types."""
    said = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {table} ({said})")
    append(connection, table, columns, rows)


def append(
    connection: Connection, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]
) -> None:
    """Add rows given from here to a table of such columns."""
    kinds = ", ".join(f"unnest(${at}::{kind}[])" for at, kind in enumerate(columns.values(), 1))
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        given = [[row[at] for row in part] for at in range(len(columns))]
        connection.execute(f"INSERT INTO {table} SELECT {kinds}", given)
