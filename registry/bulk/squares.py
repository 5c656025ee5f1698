"""Points that are surely inside the county declared: told for a square of the map, only once."""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from codes.datums import DATUMS, UNKNOWN, to_cgcs2000
from codes.outlines import nearby, outlines
from codes.reach import policy
from registry.bulk.engine import Connection, fill
from registry.bulk.row_parts import box

SQUARES: Final = 250
"""Squares to a degree: 0.004 degrees, some 445 m."""

HALF_DIAGONAL_M: Final = 320.0
"""From the middle of a square to its corner, at the equator where it is farthest; rounded up."""

SHIFT_M: Final = 2000.0
"""More than any datum moves a point."""

_WGS84: Final = "WGS84"


def unsure_points(connection: Connection, located: str) -> str:
    """Return the query of the places of points not surely inside the county of their row.

    `located` is a query of place, county, datum, longitude, latitude. Makes the table `unsure`.
    """
    # a point that cannot be one of China says nothing about the county
    (west, east), (south, north) = box()
    squared = (
        f"SELECT place, county, coalesce(datum, '{UNKNOWN}') AS datum, "
        f"floor(longitude * {SQUARES})::INTEGER AS x, floor(latitude * {SQUARES})::INTEGER AS y "
        f"FROM ({located}) WHERE county IS NOT NULL "
        f"AND longitude BETWEEN {west} AND {east} AND latitude BETWEEN {south} AND {north}"
    )
    found = connection.execute(f"SELECT DISTINCT county, datum, x, y FROM ({squared})").fetchall()
    sure = _surely_inside(found)
    unsure = [row for row, inside in zip(found, sure, strict=True) if not inside]
    columns = {"county": "VARCHAR", "datum": "VARCHAR", "x": "INTEGER", "y": "INTEGER"}
    fill(connection, "unsure", columns, unsure)
    return f"SELECT place FROM ({squared}) SEMI JOIN unsure USING (county, datum, x, y)"


def _surely_inside(squares: list[Any]) -> NDArray[np.bool_]:
    """Say of (county, datum, x, y) whether every point in the square counts as inside the county.

    As in `codes.place`: within the outlines' tolerance, and no more counties near than it lists.
    """
    inside = np.zeros(len(squares), dtype=bool)
    by_datum: dict[str, list[int]] = {}
    for at, square in enumerate(squares):
        by_datum.setdefault(square[1], []).append(at)
    for datum, places in by_datum.items():
        county = np.array([squares[at][0] for at in places])
        lon = (np.array([squares[at][2] for at in places]) + 0.5) / SQUARES
        lat = (np.array([squares[at][3] for at in places]) + 0.5) / SQUARES
        inside[places] = _inside(county, lon, lat, datum)
    return inside


def _inside(
    county: NDArray[np.str_], lon: NDArray[np.float64], lat: NDArray[np.float64], datum: str
) -> NDArray[np.bool_]:
    tolerance = policy()["outline_tolerance_m"]
    stated = datum in DATUMS and datum != UNKNOWN
    known = datum if stated else _WGS84
    reach = tolerance + HALF_DIAGONAL_M + (0.0 if stated else SHIFT_M)
    near = nearby(*to_cgcs2000(lon, lat, known), reach)
    own = outlines().codes[near.county] == county[near.point]
    close = own & (near.distance_m <= tolerance - HALF_DIAGONAL_M)
    found = np.zeros(len(county), dtype=bool)
    found[near.point[close]] = True
    few = np.bincount(near.point, minlength=len(county)) <= policy()["candidates_most"]
    both: NDArray[np.bool_] = found & few
    return both
