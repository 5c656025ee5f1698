"""Copy a whole registry: to a SQLite file to keep, or into an empty PostgreSQL database.

A backup is itself a registry: `fuwuma --db` opens it, and `fuwuma verify` proves it. SQLite to
SQLite is a copy of the file's pages, made while others work; to or from PostgreSQL the rows are
copied, of one moment. A file appears under its name only when it is whole and has been checked.
"""

from __future__ import annotations

import glob
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, Table, create_engine, func, insert, select, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import registry.tables  # noqa: F401  fills the metadata
from codes.errors import StoreError
from codes.system_errors import reason_of
from registry.checks import sqlite_faults
from registry.db import create_registry, parse_url, read_only, shown

BATCH: Final = 5_000
SIDE_FILES: Final = ("-wal", "-shm", "-journal")
ADVANCE: Final = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
"""Lets new ids of a PostgreSQL table begin after those copied."""


@dataclass(frozen=True)
class Backup:
    """Where the copy is, and what it holds."""

    target: str
    facilities: int
    entries: int


def backup(engine: Engine, target: str, *, overwrite: bool = False) -> Backup:
    """Copy the registry to `target`: a file's path, or the URL of an empty PostgreSQL database.

    Raises StoreError when the file exists (unless `overwrite`), the target is not empty or is the
    registry itself, or the copy is not sound.
    """
    url = parse_url(target)
    if url.drivername != "sqlite":
        return _into_database(engine, url)
    path = Path(url.database or "")
    _refuse_target(engine, path, overwrite)
    with _appearing(path) as unfinished:
        if engine.dialect.name == "sqlite":
            _copy_pages(Path(str(engine.url.database)), unfinished)
        else:
            copy = create_registry(str(unfinished))
            _copy_rows(engine, copy)
            copy.dispose()
        found = _check_file(unfinished)
    return Backup(str(path), *found)


def _refuse_target(engine: Engine, path: Path, overwrite: bool) -> None:
    own = engine.url.database if engine.dialect.name == "sqlite" else None
    if own and _is_part_of(path, Path(own)):
        raise StoreError("db.backup_onto_itself", path=path)
    if path.is_dir() or (path.exists() and not overwrite):
        raise StoreError("db.backup_exists", path=path)
    if not path.parent.is_dir():
        raise StoreError("db.backup_no_folder", path=path, folder=path.parent)


def _is_part_of(path: Path, own: Path) -> bool:
    """Say whether `path` is the registry's file or one that SQLite keeps beside it."""
    parts = [own, *(own.with_name(own.name + end) for end in SIDE_FILES)]
    if path.resolve() in [part.resolve() for part in parts]:
        return True
    return path.exists() and any(part.exists() and path.samefile(part) for part in parts)


def _clear_unfinished(path: Path) -> None:
    """Remove what a killed backup to the same name left: a copy nobody would ever look at."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part*"):
        number = left.name.removeprefix(f".{path.name}.").partition(".")[0]
        if number.isdigit() and not _runs(int(number)):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@contextmanager
def _appearing(path: Path) -> Iterator[Path]:
    """Give a name to write to; rename it when all went well, else leave nothing."""
    _clear_unfinished(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise StoreError("db.backup_failed", path=path, detail=reason_of(error)) from error
    finally:
        for left in path.parent.glob(f"{glob.escape(unfinished.name)}*"):
            left.unlink()


def _copy_pages(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _check_file(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    url = URL.create("sqlite", database=str(path))
    with create_engine(url, poolclass=NullPool).connect() as connection:
        if faults := list(sqlite_faults(connection)):
            raise StoreError("db.backup_damaged", path=path, detail=faults[0])
        return _counts(connection)


def _into_database(engine: Engine, url: URL) -> Backup:
    where = shown(url)
    copy = create_registry(url.render_as_string(hide_password=False))
    try:
        with copy.connect() as connection:
            if any(_count(connection, table) for table in SQLModel.metadata.tables.values()):
                raise StoreError("db.backup_exists", path=where)
        _copy_rows(engine, copy)
        with copy.connect() as connection:
            return Backup(where, *_counts(connection))
    except SQLAlchemyError as error:
        raise StoreError("db.backup_failed", path=where, detail=reason_of(error)) from error
    finally:
        copy.dispose()


def _copy_rows(source: Engine, target: Engine) -> None:
    with source.connect() as reader, target.begin() as writer:
        reader.execution_options(**read_only(source))
        for table in SQLModel.metadata.sorted_tables:
            found = reader.execute(select(table), execution_options={"yield_per": BATCH})
            for batch in found.mappings().partitions():
                writer.execute(insert(table), [dict(row) for row in batch])
            if target.dialect.name == "postgresql" and "id" in table.columns:
                writer.execute(text(ADVANCE.format(table=table.name)))


def _counts(connection: Connection) -> tuple[int, int]:
    tables = SQLModel.metadata.tables
    return _count(connection, tables["facility"]), _count(connection, tables["audit_entry"])


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
