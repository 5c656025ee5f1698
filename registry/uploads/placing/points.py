"""Ask for the counties of many points at once, and compare a point with the county declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from codes.datums import DATUMS, UNKNOWN, to_cgcs2000
from codes.divisions import county_of
from codes.errors import DataError
from codes.place import (
    PlaceProposal,
    distance_to_county_m,
    distances_by_datum,
    propose_counties,
)
from codes.upload_limits import limit

Point = tuple[float, float, str | None]
"""Longitude, latitude in degrees, and the datum as given."""

CONVERTIBLE: Final = tuple(datum for datum in DATUMS if datum != UNKNOWN)


def point_of(fields: Mapping[str, Any]) -> Point | None:
    """Return the point of a row, None without two usable numbers."""
    longitude, latitude = fields.get("longitude"), fields.get("latitude")
    if not isinstance(longitude, (int, float)) or not isinstance(latitude, (int, float)):
        return None
    datum = fields.get("datum")
    return float(longitude), float(latitude), datum if datum in DATUMS else None


def propose_all(points: Sequence[Point | None]) -> list[PlaceProposal | None]:
    """Return the county of each point in one go for each datum."""
    found: list[PlaceProposal | None] = [None] * len(points)
    by_datum: dict[str | None, list[int]] = {}
    for index, point in enumerate(points):
        if point is not None:
            by_datum.setdefault(point[2], []).append(index)
    for datum, indexes in by_datum.items():
        lons = [points[index][0] for index in indexes]  # type: ignore[index]
        lats = [points[index][1] for index in indexes]  # type: ignore[index]
        for index, proposal in zip(indexes, propose_counties(lons, lats, datum), strict=True):
            found[index] = proposal
    return found


@dataclass(frozen=True)
class Stray:
    """A point outside its declared division: what to say of it, and the datums that would fit.

    `far` says that it is so far away, in whatever datum, that one of the two has to be wrong.
    """

    params: Mapping[str, Any]
    fitting: Sequence[str]
    far: bool = False


def strays(
    declared: Sequence[tuple[Point, PlaceProposal, str]],
) -> list[Stray | None]:
    """Return, for each (point, where it lies, declared division), whether and how it strays.

    Within the outlines' tolerance, and where there is no outline (islands), it does not.
    """
    outside = [_outside(*one) for one in declared]
    points = [one[0] for one, params in zip(declared, outside, strict=True) if params]
    inside = {datum: _homes(points, datum) for datum in CONVERTIBLE}
    found: list[Stray | None] = []
    at = 0
    for (point, _, code), params in zip(declared, outside, strict=True):
        if params is None:
            found.append(None)
            continue
        county = county_of(code)
        fitting = [
            datum for datum in CONVERTIBLE if datum != point[2] and county in inside[datum][at]
        ]
        found.append(Stray(params, fitting, not fitting and _is_far(point, county)))
        at += 1
    return found


def _outside(point: Point, proposal: PlaceProposal, code: str) -> dict[str, Any] | None:
    county = county_of(code)
    near = {candidate.county_code for candidate in proposal.candidates}
    if county in near or not proposal.candidates:
        return None
    metres = _distance(point, county)
    if metres is None:
        return None
    return {
        "longitude": point[0],
        "latitude": point[1],
        "division_division": county,
        "distance_metres": round(metres),
        "found_divisions": [candidate.county_code for candidate in proposal.candidates[:1]],
    }


def _is_far(point: Point, county: str) -> bool:
    """A point whose datum nobody knows is never far: it may be anywhere it is moved to."""
    if point[2] not in CONVERTIBLE:
        return False
    return min(distances_by_datum(point[0], point[1], county).values()) > limit("stray_metres")


def _homes(points: Sequence[Point], datum: str) -> list[frozenset[str]]:
    """The counties each point lies in when read in a datum, near their borders or not."""
    if not points:
        return []
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    return [
        frozenset(one.county_code for one in proposal.candidates if one.distance_m == 0)
        for proposal in propose_counties(lons, lats, datum)
    ]


def _distance(point: Point, county: str) -> float | None:
    lon, lat, datum = point
    known = datum if datum in CONVERTIBLE else CONVERTIBLE[0]
    try:
        return distance_to_county_m(*to_cgcs2000(lon, lat, known), county)
    except DataError:
        return None
