"""Tell the county from a point, and say so when that cannot be told.

A point whose datum is not known is tried in every datum; only when all of them fall into one county
and none comes near another county is the answer certain. How near is too near is in the book
`place_policy`, with the measurement behind it. The outlines are today's, so is the answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from codes.datums import DATUMS, UNKNOWN, to_cgcs2000
from codes.messages import text
from codes.outlines import distances_m, index_of, nearby, outline, outlines
from codes.reach import Reach, policy, reach

__all__ = [
    "Candidate",
    "PlaceProposal",
    "check_point",
    "county_at",
    "distance_to_county_m",
    "distances_by_datum",
    "hypotheses_of",
    "outline",
    "plausible",
    "propose_counties",
    "propose_county",
]

HYPOTHESES: Final = ("WGS84", "GCJ02", "BD09")
"""What an unstated datum may be; CGCS2000 gives the same point as WGS84."""


@dataclass(frozen=True)
class Candidate:
    """A county the point may lie in: metres to it (0 inside), and the datums that put it there."""

    county_code: str
    distance_m: float
    datums: tuple[str, ...]


@dataclass(frozen=True)
class PlaceProposal:
    """The county of a point. `county_code` is given only when `certain`; nearest candidate first.

    `reason` is inside, near_border, datum_matters, outside, or what `check_point` says.
    `distance_to_border_m` is to the nearest other county, None when that is farther than searched.
    """

    county_code: str | None
    candidates: tuple[Candidate, ...]
    certain: bool
    reason: str
    distance_to_border_m: float | None

    def explain(self) -> str:
        """Return the reason as a phrase in the language in use."""
        limits = {name: f"{value:g}" for name, value in policy().items()}
        far = f"> {limits['border_search_m']}"
        metres = self.distance_to_border_m
        distance = far if metres is None else f"{metres:.0f}"
        return text(f"place.reason_{self.reason}", distance=distance, **limits)


def propose_county(lon: float, lat: float, datum: str | None) -> PlaceProposal:
    """Return the county of one point; see `propose_counties`."""
    return propose_counties([lon], [lat], datum)[0]


def propose_counties(lons: Any, lats: Any, datum: str | None) -> list[PlaceProposal]:
    """Return the county of each point, degrees as given in `datum`; None and 未知 try every datum.

    Raises DataError for a datum there is not.
    """
    lon, lat = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    hypotheses = hypotheses_of(datum)
    usable = np.flatnonzero(plausible(lon, lat))
    found = reach(lon[usable], lat[usable], hypotheses, policy()["border_search_m"])
    proposals = dict(zip(usable.tolist(), _proposals(found, hypotheses), strict=True))
    return [proposals.get(at) or _refused(lon[at], lat[at]) for at in range(len(lon))]


def hypotheses_of(datum: str | None) -> tuple[str, ...]:
    """Return the datums in which a point is tried: its own, or all where it is not known."""
    return HYPOTHESES if datum in (None, UNKNOWN) else (str(datum),)


def county_at(lon: float, lat: float) -> str | None:
    """Return the county whose outline holds a CGCS2000 point, None when none does."""
    found = nearby(np.array([lon]), np.array([lat]), 0.0)
    return str(outlines().codes[found.county[0]]) if found.county.size else None


def distance_to_county_m(lon: float, lat: float, county_code: str) -> float:
    """Return the metres from a CGCS2000 point to a county, 0 inside; DataError without outline."""
    county = np.array([index_of(county_code)])
    return float(distances_m(np.array([lon]), np.array([lat]), county)[0])


def distances_by_datum(
    lon: NDArray[np.float64], lat: NDArray[np.float64], county: NDArray[np.int64]
) -> dict[str, NDArray[np.float64]]:
    """Return the metres from points to a county each, under each datum they may be in; 0 inside.

    `county` are the counties' places in the outlines. A point declared in one datum that lies in
    its county only when read in another has its datum wrong.
    """
    return {
        datum: distances_m(*to_cgcs2000(lon, lat, datum), county)
        for datum in DATUMS
        if datum != UNKNOWN
    }


def check_point(lon: float, lat: float) -> str | None:
    """Return why a point cannot be one of China, None when it can.

    point_not_a_number, point_zero, point_swapped (latitude where longitude belongs), or
    point_outside_china.
    """
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return "point_not_a_number"
    if lon == 0 and lat == 0:
        return "point_zero"
    if plausible(lon, lat):
        return None
    return "point_swapped" if plausible(lat, lon) else "point_outside_china"


def plausible(lon: Any, lat: Any) -> Any:
    """Return whether a point or each of many, in degrees, may be one of China in some datum."""
    limit = policy()
    return (
        (lon >= limit["lon_min"])
        & (lon <= limit["lon_max"])
        & (lat >= limit["lat_min"])
        & (lat <= limit["lat_max"])
    )


def _refused(lon: float, lat: float) -> PlaceProposal:
    return PlaceProposal(None, (), False, check_point(lon, lat) or "outside", None)


def _proposals(found: Reach, hypotheses: Sequence[str]) -> Iterator[PlaceProposal]:
    candidates: list[list[Candidate]] = [[] for _ in range(found.size)]
    pairs = found.candidates
    for point, county, metres, homes in zip(
        found.point[pairs].tolist(),
        outlines().codes[found.county[pairs]].tolist(),
        found.shown_m[pairs].tolist(),
        found.homes[pairs].tolist(),
        strict=True,
    ):
        datums = tuple(datum for at, datum in enumerate(hypotheses) if homes >> at & 1)
        candidates[point].append(Candidate(county, metres, datums))
    reasons = np.select(
        [found.outside, found.torn, ~found.certain],
        ["outside", "datum_matters" if len(hypotheses) > 1 else "near_border", "near_border"],
        "inside",
    )
    border = np.where(found.border_m > policy()["border_search_m"], np.inf, found.border_m)
    for near, reason, metres in zip(candidates, reasons.tolist(), border.tolist(), strict=True):
        certain = reason == "inside"
        code = near[0].county_code if certain else None
        distance = metres if math.isfinite(metres) else None
        yield PlaceProposal(code, tuple(near), certain, reason, distance)
