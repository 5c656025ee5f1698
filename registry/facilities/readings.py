"""Readings of capabilities: a value as of a day, and the day it was last confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from registry.facilities.asof import known
from registry.facilities.fields import to_number
from registry.facilities.view import Reading
from registry.rows import table


@dataclass(frozen=True)
class Given:
    """What one report says of one facility: capability -> value, None for no longer reported."""

    facility_id: int
    values: Mapping[str, float | None]
    as_of: date
    source: str | None


def first_readings(reports: Iterable[Given]) -> list[dict[str, Any]]:
    """Return the rows of facilities that have no readings yet; what is not given has no row."""
    return [
        reading(report, code, value)
        for report in reports
        for code, value in report.values.items()
        if value is not None
    ]


def reading(report: Given, code: str, value: float | None) -> dict[str, Any]:
    """Return the row of one new reading."""
    return {
        "facility_id": report.facility_id,
        "capability_code": code,
        "value": None if value is None else to_number(code, value),
        "as_of": report.as_of,
        "confirmed_on": report.as_of,
        "source": report.source,
    }


def readings_of(
    connection: Connection, ids: Sequence[int], day: date, known_at: datetime | None = None
) -> dict[int, dict[str, Reading]]:
    """Return the readings in force on a day by facility id and capability."""
    value = table("capability_value")
    query = (
        select(value)
        .where(value.c.facility_id.in_(ids), value.c.as_of <= day)
        .where(known("capability_value", known_at))
        .order_by(value.c.as_of, value.c.id)
    )
    found: dict[int, dict[str, Reading]] = {}
    for row in connection.execute(query).mappings():
        own = found.setdefault(row["facility_id"], {})
        own.pop(row["capability_code"], None)
        if row["value"] is not None:
            shown = Reading(row["value"], row["as_of"], row["confirmed_on"], row["source"])
            own[row["capability_code"]] = shown
    return found
