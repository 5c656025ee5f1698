"""How rows get from a registry into a snapshot: copied by SQLite itself, or read row by row.

Where the registry is a file of SQLite, one connection has both files and copies whole tables,
which takes two thirds of the time. It has to see what the session sees that the rest of a release
is read with: a third connection tells whether anything was written while both took their place. If
something was, and with PostgreSQL, the rows are read through the session.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Select
from sqlmodel import Session

from exports.release.allow_list import PublicTable
from exports.release.kept_rows import guard, kept_cells

BATCH_ROWS: Final = 5_000
CACHE_KIB: Final = 64_000
"""Codes are not in the order in which records were written: pages are come back to."""

MAPPED_BYTES: Final = 1 << 29
"""So much of the registry is read in place, which saves a quarter of the copying."""


class Copier:
    """A connection that reads the registry and writes the working file, at the session's moment."""

    def __init__(self, db: sqlite3.Connection, session: Session) -> None:
        self.db = db
        self.session = session

    def copy(self, table: PublicTable, query: Select[Any]) -> int:
        """Insert what the query gives and return how many rows that are; see `Snapshot.fill`."""
        condition = guard(table, _cell, "public.facility")
        rows = f"SELECT {kept_cells(table, _cell)} FROM ({as_sql(self.session, query)}) AS read"  # noqa: S608
        if condition:
            rows += f" WHERE {condition}"
        return self.db.execute(f'INSERT INTO public."{table.name}" {rows}').rowcount


@contextmanager
def copier(session: Session, working: Path) -> Iterator[Copier | None]:
    """Give what copies from the session's registry into the working file, if it can be copied.

    What was copied is in the file when the block ends well.
    """
    registry = _file_of(session)
    if registry is None:
        yield None
        return
    with closing(sqlite3.connect(registry, uri=True, isolation_level=None)) as db:
        db.execute("ATTACH ? AS public", (str(working),))
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
            db.execute(f"PRAGMA public.{pragma}")
        db.execute(f"PRAGMA main.cache_size = -{CACHE_KIB}")
        db.execute(f"PRAGMA main.mmap_size = {MAPPED_BYTES}")
        if not _at_one_moment(registry, session, db):
            yield None
            return
        yield Copier(db, session)
        db.execute("COMMIT")


def read_rows(session: Session, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        yield from _plain_rows(session, query)
        return
    result = connection.execution_options(yield_per=BATCH_ROWS).execute(query)
    for batch in result.partitions():
        yield from map(tuple, batch)


def as_sql(session: Session, query: Select[Any]) -> str:
    """Return a query as the text that the session's database understands."""
    return str(query.compile(session.connection(), compile_kwargs={"literal_binds": True}))


def _plain_rows(session: Session, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """SQLite's own rows, which need no conversion: a good deal quicker."""
    driver: Any = session.connection().connection.driver_connection
    driver.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    rows: Iterator[tuple[Any, ...]] = driver.execute(as_sql(session, query))
    return rows


def _cell(_number: int, name: str) -> str:
    return f'read."{name}"'


def _file_of(session: Session) -> str | None:
    """Return where the registry's file is, for reading only; None when it is not in a file."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return None
    # a temporary table of the session would be in a database of its own
    found = connection.exec_driver_sql("PRAGMA database_list").all()
    path = next((path for _, name, path in found if name == "main"), None)
    return f"{Path(path).as_uri()}?mode=ro" if path else None


def _at_one_moment(registry: str, session: Session, db: sqlite3.Connection) -> bool:
    """Let both begin to read; say whether nothing was written in the meantime.

    A transaction sees the moment of its first reading. The session's may have been any time before,
    so that it is ended and begun again.
    """
    look = "SELECT count(*) FROM sqlite_schema"
    with closing(sqlite3.connect(registry, uri=True)) as watch:
        (before,) = watch.execute("PRAGMA data_version").fetchone()
        session.connection().exec_driver_sql("ROLLBACK")
        session.connection().exec_driver_sql("BEGIN")
        session.connection().exec_driver_sql(look).one()
        db.execute("BEGIN")
        db.execute(look).fetchone()
        (after,) = watch.execute("PRAGMA data_version").fetchone()
    return bool(before == after)
