"""Draw many points as few: what lies in one cell of a grid becomes one mark with a number.

Cells are halves of halves of the world, so that they stay where they are while the map is moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from exports.site.map_points import Kinds, Mask, Numbers, Points

MOST_ACROSS: Final = 128
"""So many cells stand side by side at most, however small they are asked for."""

SMALLEST: Final = 2.0**-30


@dataclass(frozen=True)
class Cluster:
    """So many facilities about one place; `category` and `county` when all are of one.

    `row` is the facility when it is one.
    """

    lon: float
    lat: float
    count: int
    category: str | None
    county: str | None
    row: int | None


def clusters(
    points: Points, wanted: Mask, cell: float, drawn_singly: int, *, by_county: bool = False
) -> list[Cluster]:
    """Put the wanted points into cells at least `cell` wide, where the whole world is 1.

    So few as `drawn_singly` are not put together; `by_county` keeps counties apart in a cell.
    """
    at = np.flatnonzero(wanted)
    if len(at) <= drawn_singly:
        return [_single(points, int(one)) for one in at]
    cells = _cells(points, at, cell)
    if by_county:
        cells = cells * len(points.county.codes) + points.county.place[at]
    count = np.bincount(cells)
    used = np.flatnonzero(count)
    lon, lat = (
        np.bincount(cells, part[at])[used] / count[used] for part in (points.lon, points.lat)
    )
    categories = _shared(points.category, at, cells, used)
    counties = _shared(points.county, at, cells, used)
    first = np.zeros(len(count), dtype=np.int64)
    first[cells[::-1]] = at[::-1]
    found = zip(
        first[used].tolist(), count[used].tolist(), lon, lat, categories, counties, strict=True
    )
    return [
        _single(points, one)
        if number == 1
        else Cluster(float(x), float(y), number, category, county, None)
        for one, number, x, y, category, county in found
    ]


def _shared(kinds: Kinds, at: Numbers, cells: Numbers, used: Numbers) -> list[str | None]:
    """Return for each used cell the code that all in it have, None for several."""
    same = _same(cells, kinds.place[at].astype(np.int64), int(used[-1]) + 1)[used]
    codes = (*kinds.codes, None)  # the last, at -1, is for several
    return [codes[one] for one in same.tolist()]


def _cells(points: Points, at: Numbers, cell: float) -> Numbers:
    """Number the cells of the points, from 0, without great gaps."""
    east, south = points.east[at], points.south[at]
    span = max(float(np.ptp(east)), float(np.ptp(south)))
    parts = 2.0 ** np.floor(-np.log2(max(cell, span / MOST_ACROSS, SMALLEST)))
    x, y = (np.floor(part * parts).astype(np.int64) for part in (east, south))
    x, y = x - x.min(), y - y.min()
    return np.asarray(y * (int(x.max()) + 1) + x, dtype=np.int64)


def _same(cells: Numbers, kind: Numbers, count: int) -> Numbers:
    """Return for each cell the one kind in it, or -1."""
    least, most = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(least, cells, kind)
    np.maximum.at(most, cells, kind)
    return np.where(least == most, most, -1)


def _single(points: Points, one: int) -> Cluster:
    category = points.category.codes[int(points.category.place[one])]
    county = points.county.codes[int(points.county.place[one])]
    lon, lat = float(points.lon[one]), float(points.lat[one])
    return Cluster(lon, lat, 1, category, county, int(points.row[one]))
