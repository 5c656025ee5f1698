"""The two times of the registry as conditions of a query: true on a day, known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from registry.rows import table


def known(name: str, at: datetime | None) -> ColumnElement[bool]:
    """Rows of a dated table that were our knowledge at a moment; None means now."""
    columns: Any = table(name).c
    if at is None:
        return and_(columns.superseded_at.is_(None))
    not_yet = or_(columns.superseded_at.is_(None), columns.superseded_at > at)
    return and_(columns.recorded_at <= at, not_yet)


def true_on(name: str, day: date) -> ColumnElement[bool]:
    """Rows of a table with `valid_from` and `valid_to` that hold on a day."""
    columns: Any = table(name).c
    return and_(columns.valid_from <= day, columns.valid_to > day)
