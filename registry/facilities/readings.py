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
    """What one report says of one facility: capability -> value, None for no longer reported.

    `corrects` says that a first reading on a later day was wrong: it begins on `as_of` instead.
    """

    facility_id: int
    values: Mapping[str, float | None]
    as_of: date
    source: str | None
    corrects: bool = False


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
        "id": None,
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


def last_read_on(connection: Connection, facility_id: int, code: str) -> date | None:
    """Return the day of a facility's latest reading of a capability, None when there is none."""
    series = _series(connection, [facility_id]).get((facility_id, code), [])
    return max((row["as_of"] for row in series), default=None)


def values_by_day(
    connection: Connection, facility_id: int
) -> dict[str, list[tuple[date, float | None]]]:
    """Return, by capability, the days from which a facility's values hold, in order."""
    found = {
        code: sorted((row["as_of"], row["id"], row["value"]) for row in own)
        for (_, code), own in _series(connection, [facility_id]).items()
    }
    return {code: [(day, value) for day, _, value in own] for code, own in found.items()}


def update_readings(
    connection: Connection, reports: Sequence[Given]
) -> tuple[list[int], list[dict[str, Any]]]:
    """Return the ids to supersede and the rows to write so that the reports are known.

    A report for the same day replaces the reading of that day; one that repeats the value in force
    confirms it; any other is a new reading. `None` ends a measure, and says nothing of the past.
    """
    reports = [report for report in reports if report.values]
    series = _series(connection, [report.facility_id for report in reports])
    before = {row["id"] for own in series.values() for row in own}
    for report in reports:
        for code, value in report.values.items():
            own = series.setdefault((report.facility_id, code), [])
            new = reading(report, code, value)
            if report.corrects:
                _take_out_first(own, new)
            _take_in(own, new)
    after = [row for own in series.values() for row in own]
    superseded = before - {row["id"] for row in after}
    return sorted(superseded), [row for row in after if row["id"] is None]


def _take_out_first(own: list[dict[str, Any]], new: dict[str, Any]) -> None:
    """Let a new reading stand in the place of the first, when that is of a later day."""
    first = min(own, key=lambda row: row["as_of"], default=None)
    if first is not None and first["as_of"] > new["as_of"]:
        own.remove(first)
        new["confirmed_on"] = first["confirmed_on"]
        new["source"] = new["source"] or first["source"]


def _take_in(own: list[dict[str, Any]], new: dict[str, Any]) -> None:
    """Put one reading into a facility's series of one capability."""
    same_day = next((row for row in own if row["as_of"] == new["as_of"]), None)
    earlier = [row for row in own if row["as_of"] < new["as_of"]]
    last = max(earlier, key=lambda row: row["as_of"], default=None)
    repeats = new["value"] == (last["value"] if last else None)
    if same_day is not None:
        if same_day["value"] != new["value"]:
            own[own.index(same_day)] = new
    elif not repeats:
        own.append(new)
    elif last and new["value"] is not None and new["as_of"] > last["confirmed_on"]:
        source = new["source"] or last["source"]
        own[own.index(last)] = {**new, "as_of": last["as_of"], "source": source}


def _series(
    connection: Connection, ids: Sequence[int]
) -> dict[tuple[int, str], list[dict[str, Any]]]:
    value = table("capability_value")
    query = select(value).where(value.c.facility_id.in_(ids), known("capability_value", None))
    query = query.order_by(value.c.id)  # the order in which what follows from them is written
    series: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in connection.execute(query).mappings():
        series.setdefault((row["facility_id"], row["capability_code"]), []).append(dict(row))
    return series
