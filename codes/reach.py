"""Which counties many points may lie in, as arrays; `codes.place` puts it in words.

A point whose datum is not stated is tried under several; of each pair of a point and a county the
least distance counts, and under which of them the county holds the point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from codes.book import load_book
from codes.datums import to_cgcs2000
from codes.outlines import NO_OUTLINE, Nearby, nearby, outlines

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reach:
    """Pairs of a point (of `size`) and a county near it, each pair once.

    `distance_m` is the least under any datum tried, 0 inside; `homes` has a bit for each datum
    under which the county holds the point. A point that no county holds is told of those farther
    around.
    """

    size: int
    tried: int
    point: Indexes
    county: Indexes
    distance_m: Floats
    homes: Indexes

    @cached_property
    def outside(self) -> Flags:
        """The points that no county holds under any datum."""
        lost: Flags = self._homes_of == 0
        return lost

    @cached_property
    def torn(self) -> Flags:
        """The points that the datums, or outlines that overlap, put in more than one county."""
        common = np.bincount(self.point[self._whole], minlength=self.size)
        apart: Flags = ~self.outside & ((common != 1) | (self._homes_of != common))
        return apart

    @cached_property
    def border_m(self) -> Floats:
        """Metres from each point to the nearest county that does not hold it, inf for none near."""
        border = np.full(self.size, np.inf)
        others = ~self._whole
        np.minimum.at(border, self.point[others], self.distance_m[others])
        return border

    @cached_property
    def certain(self) -> Flags:
        """The points of which one county holds each, under every datum, and none other is near."""
        near = self.border_m <= policy()["outline_tolerance_m"]
        sure: Flags = ~(self.outside | self.torn | near)
        return sure

    @cached_property
    def home(self) -> Indexes:
        """The county of each point of which it is certain, else `NO_OUTLINE`."""
        found = np.full(self.size, NO_OUTLINE, dtype=np.int64)
        sure = self._whole & self.certain[self.point]
        found[self.point[sure]] = self.county[sure]
        return found

    @cached_property
    def candidates(self) -> Indexes:
        """The pairs whose county comes into question, by point, the likeliest first."""
        limits = policy()
        far = np.where(self.outside, limits["outside_search_m"], limits["outline_tolerance_m"])
        kept = np.flatnonzero(self.distance_m <= far[self.point])
        codes = outlines().codes[self.county[kept]]
        held = np.bitwise_count(self.homes[kept]).astype(np.int64)
        kept = kept[np.lexsort((codes, self.shown_m[kept], -held, self.point[kept]))]
        first = np.searchsorted(self.point[kept], self.point[kept], side="left")
        return kept[np.arange(kept.size) - first < int(limits["candidates_most"])]

    @cached_property
    def shown_m(self) -> Floats:
        """The distances as they are told."""
        return np.round(self.distance_m, 1)

    def lists(self, county: Indexes) -> Flags:
        """Say of each point whether the county at its place is among its candidates."""
        return self._any(self.candidates[self.county[self.candidates] == county[self._asked]])

    def holds(self, county: Indexes) -> Flags:
        """Say of each point whether the county at its place holds it, under some datum."""
        own = self.county[self.candidates] == county[self._asked]
        return self._any(self.candidates[own & (self.shown_m[self.candidates] == 0)])

    @cached_property
    def placed(self) -> Flags:
        """The points that have any candidate."""
        return self._any(self.candidates)

    @cached_property
    def _asked(self) -> Indexes:
        return self.point[self.candidates]

    @cached_property
    def _whole(self) -> Flags:
        whole: Flags = self.homes == (1 << self.tried) - 1
        return whole

    @cached_property
    def _homes_of(self) -> Indexes:
        return np.bincount(self.point[self.homes > 0], minlength=self.size)

    def _any(self, pairs: Indexes) -> Flags:
        found = np.zeros(self.size, dtype=np.bool_)
        found[self.point[pairs]] = True
        return found


def reach(lon: Floats, lat: Floats, datums: Sequence[str], radius_m: float) -> Reach:
    """Return the counties within a radius of points of China, degrees as given in each datum.

    Raises DataError for a datum that cannot be converted.
    """
    found = [_near(*to_cgcs2000(lon, lat, datum), radius_m) for datum in datums]
    point = np.concatenate([one.point for one in found])
    county = np.concatenate([one.county for one in found])
    distance = np.concatenate([one.distance_m for one in found])
    homes = np.concatenate([(one.distance_m == 0) * (1 << at) for at, one in enumerate(found)])
    pairs, which = np.unique(point * len(outlines().codes) + county, return_inverse=True)
    least, held = np.full(pairs.size, np.inf), np.zeros(pairs.size, dtype=np.int64)
    np.minimum.at(least, which, distance)
    np.bitwise_or.at(held, which, homes)
    at, index = np.divmod(pairs, len(outlines().codes))
    return Reach(len(lon), len(datums), at, index, least, held)


@cache
def policy() -> dict[str, float]:
    """Return the thresholds of placing by name (book `place_policy`)."""
    return {name: row["value"] for name, row in load_book("place_policy").by_key().items()}


def _near(lon: Floats, lat: Floats, radius_m: float) -> Nearby:
    """The counties near points; around a point in none of them those that are farther away too."""
    found = nearby(lon, lat, radius_m)
    lost = np.ones(len(lon), dtype=np.bool_)
    lost[found.point[found.distance_m == 0]] = False
    alone = np.flatnonzero(lost)
    if not alone.size:
        return found
    around = nearby(lon[alone], lat[alone], policy()["outside_search_m"])
    kept = ~lost[found.point]
    return Nearby(
        np.concatenate([found.point[kept], alone[around.point]]),
        np.concatenate([found.county[kept], around.county]),
        np.concatenate([found.distance_m[kept], around.distance_m]),
    )
