"""What is registered, as rows are compared with it: fetched in bulk, one question at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from codes.china_time import today
from registry.dates import as_day
from registry.facilities.allowed import CLOSED, ended_statuses
from registry.facilities.fields import key_of, state_columns
from registry.plain_sql import Reader, ask, chunks
from registry.uploads.proposing.registered import Registered

LATEST: Final = """
FROM facility_version AS version JOIN facility ON facility.id = version.facility_id
WHERE version.superseded_at IS NULL AND version.valid_to = '9999-12-31'
"""
"""The last version of every facility; more conditions follow."""

IN_ORDER: Final = "ORDER BY facility.code"

NUMBERS: Final = """
SELECT facility_id, scheme_code, value FROM identifier
WHERE superseded_at IS NULL AND facility_id IN ? ORDER BY id
"""
OWNERS: Final = """
SELECT value, facility_id FROM identifier
WHERE superseded_at IS NULL AND scheme_code = ? AND value IN ?
"""
MEASURES: Final = """
SELECT facility_id, capability_code, value FROM capability_value
WHERE superseded_at IS NULL AND as_of <= ? AND facility_id IN ? ORDER BY as_of, id
"""

Found = dict[int, dict[str, Any]]
"""Something by facility id and key."""


class Brief(NamedTuple):
    """Which facility it is, what it is called, and when its present state began."""

    code: str
    name: str
    since: date


def by_codes(reader: Reader, codes: Iterable[str]) -> dict[str, Registered]:
    """Return the facilities with the stored codes, by code."""
    return {one.code: one for one in _fetch(reader, "facility.code", codes)}


def by_ids(reader: Reader, ids: Iterable[int]) -> dict[int, Registered]:
    """Return the facilities with the ids, by id."""
    return {one.id: one for one in _fetch(reader, "facility.id", ids)}


def brief(reader: Reader, ids: Iterable[int]) -> dict[int, Brief]:
    """Return the least of the facilities with the ids, by id."""
    columns = "version.facility_id, facility.code, version.name, version.valid_from"
    query = f"SELECT {columns} {LATEST} AND facility.id IN ?"
    return {
        id_: Brief(code, name, as_day(since))
        for chunk in chunks(sorted(set(ids)))
        for id_, code, name, since in ask(reader, query, chunk)
    }


def by_places(
    reader: Reader, places: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[Registered]]:
    """Return the facilities of each (class, county) asked for, in order of their codes.

    Without capabilities and identifiers: hardly one of them is any row, and `by_ids` brings those.
    """
    here = "version.class_code = ? AND version.county_code = ?"
    return {place: list(map(_made, _rows(reader, here, *place))) for place in sorted(set(places))}


def open_in_box(
    reader: Reader, class_code: str, west: float, south: float, east: float, north: float
) -> list[tuple[int, str, str]]:
    """Return (id, name, county) of the open facilities of a class in a box, CGCS2000 degrees."""
    query = f"""
    SELECT version.facility_id, version.name, version.county_code {LATEST}
    AND version.class_code = ? AND version.status NOT IN ?
    AND version.lon_2000 BETWEEN ? AND ? AND version.lat_2000 BETWEEN ? AND ? {IN_ORDER}
    """
    ended = [CLOSED, *sorted(ended_statuses())]
    found = ask(reader, query, class_code, ended, west, east, south, north)
    return [(id_, name, county) for id_, name, county in found]


def by_numbers(
    reader: Reader, numbers: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[int]]:
    """Return the ids of the facilities that have a number, by (scheme, number)."""
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in set(numbers):
        by_scheme.setdefault(scheme, []).append(value)
    found: dict[tuple[str, str], list[int]] = {}
    for scheme, values in by_scheme.items():
        for chunk in chunks(sorted(values)):
            for value, facility_id in ask(reader, OWNERS, scheme, chunk):
                found.setdefault((scheme, value), []).append(facility_id)
    return found


def _fetch(reader: Reader, column: str, wanted: Iterable[Any]) -> Iterator[Registered]:
    for chunk in chunks(sorted(set(wanted))):
        rows = _rows(reader, f"{column} IN ?", chunk)
        ids = [row[0] for row in rows]
        measures, numbers = _measures(reader, ids), _numbers(reader, ids)
        for row in rows:
            yield _made(row, numbers.get(row[0], {}) | measures.get(row[0], {}))


def _rows(reader: Reader, condition: str, *values: Any) -> Sequence[Sequence[Any]]:
    return ask(reader, f"{_of_latest()} AND {condition} {IN_ORDER}", *values)


@cache
def _of_latest() -> str:
    """Ask for what `_made` takes: what the registry keeps of a facility, then its fields."""
    own = "valid_from", "class_code", "county_code", "lon_2000", "lat_2000", *state_columns()
    columns = ", ".join(f"version.{name}" for name in own)
    return f"SELECT facility.id, facility.code, version.id, {columns} {LATEST}"


@cache
def _keys() -> tuple[str, ...]:
    return tuple(map(key_of, state_columns()))


def _made(row: Sequence[Any], more: Mapping[str, Any] = MappingProxyType({})) -> Registered:
    id_, code, version_id, since, class_code, county_code, lon, lat, *values = row
    fields = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in zip(_keys(), values, strict=True)
        if value is not None
    }
    where = class_code, county_code, lon, lat
    return Registered(id_, code, version_id, as_day(since), {**fields, **more}, *where)


def _measures(reader: Reader, ids: Sequence[int]) -> Found:
    """The value in force today of each capability; one no longer reported is left out."""
    found: Found = {}
    for chunk in chunks(ids):
        for facility_id, code, value in ask(reader, MEASURES, today().isoformat(), chunk):
            own = found.setdefault(facility_id, {})
            own.pop(code, None)
            if value is not None:
                own[code] = value
    return found


def _numbers(reader: Reader, ids: Sequence[int]) -> Found:
    found: Found = {}
    for chunk in chunks(ids):
        for facility_id, scheme, value in ask(reader, NUMBERS, chunk):
            found.setdefault(facility_id, {})[scheme] = value
    return found
