"""Tell the county from a point, and say so when that cannot be told.

A point whose datum is not known is tried in every datum; only when all of them fall into one county
and none comes near another county is the answer certain. How near is too near is in the book
`place_policy`, with the measurement behind it. The outlines are today's, so is the answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from codes.book import load_book
from codes.datums import UNKNOWN, to_cgcs2000
from codes.messages import text
from codes.outlines import Nearby, distances_m, index_of, nearby, outline, outlines

__all__ = [
    "Candidate",
    "PlaceProposal",
    "check_point",
    "county_at",
    "distance_to_county_m",
    "distances_by_datum",
    "outline",
    "propose_counties",
    "propose_county",
]

HYPOTHESES: Final = ("WGS84", "GCJ02", "BD09")
"""What an unstated datum may be; CGCS2000 gives the same point as WGS84."""

Reached = dict[int, float]
"""County index -> metres to it (0 inside), for one point under one hypothesis."""


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
        limits = {name: f"{value:g}" for name, value in _policy().items()}
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
    hypotheses = HYPOTHESES if datum in (None, UNKNOWN) else (str(datum),)
    usable = np.flatnonzero(_plausible(lon, lat))
    reached = [_reach(*to_cgcs2000(lon[usable], lat[usable], h)) for h in hypotheses]
    judged = {
        int(point): _judge([found[at] for found in reached], hypotheses)
        for at, point in enumerate(usable)
    }
    return [judged.get(at) or _refused(lon[at], lat[at]) for at in range(len(lon))]


def county_at(lon: float, lat: float) -> str | None:
    """Return the county whose outline holds a CGCS2000 point, None when none does."""
    found = nearby(np.array([lon]), np.array([lat]), 0.0)
    return str(outlines().codes[found.county[0]]) if found.county.size else None


def distance_to_county_m(lon: float, lat: float, county_code: str) -> float:
    """Return the metres from a CGCS2000 point to a county, 0 inside; DataError without outline."""
    county = np.array([index_of(county_code)])
    return float(distances_m(np.array([lon]), np.array([lat]), county)[0])


def distances_by_datum(lon: float, lat: float, county_code: str) -> dict[str, float]:
    """Return the metres from a point to a county under each datum it may be in, 0 inside.

    A point declared in one datum that lies in its county only when read in another has its datum
    wrong. Raises DataError for a county without outline.
    """
    return {
        datum: distance_to_county_m(*to_cgcs2000(lon, lat, datum), county_code)
        for datum in HYPOTHESES
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
    if _plausible(lon, lat):
        return None
    return "point_swapped" if _plausible(lat, lon) else "point_outside_china"


@cache
def _policy() -> dict[str, float]:
    return {name: row["value"] for name, row in load_book("place_policy").by_key().items()}


def _plausible(lon: Any, lat: Any) -> Any:
    limit = _policy()
    return (
        (lon >= limit["lon_min"])
        & (lon <= limit["lon_max"])
        & (lat >= limit["lat_min"])
        & (lat <= limit["lat_max"])
    )


def _refused(lon: float, lat: float) -> PlaceProposal:
    return PlaceProposal(None, (), False, check_point(lon, lat) or "outside", None)


def _reach(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[Reached]:
    """Return the counties near each point; a point inside none is searched farther around."""
    reached: list[Reached] = [{} for _ in lon]
    _note(nearby(lon, lat, _policy()["border_search_m"]), np.arange(len(lon)), reached)
    alone = np.array([at for at, near in enumerate(reached) if 0 not in near.values()], dtype=int)
    _note(nearby(lon[alone], lat[alone], _policy()["outside_search_m"]), alone, reached)
    return reached


def _note(found: Nearby, points: NDArray[np.int64], reached: list[Reached]) -> None:
    point, county = points[found.point].tolist(), found.county.tolist()
    for at, index, metres in zip(point, county, found.distance_m.tolist(), strict=True):
        reached[at][index] = metres


def _judge(reached: Sequence[Reached], hypotheses: Sequence[str]) -> PlaceProposal:
    homes = [{county for county, metres in near.items() if metres == 0} for near in reached]
    common = set.intersection(*homes)
    others = [metres for near in reached for county, metres in near.items() if county not in common]
    border = min(others, default=None)
    if not any(homes):
        reason = "outside"
    elif len(common) != 1 or set.union(*homes) != common:
        reason = "datum_matters" if len(hypotheses) > 1 else "near_border"
    elif border is not None and border <= _policy()["outline_tolerance_m"]:
        reason = "near_border"
    else:
        reason = "inside"
    candidates = _candidates(reached, hypotheses, outside=reason == "outside")
    certain = reason == "inside"
    code = candidates[0].county_code if certain else None
    if border is not None and border > _policy()["border_search_m"]:
        border = None
    return PlaceProposal(code, candidates, certain, reason, border)


def _candidates(
    reached: Sequence[Reached], hypotheses: Sequence[str], *, outside: bool
) -> tuple[Candidate, ...]:
    limit = _policy()["outside_search_m" if outside else "outline_tolerance_m"]
    metres: dict[int, float] = {}
    for near in reached:
        for county, distance in near.items():
            if distance <= limit:
                metres[county] = min(distance, metres.get(county, distance))
    found = [
        Candidate(
            str(outlines().codes[county]),
            round(distance, 1),
            tuple(h for h, near in zip(hypotheses, reached, strict=True) if near.get(county) == 0),
        )
        for county, distance in metres.items()
    ]
    found.sort(key=lambda one: (-len(one.datums), one.distance_m, one.county_code))
    return tuple(found[: int(_policy()["candidates_most"])])
