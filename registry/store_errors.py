"""What SQLite or a database server reports, as an error a user can mend."""

from __future__ import annotations

import sqlite3
from typing import Final

from codes.errors import StoreError
from codes.system_errors import PRIMARY, reason_of

UNWRITABLE: Final = {
    sqlite3.SQLITE_CANTOPEN: "db.unopenable",
    sqlite3.SQLITE_READONLY: "db.unopenable",
    sqlite3.SQLITE_FULL: "db.disk_full",
}
"""Kinds of errors that concern the folder or the disk -> what is said."""


def unusable(error: BaseException | None, db: str) -> StoreError:
    """Return what to raise for a driver's error; `db` is the registry as a person may see it."""
    kind = (getattr(error, "sqlite_errorcode", None) or 0) & PRIMARY
    if kind in UNWRITABLE:
        return StoreError(UNWRITABLE[kind], db=db)
    return StoreError("db.unusable", db=db, detail=reason_of(error))
