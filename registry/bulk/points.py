"""Judge the points of many rows at once, as `registry.uploads.placing.points` does a row's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from codes.datums import DATUMS, UNKNOWN
from codes.outlines import NO_OUTLINE, indexes_of, outlines
from codes.place import distances_by_datum, hypotheses_of, plausible
from codes.reach import Reach, policy, reach
from registry.uploads.placing.points import CONVERTIBLE, Readings

Flags = NDArray[np.bool_]

OUTSIDE, FAR, DATUM, ADDRESS, BEHIND = 1, 2, 4, 8, 16
"""What is said of a row beside its placement, each a bit."""

SAID: Final = {
    OUTSIDE: ("point_outside_division", "longitude"),
    FAR: ("point_far_outside", "longitude"),
    DATUM: ("datum_suspected", "datum"),
    ADDRESS: ("address_elsewhere", "address"),
    BEHIND: ("address_other_county", "address"),
}
"""The rule and the element of each."""


@dataclass(frozen=True)
class Points:
    """Points in degrees, each with its datum as given; NaN where a row gives none."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    datum: NDArray[np.str_]

    @classmethod
    def of(cls, lon: Sequence[Any], lat: Sequence[Any], datum: Sequence[str]) -> Points:
        """Take points from the columns of a table; of a datum there is not, none is known."""
        lons, lats = (np.array(one, dtype=np.float64) for one in (lon, lat))
        known = [one if one in DATUMS else UNKNOWN for one in datum]
        return cls(lons, lats, np.array(known, dtype=np.str_))

    def counties(self) -> list[str | None]:
        """Return the county in which each point lies for certain."""
        found: list[str | None] = [None] * len(self.lon)
        for at, near in self._near():
            home = near.home
            for place, county in zip(at.tolist(), home.tolist(), strict=True):
                if county != NO_OUTLINE:
                    found[place] = str(outlines().codes[county])
        return found

    def said(self, county: Sequence[str], is_new: Flags, elsewhere: Flags) -> NDArray[np.int64]:
        """Return the bits of what is said of points and addresses, given the counties declared.

        `is_new` says whose code was not given, `elsewhere` whose address names another county.
        """
        index = indexes_of(county)
        outside, held = (np.zeros(len(self.lon), dtype=np.bool_) for _ in range(2))
        for at, near in self._near():
            outside[at] = near.placed & ~near.lists(index[at])
            held[at] = near.holds(index[at])
        said = np.where(elsewhere & is_new, np.where(held, BEHIND, ADDRESS), 0)
        strays = np.flatnonzero(outside & (index != NO_OUTLINE))
        if strays.size:
            metres = distances_by_datum(self.lon[strays], self.lat[strays], index[strays])
            read = Readings(metres, np.isin(self.datum[strays], CONVERTIBLE))
            asked = read.far & is_new[strays]
            said[strays] |= np.select([read.fitting, asked], [DATUM, FAR], OUTSIDE)
        return said

    def _near(self) -> Iterator[tuple[NDArray[np.int64], Reach]]:
        """Yield the places of the points of one datum that can be in China, and what is near."""
        usable = plausible(self.lon, self.lat)
        for datum in np.unique(self.datum).tolist():
            at = np.flatnonzero((self.datum == datum) & usable)
            tolerance = policy()["outline_tolerance_m"]
            yield at, reach(self.lon[at], self.lat[at], hypotheses_of(datum), tolerance)
