"""The rows of a ledger that are what we know now, or knew at an earlier moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session

from registry import rows


def known_rows(
    session: Session,
    table: str,
    *conditions: ColumnElement[bool],
    known_at: datetime | None = None,
) -> list[Mapping[str, Any]]:
    """Return rows by column, in order of id, that fulfil every condition."""
    chosen = rows.table(table)
    query = select(chosen).where(known(table, known_at), *conditions).order_by(chosen.c.id)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def known(table: str, known_at: datetime | None = None) -> ColumnElement[bool]:
    """Return the condition that a row was what we knew at a moment (None: now)."""
    columns = rows.table(table).c
    if known_at is None:
        return columns.superseded_at.is_(None)
    not_yet = or_(columns.superseded_at.is_(None), columns.superseded_at > known_at)
    return and_(columns.recorded_at <= known_at, not_yet)


def of_years(table: str, years: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition that a row is of one of these years."""
    return rows.table(table).c.year.in_(sorted(set(years)))
