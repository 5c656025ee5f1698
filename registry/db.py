"""Open a registry: SQLite in one file by default, PostgreSQL for a team.

SQLite runs in WAL with foreign keys on; every writing transaction starts with BEGIN IMMEDIATE, so
that a writer waits its turn instead of failing half way.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from pydantic_core import PydanticSerializationError, to_json
from sqlalchemy import Engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlmodel import Session, create_engine

from codes.errors import StoreError
from codes.system_errors import reason_of
from registry.revision import expect_head
from registry.schema_version import create_schema, current_revision
from registry.sqlite_reader import BUSY_TIMEOUT_MS
from registry.store_errors import unusable

DEFAULT_DB: Final = "fuwuma.db"


def parse_url(db: str) -> URL:
    """Turn what a person wrote into a URL: a bare path means SQLite, postgresql:// means psycopg.

    Raises StoreError for a database kind we do not support.
    """
    if "://" not in db:
        return URL.create("sqlite", database=db)
    try:
        url = make_url(db)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise StoreError("db.url_unreadable", seen=db.partition("?")[0]) from None
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StoreError("db.kind_unknown", seen=url.drivername)
    return url


def shown(url: URL) -> str:
    """Return a URL as a person may see it: no password, not even one written as an option.

    A file is shown as it is called, with Chinese characters as they are.
    """
    written = url.set(query={}).render_as_string()
    return unquote(written) if url.drivername == "sqlite" else written


def create_registry(db: str) -> Engine:
    """Create the tables, or bring older ones up to date, and return the engine.

    Raises StoreError when that fails; an empty file made in trying is removed.
    """
    url = parse_url(db)
    engine = _engine(url)
    file = Path(url.database) if url.drivername == "sqlite" and url.database else None
    was_there = file is not None and file.exists()
    try:
        with _store_errors(engine):
            create_schema(engine)
    except StoreError:
        engine.dispose()
        if file and not was_there and file.is_file() and file.stat().st_size == 0:
            file.unlink()
        raise
    return engine


def open_registry(db: str) -> Engine:
    """Open an existing registry. Raises StoreError when there is none or its tables are not ours.

    A registry of an older version is refused with the command that upgrades it (`fuwuma init`).
    """
    url = parse_url(db)
    if url.drivername == "sqlite" and url.database and not Path(url.database).exists():
        raise StoreError("db.absent", path=url.database)
    engine = _engine(url)
    try:
        with _store_errors(engine):
            expect_head(current_revision(engine), shown(url))
    except StoreError:
        engine.dispose()
        raise
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Give a session whose one transaction commits at the end or leaves nothing behind."""
    with _store_errors(engine), Session(engine) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session for reading; it sees one moment and never writes."""
    with _store_errors(engine), Session(engine) as session:
        session.connection(execution_options=read_only(engine))
        yield session


def read_only(engine: Engine) -> dict[str, Any]:
    """Return the options of a connection that sees one moment and never writes."""
    if engine.dialect.name == "sqlite":
        return {"fuwuma_read_only": True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def bare_engine(db: str) -> Engine:
    """Return an engine whatever the database holds; for migrations and backups."""
    return _engine(parse_url(db))


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        spoken = {"options": "-c timezone=utc", "client_encoding": "utf8"}
        return create_engine(url, connect_args=spoken, json_serializer=json_text)
    engine = create_engine(url, json_serializer=json_text)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def json_text(value: Any) -> str:
    """Return what is stored of a JSON value.

    Characters are written as they are: a million rows of Chinese take half the room of escapes.
    """
    try:
        return to_json(value).decode()
    except PydanticSerializationError:  # half of a pair, from bytes on the command line, no text
        return json.dumps(value)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    if _empty_or_ours(connection):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _empty_or_ours(connection: sqlite3.Connection) -> bool:
    """WAL is written into the file itself: somebody else's must stay as it is."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    return not tables or {"alembic_version", "audit_entry"} <= tables


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("fuwuma_read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def _store_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise unusable(error.orig, shown(engine.url)) from error
    except _errors_of_copy(engine) as error:
        raise unusable(error, shown(engine.url)) from error
    except SQLAlchemyError as error:
        raise StoreError("db.unusable", db=shown(engine.url), detail=reason_of(error)) from error


def _errors_of_copy(engine: Engine) -> tuple[type[Exception], ...]:
    """What PostgreSQL's driver raises where it is asked without SQLAlchemy.

    With SQLite none: what `sqlite3` raises there may be of a file that is no registry, as a
    release that is being written.
    """
    return () if engine.dialect.name == "sqlite" else (engine.dialect.loaded_dbapi.Error,)
