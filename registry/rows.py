"""Rows of the dated tables on their way in and out: one plain form for database and digest.

A row is a tuple of None, int, float and str in the table's column order, without `superseded_at`
(the only column set later): days as `2026-11-22`, moments as `2026-11-22 08:00:00.000000` in UTC.
Both databases take this form as it is, so millions of rows go in without passing through objects,
and the same tuple is what the audit's digest covers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Date, Float, Table, text
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

import registry.tables  # noqa: F401  fills the metadata
from registry.tables.base import UtcDateTime

Row = tuple[Any, ...]

CACHE_KIB: Final = 256 * 1024
COPY_FROM: Final = 200
"""From so many rows on, PostgreSQL's COPY beats INSERT."""


def table(name: str) -> Table:
    """Return the table `name`."""
    return SQLModel.metadata.tables[name]


@cache
def columns(name: str) -> tuple[str, ...]:
    """Return the columns of a table in order, without `superseded_at`."""
    return tuple(c.name for c in table(name).columns if c.name != "superseded_at")


def encode(
    name: str, records: Iterable[Mapping[str, Any]], ids: Iterable[int], fixed: Mapping[str, Any]
) -> list[Row]:
    """Return records of table `name` in the plain form; a column not given is None.

    `fixed` holds columns that are the same in all of them, in the plain form already.
    """
    names = columns(name)
    settled = [(names.index(column), value) for column, value in fixed.items()]
    id_place, taken = names.index("id"), {place for place, _ in settled}
    converters = [found for found in _converters(name) if found[0] not in taken]
    encoded = []
    for id_, record in zip(ids, records, strict=True):
        values = list(map(record.get, names))
        values[id_place] = id_
        for place, value in settled:
            values[place] = value
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        encoded.append(tuple(values))
    return encoded


def insert(
    connection: Connection, name: str, rows: Sequence[Row], own: Sequence[str] | None = None
) -> None:
    """Insert rows in the plain form; with `own` they have these columns only, in this order."""
    if not rows:
        return
    quote = connection.dialect.identifier_preparer.quote
    listed = own or columns(name)
    names = ", ".join(quote(column) for column in listed)
    if connection.dialect.name == "postgresql" and len(rows) >= COPY_FROM:
        _copy(connection, f"COPY {quote(name)} ({names}) FROM STDIN", rows)
        return
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    marks = ", ".join([mark] * len(listed))
    connection.exec_driver_sql(
        f"INSERT INTO {quote(name)} ({names}) VALUES ({marks})",  # noqa: S608  our own names
        list(rows),
    )


@contextmanager
def many(connection: Connection) -> Iterator[None]:
    """Keep more of a SQLite file in memory while a great many rows go in.

    With the usual cache the pages of the indexes are written out and read back over and over.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")


def supersede(connection: Connection, name: str, ids: Sequence[int], at: datetime) -> None:
    """Set `superseded_at` on the rows `ids` of table `name`."""
    if not ids:
        return
    update = f"UPDATE {name} SET superseded_at = :at WHERE id "  # noqa: S608  our own names
    if connection.dialect.name == "postgresql":
        connection.execute(text(update + "= ANY(:ids)"), {"at": moment(at), "ids": list(ids)})
    else:
        marked = [{"at": moment(at), "id": id_} for id_ in ids]
        connection.execute(text(update + "= :id"), marked)


def reserve_ids(connection: Connection, name: str, count: int) -> range:
    """Return `count` ascending ids nobody else gets; the caller holds the writers' lock."""
    if connection.dialect.name == "postgresql":
        own = "pg_get_serial_sequence(:name, 'id')"
        query = f"SELECT setval({own}, nextval({own}) + :n - 1)"
        end = connection.execute(text(query), {"name": name, "n": count}).scalar_one()
        return range(end + 1 - count, end + 1)
    last = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {name}")).scalar_one()  # noqa: S608
    return range(last + 1, last + 1 + count)


def stream(connection: Connection, name: str, order: str) -> Iterator[Row]:
    """Yield the rows of table `name` in the plain form, with `superseded_at` at the end."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column) for column in (*columns(name), *_superseded(name)))
    query = f"SELECT {names} FROM {quote(name)} ORDER BY {order}"  # noqa: S608  our own names
    found = connection.exec_driver_sql(query, execution_options={"yield_per": 10_000})
    if connection.dialect.name == "sqlite":  # keeps the plain form as it is
        yield from map(tuple, found)
        return
    for row in found:
        yield tuple(map(_plain, row))


def moment(value: datetime) -> str:
    """Return a moment in the plain form."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def canonical(rows: Iterable[Row]) -> bytes:
    """Return rows as bytes to digest; those of two calls joined equal those of one."""
    listed = json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"))
    return (listed[1:-1] + ",").encode() if len(listed) > 2 else b""


@cache
def _converters(name: str) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, column in enumerate(columns(name)):
        kind = table(name).columns[column].type
        if isinstance(kind, UtcDateTime):
            found.append((place, _plain))
        elif isinstance(kind, Date):
            found.append((place, str))
        elif isinstance(kind, Float):
            found.append((place, float))
    return tuple(found)


@cache
def _superseded(name: str) -> tuple[str, ...]:
    return ("superseded_at",) if "superseded_at" in table(name).columns else ()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
