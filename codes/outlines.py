"""County outlines and distances to them, in metres.

Distances are taken on a plane: each county is laid flat with the cosine of its own middle latitude,
so that a degree east is as long as it is there. That is off by less than one per cent in nineteen
counties of twenty, and by less than four in all. An outline is read when it is first needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from codes.errors import DataError
from codes.outline_file import Place, read_index, read_places, read_whole

NO_OUTLINE: Final = -1

_METRES_PER_DEGREE: Final = 6371008.8 * np.pi / 180


@dataclass(frozen=True)
class Nearby:
    """Pairs of a point and a county near it; distance 0 means inside or on the outline."""

    point: NDArray[np.int64]
    county: NDArray[np.int64]
    distance_m: NDArray[np.float64]


@dataclass(frozen=True)
class _Read:
    """The outlines read so far: the counties they are of, and a tree that finds them."""

    county: NDArray[np.int64]
    tree: Any


@dataclass
class Outlines:
    """All counties, one index for all arrays; `bounds` are west, south, east, north in degrees."""

    codes: NDArray[np.str_]
    bounds: NDArray[np.float64]
    places: list[Place] = field(repr=False)

    def __post_init__(self) -> None:
        middle = np.radians((self.bounds[:, 1] + self.bounds[:, 3]) / 2)
        self.parallel_m = _METRES_PER_DEGREE * np.cos(middle)
        self._boxes = shapely.STRtree(shapely.box(*self.bounds.T))
        self._shapes = np.full(len(self.codes), None, dtype=object)
        self._flat = self._shapes.copy()
        self._known = np.zeros(len(self.codes), dtype=bool)
        self._read = _Read(np.empty(0, dtype=np.int64), shapely.STRtree([]))
        self._reading = Lock()

    @property
    def read(self) -> NDArray[np.int64]:
        """Return the counties whose outlines have been read so far."""
        return self._read.county

    def shapes(self, county: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the outlines of counties, in CGCS2000 degrees."""
        self._need(county)
        return self._shapes[county]

    def flat(self, county: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the outlines of counties, in metres on each county's own plane."""
        self._need(county)
        return self._flat[county]

    def within(
        self, points: NDArray[np.object_], reach: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return pairs of a point and a county at most `reach` degrees from it."""
        self._need(self._boxes.query(points, predicate="dwithin", distance=reach)[1])
        read = self._read
        point, at = read.tree.query(points, predicate="dwithin", distance=reach)
        return point, read.county[at]

    def take(self, county: NDArray[np.int64], shapes: NDArray[np.object_]) -> None:
        """Note outlines that have been read."""
        points, owner = shapely.get_coordinates(shapes, return_index=True)
        east = self.parallel_m[county][owner]
        scaled = points * np.column_stack([east, np.full(len(owner), _METRES_PER_DEGREE)])
        self._flat[county] = shapely.set_coordinates(shapes.copy(), scaled)
        self._shapes[county] = shapes
        self._known[county] = True
        known = np.flatnonzero(self._known)
        self._read = _Read(known, shapely.STRtree(self._shapes[known]))

    def _need(self, county: NDArray[np.int64]) -> None:
        with self._reading:
            missing = np.unique(county[~self._known[county]])
            if missing.size:
                self.take(missing, read_places([self.places[at] for at in missing]))


@cache
def outlines() -> Outlines:
    """Load what is known of all counties, once. Raises StoreError for a file missing or changed."""
    if indexed := read_index():
        places, bounds = indexed
        return Outlines(np.array([code for code, _, _ in places]), bounds, places)
    codes, shapes = read_whole()
    found = Outlines(np.array(codes), shapely.bounds(shapes), [])
    found.take(np.arange(len(codes)), shapes)
    return found


def outline(county_code: str) -> Any:
    """Return a county's outline as a shapely geometry in CGCS2000 degrees.

    Raises DataError for a county without one, such as a county abolished before the outlines.
    """
    return outlines().shapes(np.array([index_of(county_code)]))[0]


def index_of(county_code: str) -> int:
    """Return a county's place in the arrays; raises DataError as `outline` does."""
    found = int(indexes_of([county_code])[0])
    if found == NO_OUTLINE:
        raise DataError("place.outline_unknown", seen=county_code)
    return found


def indexes_of(county_codes: Iterable[str]) -> NDArray[np.int64]:
    """Return the places of counties in the arrays, `NO_OUTLINE` for one without an outline."""
    places = _places()
    return np.array([places.get(code, NO_OUTLINE) for code in county_codes], dtype=np.int64)


@cache
def _places() -> dict[str, int]:
    return {code: at for at, code in enumerate(outlines().codes.tolist())}


def distances_m(
    lon: NDArray[np.float64], lat: NDArray[np.float64], county: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the metres from each point to the county of the same place in `county`."""
    found = outlines()
    points = shapely.points(lon * found.parallel_m[county], lat * _METRES_PER_DEGREE)
    distance: NDArray[np.float64] = shapely.distance(points, found.flat(county))
    return distance


def nearby(lon: NDArray[np.float64], lat: NDArray[np.float64], radius_m: float) -> Nearby:
    """Return every county within `radius_m` of each point, points in CGCS2000 degrees."""
    reach = radius_m / (_METRES_PER_DEGREE * np.cos(np.radians(np.abs(lat) + 1)))
    point, county = outlines().within(shapely.points(lon, lat), reach)
    distance = distances_m(lon[point], lat[point], county)
    kept = distance <= radius_m
    return Nearby(point[kept], county[kept], distance[kept])
