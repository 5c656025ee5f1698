"""What is registered, as rows are compared with it: fetched in bulk, one query a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, Select, and_, select
from sqlmodel import Session

from codes.china_time import today
from registry.facilities.allowed import CLOSED, ended_statuses
from registry.facilities.asof import known
from registry.facilities.fields import key_of, state_columns
from registry.facilities.readings import readings_of
from registry.rows import table
from registry.tables.base import END_OF_TIME
from registry.uploads.proposing.registered import Registered

CHUNK: Final = 5_000
"""Values in one list of a query; no database minds so many."""


class Brief(NamedTuple):
    """Which facility it is, what it is called, and when its present state began."""

    code: str
    name: str
    since: date


def by_codes(session: Session, codes: Iterable[str]) -> dict[str, Registered]:
    """Return the facilities with the stored codes, by code."""
    found = _fetch(session, table("facility").c.code, codes)
    return {one.code: one for one in found}


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Registered]:
    """Return the facilities with the ids, by id."""
    found = _fetch(session, table("facility").c.id, ids)
    return {one.id: one for one in found}


def brief(session: Session, ids: Iterable[int]) -> dict[int, Brief]:
    """Return the least of the facilities with the ids, by id."""
    version, facility = table("facility_version").c, table("facility").c
    columns = version.facility_id, facility.code, version.name, version.valid_from
    found: dict[int, Brief] = {}
    for chunk in _chunks(sorted(set(ids))):
        query = _latest().with_only_columns(*columns).where(facility.id.in_(chunk))
        found |= {id_: Brief(*rest) for id_, *rest in session.connection().execute(query)}
    return found


def by_places(
    session: Session, places: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[Registered]]:
    """Return the facilities of each (class, county) asked for, in order of their codes.

    Without capabilities and identifiers: hardly one of them is any row, and `by_ids` brings those.
    """
    version: Any = table("facility_version").c
    found: dict[tuple[str, str], list[Registered]] = {}
    for class_code, county_code in sorted(set(places)):
        here = and_(version.class_code == class_code, version.county_code == county_code)
        found[class_code, county_code] = [_made(row) for row in _rows(session, here)]
    return found


def open_in_box(
    session: Session, class_code: str, west: float, south: float, east: float, north: float
) -> list[tuple[int, str, str]]:
    """Return (id, name, county) of the open facilities of a class in a box, CGCS2000 degrees."""
    version: Any = table("facility_version").c
    query = _latest().with_only_columns(version.facility_id, version.name, version.county_code)
    inside = query.where(
        version.class_code == class_code,
        version.lon_2000.between(west, east),
        version.lat_2000.between(south, north),
        version.status.not_in((CLOSED, *sorted(ended_statuses()))),
    )
    return [tuple(one) for one in session.connection().execute(inside)]


def by_numbers(
    session: Session, numbers: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[int]]:
    """Return the ids of the facilities that have a number, by (scheme, number)."""
    identifier = table("identifier")
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in set(numbers):
        by_scheme.setdefault(scheme, []).append(value)
    found: dict[tuple[str, str], list[int]] = {}
    for scheme, values in by_scheme.items():
        for chunk in _chunks(sorted(values)):
            query = select(identifier.c.value, identifier.c.facility_id).where(
                identifier.c.scheme_code == scheme,
                identifier.c.value.in_(chunk),
                known("identifier", None),
            )
            for value, facility_id in session.connection().execute(query):
                found.setdefault((scheme, value), []).append(facility_id)
    return found


def _fetch(
    session: Session, column: ColumnElement[Any], wanted: Iterable[Any]
) -> Iterator[Registered]:
    for chunk in _chunks(sorted(set(wanted))):
        rows = _rows(session, column.in_(chunk))
        ids = [row["facility_id"] for row in rows]
        readings = readings_of(session.connection(), ids, today())
        numbers = _numbers(session, ids)
        for row in rows:
            id_ = row["facility_id"]
            measures = {code: one.value for code, one in readings.get(id_, {}).items()}
            yield _made(row, numbers.get(id_, {}) | measures)


def _rows(session: Session, condition: ColumnElement[bool]) -> Sequence[RowMapping]:
    return session.connection().execute(_latest().where(condition)).mappings().all()


def _made(row: RowMapping, more: Mapping[str, Any] = MappingProxyType({})) -> Registered:
    return Registered(
        row["facility_id"],
        row["code"],
        row["id"],
        row["valid_from"],
        {**_fields(row), **more},
        row["class_code"],
        row["county_code"],
        row["lon_2000"],
        row["lat_2000"],
    )


def _latest() -> Select[Any]:
    version, facility = table("facility_version"), table("facility")
    return (
        select(facility.c.code, *version.c)
        .join_from(version, facility, version.c.facility_id == facility.c.id)
        .where(known("facility_version", None), version.c.valid_to == END_OF_TIME)
        .order_by(facility.c.code)
    )


def _fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    fields = {key_of(column): row[column] for column in state_columns()}
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in fields.items()
        if value is not None
    }


def _numbers(session: Session, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    identifier = table("identifier")
    query = select(identifier.c.facility_id, identifier.c.scheme_code, identifier.c.value).where(
        identifier.c.facility_id.in_(ids), known("identifier", None)
    )
    found: dict[int, dict[str, str]] = {}
    for facility_id, scheme, value in session.connection().execute(query.order_by(identifier.c.id)):
        found.setdefault(facility_id, {})[scheme] = value
    return found


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
