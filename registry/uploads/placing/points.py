"""Ask for the counties of many points at once, and compare a point with the county declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from codes.datums import DATUMS, UNKNOWN
from codes.divisions import county_of
from codes.outlines import NO_OUTLINE, indexes_of
from codes.place import PlaceProposal, distances_by_datum, propose_counties
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
    found: list[Stray | None] = [None] * len(declared)
    index = indexes_of(county_of(code) for _, _, code in declared)
    outside = [
        at
        for at, (_, proposal, code) in enumerate(declared)
        if index[at] != NO_OUTLINE and _is_outside(proposal, county_of(code))
    ]
    if not outside:
        return found
    points = [declared[at][0] for at in outside]
    lon, lat = (np.array([point[of] for point in points]) for of in (0, 1))
    stated = np.array([point[2] in CONVERTIBLE for point in points])
    read = Readings(distances_by_datum(lon, lat, index[outside]), stated)
    for at, where in enumerate(outside):
        found[where] = _stray(read, at, *declared[where])
    return found


@dataclass(frozen=True)
class Readings:
    """How far points are from a county each, in metres, read in every datum they may be in.

    `stated` says whose datum is known; a point of an unknown one may be anywhere it is moved to.
    """

    metres: Mapping[str, NDArray[np.float64]]
    stated: NDArray[np.bool_]

    @cached_property
    def fitting(self) -> NDArray[np.bool_]:
        """Whether some datum puts a point inside."""
        fits: NDArray[np.bool_] = self._least == 0
        return fits

    @cached_property
    def far(self) -> NDArray[np.bool_]:
        """Whether a point is far outside in whatever datum."""
        return self.stated & (self._least > limit("stray_metres"))

    @cached_property
    def _least(self) -> NDArray[np.float64]:
        least: NDArray[np.float64] = np.min(list(self.metres.values()), axis=0)
        return least


def _is_outside(proposal: PlaceProposal, county: str) -> bool:
    near = {candidate.county_code for candidate in proposal.candidates}
    return bool(near) and county not in near


def _stray(read: Readings, at: int, point: Point, proposal: PlaceProposal, code: str) -> Stray:
    known = point[2] if point[2] in CONVERTIBLE else CONVERTIBLE[0]
    params = {
        "longitude": point[0],
        "latitude": point[1],
        "division_division": county_of(code),
        "distance_metres": round(float(read.metres[known][at])),
        "found_divisions": [candidate.county_code for candidate in proposal.candidates[:1]],
    }
    fitting = [one for one in CONVERTIBLE if one != point[2] and read.metres[one][at] == 0]
    return Stray(params, fitting, bool(read.far[at]))
