"""Stored JSON read as the bytes that are kept, not as objects, nor as text made of the bytes.

Millions of texts that are only digested or parsed need no decoding, and their rows no more than the
tuples of the driver; so it is asked itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, Text, cast
from sqlalchemy.engine import Connection


def as_kept(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a JSON column as `kept_rows` and `kept_pages` want it to give its bytes."""
    sqlite = connection.dialect.name == "sqlite"
    return cast(column, LargeBinary) if sqlite else cast(column, Text)


def kept_rows(connection: Connection, query: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """Return all rows of a query; columns that are `as_kept` come as UTF-8.

    The query may have numbers and plain words in it, but no text of other people.
    """
    with closing(_cursor(connection)) as cursor:
        cursor.execute(_spelled(connection, query))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def kept_pages(
    connection: Connection, query: Select[Any], size: int
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the same, `size` rows at a time; a server keeps the rest."""
    with closing(_cursor(connection, name="kept")) as cursor:
        cursor.execute(_spelled(connection, query))
        while page := cursor.fetchmany(size):
            yield page


def _cursor(connection: Connection, **named: str) -> Any:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return driver.cursor()
    from psycopg.types.string import ByteaBinaryLoader  # only where there is a server

    cursor = driver.cursor(binary=True, **named)
    cursor.adapters.register_loader("text", ByteaBinaryLoader)
    return cursor


def _spelled(connection: Connection, query: Select[Any]) -> str:
    return str(query.compile(connection, compile_kwargs={"literal_binds": True}))
