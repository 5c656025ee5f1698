"""The divisions of an area on a day, and in which of them a facility's division code lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np

from codes.divisions import (
    Division,
    counties_of_city,
    holds_villages,
    in_force,
    listing,
    predecessors,
    resolve,
)
from codes.errors import DataError
from codes.policy import integer_of
from registry.evaluation.figures import NOWHERE, Whole, rows_of
from registry.evaluation.scope import CITY_DIGITS, Area

COUNTY: Final = 6
TOWNSHIP: Final = 9
VILLAGE: Final = 12

DIGITS: Final = {"city": CITY_DIGITS, "county": COUNTY, "township": TOWNSHIP}
"""Level -> digits its codes begin with."""

UNITS: Final = {"county": COUNTY, "township": TOWNSHIP, "community": VILLAGE}
"""Kind of unit -> digits of its code."""


class Place(NamedTuple):
    """Where something lies: whether in the area at all, and the row of each kind of unit."""

    inside: bool
    county: int = NOWHERE
    township: int = NOWHERE
    community: int = NOWHERE


OUTSIDE: Final = Place(False)


@dataclass(frozen=True)
class Ground:
    """The counties, townships and villages (社区 too) of an area's city on its day, each by code.

    `villages_held` is False where the books have none of the city's villages.
    """

    area: Area
    counties: tuple[Division, ...]
    townships: tuple[Division, ...]
    villages: tuple[Division, ...]
    villages_held: bool

    def divisions(self, level: str) -> tuple[Division, ...]:
        """Return the divisions of a level within the area."""
        if level == "city":
            return (self.area.city,)
        units = self.counties if level == "county" else self.townships
        return tuple(unit for unit in units if _covers(self.area.root, unit.code))

    def codes(self, level: str) -> tuple[str, ...]:
        """Return the codes of `divisions`."""
        return tuple(unit.code for unit in self.divisions(level))

    def counted(self, level: str) -> dict[str, Whole]:
        """Return `units` of what coverage counts: development zones and farms are no townships."""
        found = self.units(level)
        zones = [is_zone(unit) for unit in self.townships]
        return {**found, "township": np.where(zones, NOWHERE, found["township"])}

    def units(self, level: str) -> dict[str, Whole]:
        """Return, for each kind of unit of the city, the row in `divisions` each lies in.

        A unit wider than the level lies in none.
        """
        if level not in self._units:
            digits, beginnings = DIGITS[level], self._beginnings(level)
            self._units[level] = {
                kind: rows_of([unit.code[:digits] for unit in units], beginnings)
                for kind, units in self._kinds().items()
            }
        return self._units[level]

    def parents(self, level: str) -> tuple[str, ...]:
        """Return the code of the county each of `divisions` is or lies in."""
        return tuple(code[:COUNTY] for code in self.codes(level))

    def place(self, division_code: str, recorded_on: date) -> Place:
        """Return where the code of a record lies on the area's day.

        A record uses the codes of the day it was made: one may have meant another area before or
        mean another since. Where a village cannot be followed its township is, else its county; a
        county that was split lies in a city when all its parts do. What cannot be told is NOWHERE.
        """
        day, city = self.area.on, self.area.city
        found: str | tuple[str, ...] = ()
        for digits in (VILLAGE, TOWNSHIP, COUNTY):
            if digits <= len(division_code):
                found = code_on(division_code[:digits], recorded_on, day)
            if isinstance(found, str):
                return self._at(found)
        return Place(bool(found) and all(_covers(city, code) for code in found))

    def _at(self, code: str) -> Place:
        if not _covers(self.area.city, code):
            return OUTSIDE
        rows = (
            self._rows[kind].get(code[:digits], NOWHERE) if len(code) >= digits else NOWHERE
            for kind, digits in UNITS.items()
        )
        return Place(True, *rows)

    def _kinds(self) -> dict[str, tuple[Division, ...]]:
        return {"county": self.counties, "township": self.townships, "community": self.villages}

    def _beginnings(self, level: str) -> list[str]:
        return [code[: DIGITS[level]] for code in self.codes(level)]

    @cached_property
    def _units(self) -> dict[str, dict[str, Whole]]:
        """What `units` has worked out, by level; a ground never changes."""
        return {}

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, int]]:
        return {
            kind: {unit.code: row for row, unit in enumerate(units)}
            for kind, units in self._kinds().items()
        }


def is_zone(unit: Division) -> bool:
    """Say whether a unit at the township's level is a development zone, a farm or the like."""
    return int(unit.code[COUNTY:TOWNSHIP]) >= integer_of("value.township_serial_below")


@lru_cache(maxsize=16)
def ground_of(area: Area) -> Ground:
    """Return the ground of an area. Raises DataError as `codes.divisions` does."""
    city, day = area.city, area.on
    digits = city.code[:CITY_DIGITS]
    held = holds_villages(city.code)
    return Ground(
        area,
        counties_of_city(city.code, day),
        tuple(listing("township", day, digits)),
        tuple(listing("village", day, digits)) if held else (),
        held,
    )


def _covers(wide: Division, code: str) -> bool:
    return code.startswith(wide.code[: DIGITS[wide.level]])


@lru_cache(maxsize=100_000)
def code_on(code: str, recorded_on: date, day: date) -> str | tuple[str, ...]:
    """Return what a code of one day is on another; several or none when that is not one thing."""
    try:
        if recorded_on <= day:
            return resolve(code, recorded_on, day).code
    except DataError as error:
        if candidates := error.params.get("candidates"):
            return tuple(str(candidate["code"]) for candidate in candidates)
    if day < recorded_on:
        return _before(code, recorded_on, day)
    return code if in_force(code, day) else ()


def _before(code: str, recorded_on: date, day: date) -> str | tuple[str, ...]:
    """Return what a code of a later day was: itself, if it has not taken others in since."""
    try:
        became = predecessors(code, recorded_on)
    except DataError:
        became = ()
    units = {unit.code for unit in became if unit.valid_to is None or unit.valid_to > day}
    if in_force(code, day):
        units = {code, *(one for one in units if not in_force(one, recorded_on))}
    found = sorted(one for one in units if in_force(one, day))
    return found[0] if len(found) == 1 else tuple(found)
