"""The ground a synthetic city stands on: real divisions, invented centres of its townships.

Where a township's centre really is we do not know, so centres are spread evenly over the county's
outline; a point of a facility therefore lies in its county and says nothing of its township.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from codes.divisions import children, counties_of_city, division
from codes.place import outline
from codes.population import population
from registry.synthetic.parameters import as_count, as_number, settings

_METRES_PER_DEGREE: Final = 111_195.0
_SAMPLES: Final = 900
_ROUNDS: Final = 8
_TRIES: Final = 40
_COUNTED_ONLY: Final = ("类似", "虚拟")
_ENDINGS: Final = (
    ("居民委员会", "社区"),
    ("居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
)
"""How the names of committees end -> what their place is called."""

_FIRST_QUASI_TOWNSHIP: Final = 400
"""From 400 on the last three digits name zones counted like townships (开发区)."""


@dataclass(frozen=True)
class Village:
    """A community or village in force: 12-digit code and short name (without 居委会 or 村委会)."""

    code: str
    name: str


@dataclass(frozen=True)
class Township:
    """A township in force with its invented centre, CGCS2000 degrees."""

    code: str
    name: str
    lon: float
    lat: float
    villages: tuple[Village, ...]


@dataclass(frozen=True)
class County:
    """A county in force; `persons` from the census, `inside` its outline well within the border."""

    code: str
    name: str
    persons: int
    townships: tuple[Township, ...]
    inside: Any
    spread_m: float


@dataclass(frozen=True)
class Ground:
    """A city and its counties, in code order."""

    code: str
    name: str
    counties: tuple[County, ...]

    @property
    def persons(self) -> int:
        """Census population of all counties."""
        return sum(county.persons for county in self.counties)


def lay_ground(city_code: str, seed: int) -> Ground:
    """Return the ground of a city for a seed. Raises DataError for an unknown city."""
    on = date.fromisoformat(settings()["as_of"])
    counties = tuple(
        _county(county.code, county.name, seed, on) for county in counties_of_city(city_code, on)
    )
    return Ground(city_code, division(city_code, on).name, counties)


def point_near(county: County, township: Township, random: Random) -> tuple[float, float]:
    """Return a CGCS2000 point around the township's centre, well inside the county."""
    for _ in range(_TRIES):
        lon = township.lon + random.gauss(0, county.spread_m) / _parallel_m(township.lat)
        lat = township.lat + random.gauss(0, county.spread_m) / _METRES_PER_DEGREE
        if shapely.contains_xy(county.inside, lon, lat):
            return round(lon, 6), round(lat, 6)
    return township.lon, township.lat


def _county(code: str, name: str, seed: int, on: date) -> County:
    whole = outline(code)
    inside = whole.buffer(-as_number("margin_metres") / _METRES_PER_DEGREE)
    inside = whole if inside.is_empty else inside
    shapely.prepare(inside)
    towns = [town for town in children(code, on) if int(town.code[6:]) < _FIRST_QUASI_TOWNSHIP]
    centres = _centres(inside, len(towns), seed + int(code))
    townships = tuple(
        Township(town.code, town.name, float(lon), float(lat), _villages(town.code, on))
        for town, (lon, lat) in zip(towns, centres, strict=True)
    )
    spread = min(as_number("township_metres"), _typical_gap_m(inside, len(towns)) / 2)
    figure = population(code)
    persons = figure.persons if figure else as_count("persons_unknown")
    return County(code, name, persons, townships, inside, spread)


def _villages(township_code: str, on: date) -> tuple[Village, ...]:
    """Return the villages, without those that exist for counting only (类似社区, 虚拟社区)."""
    return tuple(
        Village(row.code, short_village(row.name))
        for row in children(township_code, on)
        if not any(word in row.name for word in _COUNTED_ONLY)
    )


def short_village(name: str) -> str:
    """Return a village's name as people say it.

    >>> [short_village(name) for name in ("保俶社区居委会", "龙井村委会", "殿峰村村民委员会")]
    ['保俶社区', '龙井村', '殿峰村']
    """
    for ending, generic in _ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending).removesuffix(generic) + generic
    return name


def _centres(inside: Any, wanted: int, seed: int) -> NDArray[np.float64]:
    """Spread `wanted` points evenly: random ones, moved to the middle of what is nearest."""
    generator = np.random.default_rng(seed)
    points = _random_points(inside, max(_SAMPLES, wanted * 30), generator)
    centres = points[:wanted].copy()
    for _ in range(_ROUNDS):
        nearest = np.argmin(((points[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
        for index in range(wanted):
            near = points[nearest == index]
            if len(near):
                centres[index] = near.mean(axis=0)
    # A middle may fall outside a bent county; the sampled point nearest to it does not.
    distance = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
    chosen: NDArray[np.float64] = np.round(points[np.argmin(distance, axis=0)], 6)
    return chosen


def _random_points(inside: Any, wanted: int, generator: np.random.Generator) -> NDArray[np.float64]:
    west, south, east, north = inside.bounds
    kept = np.empty((0, 2))
    while len(kept) < wanted:
        drawn = generator.random((wanted * 2, 2)) * [east - west, north - south] + [west, south]
        kept = np.vstack([kept, drawn[shapely.contains_xy(inside, drawn)]])
    return kept[:wanted]


def _typical_gap_m(inside: Any, townships: int) -> float:
    middle = (inside.bounds[1] + inside.bounds[3]) / 2
    area_m2 = inside.area * _METRES_PER_DEGREE * _parallel_m(middle)
    return float(np.sqrt(area_m2 / max(townships, 1)))


def _parallel_m(lat: float) -> float:
    return float(_METRES_PER_DEGREE * np.cos(np.radians(lat)))
