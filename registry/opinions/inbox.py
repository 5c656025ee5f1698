"""The inbox: one SQLite file that the site writes to and clerks read.

Several processes may use it at once: a writing transaction begins with BEGIN IMMEDIATE and waits
its turn. Of a visitor's address only a hash is kept, for the day: its salt is made for the day and
both are thrown away with the first opinion of a later day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from codes.system_errors import reason_of

APPLICATION_ID: Final = 0x66777869
"""`fwxi` in the file's header: a fuwuma inbox."""

VERSION: Final = 1
WAIT_SECONDS: Final = 5.0
OWNER_ONLY: Final = 0o600
"""People leave their telephone numbers in it."""


SCHEMA: Final = """
CREATE TABLE opinion (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  received_at TEXT NOT NULL,
  about_kind TEXT NOT NULL CHECK (about_kind IN ('facility', 'standard', 'indicator')),
  about_code TEXT NOT NULL,
  text TEXT NOT NULL,
  contact TEXT,
  lang TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'closed'))
) STRICT;
CREATE INDEX ix_opinion_state ON opinion (state, id);
CREATE INDEX ix_opinion_about ON opinion (about_kind, about_code);
CREATE TABLE opinion_act (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  opinion_id INTEGER NOT NULL REFERENCES opinion (id),
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('answer', 'close')),
  text TEXT NOT NULL,
  published INTEGER NOT NULL DEFAULT 0,
  with_question INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ix_opinion_act ON opinion_act (opinion_id, id);
CREATE TABLE day (day TEXT PRIMARY KEY, salt BLOB NOT NULL, received INTEGER NOT NULL) STRICT;
CREATE TABLE sender (hash BLOB PRIMARY KEY, received INTEGER NOT NULL) STRICT;
"""


def create_inbox(path: Path) -> None:
    """Make the inbox, or see that the one that is there can be written to. Raises StoreError."""
    with _store_errors(path):
        if not path.exists():
            path.touch(mode=OWNER_ONLY)
        db = _connect(path, must_exist=False)
        try:
            if not _is_empty(db):
                _expect_ours(db, path)  # before anything is changed
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN IMMEDIATE")
            if _is_empty(db):
                for statement in SCHEMA.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {VERSION}")
            _expect_ours(db, path)
            db.execute("COMMIT")
        finally:
            db.close()


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the inbox for one transaction, which is kept whole or not at all. Raises StoreError."""
    with reading(path) as db:
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the inbox that is there. Raises StoreError when there is none, or it is no inbox."""
    with _store_errors(path):
        if not path.is_file():
            raise StoreError("opinion.no_inbox", path=path)
        db = _connect(path, must_exist=True)
        try:
            _expect_ours(db, path)
            yield db
        finally:
            db.close()  # what was not committed is rolled back


def _connect(path: Path, *, must_exist: bool) -> sqlite3.Connection:
    mode = "rw" if must_exist else "rwc"
    address = f"{path.resolve().as_uri()}?mode={mode}"
    db = sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")
    return db


def _is_empty(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _expect_ours(db: sqlite3.Connection, path: Path) -> None:
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if mark != APPLICATION_ID:
        raise StoreError("opinion.not_an_inbox", path=path)
    if version != VERSION:
        raise StoreError("opinion.other_version", path=path, seen=version, expected=VERSION)


@contextmanager
def _store_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError("opinion.inbox_unusable", path=path, detail=reason_of(error)) from error
