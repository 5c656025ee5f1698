"""Whether a snapshot is laid out as this program reads it.

A snapshot of another version may lack a column that a page shows, or hold one that the allow-list
has taken off since.
"""

from __future__ import annotations

import sqlite3

from codes.errors import StoreError
from exports.release.allow_list import allow_list
from exports.release.snapshot import SEARCH_TABLES

COLUMNS = "SELECT name FROM pragma_table_info(?)"


def check_columns(db: sqlite3.Connection, path: object) -> None:
    """Raise StoreError `release.other_columns` unless tables and columns are those we publish."""
    for table in allow_list().tables.values():
        _compare(path, table.name, {*table.columns}, _columns(db, table.name))
    for name in SEARCH_TABLES:
        _compare(path, name, {"grams"}, _columns(db, name) & {"grams"})


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {row[0] for row in db.execute(COLUMNS, (table,))}


def _compare(path: object, table: str, expected: set[str], seen: set[str]) -> None:
    if names := sorted(expected ^ seen):
        raise StoreError(
            "release.other_columns", path=path, table=table, names=", ".join(names[:5])
        )
