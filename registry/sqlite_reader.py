"""A registry in a SQLite file, read by Python's own driver: what a check needs, and soon loaded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

from registry.revision import VERSION_TABLE, expect_head
from registry.store_errors import unusable

BUSY_TIMEOUT_MS: Final = 30_000


class SqliteReader:
    """A registry as it stood at one moment; nothing is ever written through it."""

    def __init__(self, connection: sqlite3.Connection, db: str) -> None:
        self._connection, self._db = connection, db

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query. Raises StoreError for what the file does not allow."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise unusable(error, self._db) from error


@contextmanager
def sqlite_reader(path: str) -> Iterator[SqliteReader]:
    """Open a file that is there. Raises StoreError as `registry.db.open_registry` does."""
    db = f"sqlite:///{path}"
    try:
        connection = sqlite3.connect(path, isolation_level=None)
    except sqlite3.Error as error:
        raise unusable(error, db) from error
    with closing(connection):
        reader = SqliteReader(connection, db)
        reader.rows(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        reader.rows("PRAGMA query_only = ON")
        reader.rows("BEGIN")
        expect_head(_revision(reader), db)
        yield reader


def _revision(reader: SqliteReader) -> str | None:
    if not reader.rows("SELECT 1 FROM sqlite_schema WHERE name = ?", [VERSION_TABLE]):
        return None
    found = reader.rows(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  our own name
    return str(found[0][0]) if found else None
