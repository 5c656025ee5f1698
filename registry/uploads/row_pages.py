"""The stored rows of an upload read page by page, so that a million never stand in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.engine import Connection
from sqlmodel import Session

from registry.rows import table


def fetched(connection: Connection, query: Select[Any]) -> Sequence[Sequence[Any]]:
    """Return all rows of a query."""
    return connection.execute(query).all()


def row_pages(
    session: Session,
    upload_id: int,
    columns: Sequence[Any],
    *conditions: ColumnElement[bool],
    size: int,
    fetch: Callable[[Connection, Select[Any]], Sequence[Any]] = fetched,
) -> Iterator[Sequence[Any]]:
    """Yield `size` rows of an upload at a time, as the file has them: `id`, then the columns."""
    row = table("upload_row").c
    query = (
        select(row.id, *columns)
        .where(row.upload_id == upload_id, *conditions)
        .order_by(row.id)
        .limit(size)
    )
    last = 0
    while page := fetch(session.connection(), query.where(row.id > last)):
        yield page
        last = page[-1][0]
