"""How many facilities of each type, and in which county, township or village each stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from codes.facility_types import FacilityType, facility_types
from registry.synthetic.ground import County, Ground, Township, Village
from registry.synthetic.parameters import counts, of_type

_PERSONS_UNIT = 10_000


@dataclass(frozen=True)
class Spot:
    """Where a facility stands: village is set for facilities that serve one."""

    county: County
    township: Township
    village: Village


def allot(ground: Ground, size: int) -> dict[str, int]:
    """Return the number of facilities by type code: the book's counts times one factor, at least 1.

    The factor is chosen so that the sum comes as near to `size` as whole numbers allow; there are
    never fewer than one of each type in force.
    """
    wanted = {code: _book_count(ground, one) for code, one in _types_in_force().items()}
    factor = _factor(list(wanted.values()), size)
    return {code: max(1, round(count * factor)) for code, count in wanted.items()}


def spots(
    ground: Ground, facility_type: FacilityType, wanted: int, random: Random
) -> Iterator[Spot]:
    """Yield a place for each of `wanted` facilities; units take turns.

    A city-level facility stands in any county, a county-level one in each county in turn, others
    in townships or villages in turn. Who comes first is drawn by census population of the county.
    """
    level = facility_type.level
    turn: list[Spot] = []
    for _ in range(wanted):
        if not turn:
            turn = _round(ground, level, random)
        yield turn.pop()


def _round(ground: Ground, level: str, random: Random) -> list[Spot]:
    """Return one place in every unit of the level, those to be used first at the end."""
    found: list[tuple[float, Spot]] = []
    for county in ground.counties:
        units = _villages(county) if level == "village" else _units(county, level, random)
        rate = county.persons / max(len(units), 1)
        # Keys of a weighted shuffle (Efraimidis and Spirakis): larger ones come first.
        found += [(random.random() ** (1 / rate), spot) for spot in units]
    return [spot for _, spot in sorted(found, key=lambda pair: pair[0])]


def _units(county: County, level: str, random: Random) -> list[Spot]:
    """Return one spot in each township, in a village of it; above townships, in one of them."""
    towns = [town for town in county.townships if town.villages]
    if level in ("city", "county"):
        towns = [random.choice(towns)]
    return [Spot(county, town, random.choice(town.villages)) for town in towns]


def _villages(county: County) -> list[Spot]:
    return [Spot(county, town, village) for town in county.townships for village in town.villages]


def _book_count(ground: Ground, facility_type: FacilityType) -> float:
    row = of_type(counts(), facility_type.code)
    towns = [town for county in ground.counties for town in county.townships]
    units = {
        "city": 1,
        "county": len(ground.counties),
        "township": len(towns),
        "village": sum(len(town.villages) for town in towns),
        "persons": ground.persons / _PERSONS_UNIT,
    }
    return row.rate * units[row.per] * row.sample


def _factor(wanted: list[float], size: int) -> float:
    """Find the factor by bisection: the sum never falls as the factor grows."""
    low, high = 0.0, 1.0
    while _sum(wanted, high) < size:
        high *= 2
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _sum(wanted, middle) < size else (low, middle)
    return high


def _sum(wanted: list[float], factor: float) -> int:
    return sum(max(1, round(count * factor)) for count in wanted)


def _types_in_force() -> dict[str, FacilityType]:
    return {code: one for code, one in facility_types().items() if one.valid_to is None}
