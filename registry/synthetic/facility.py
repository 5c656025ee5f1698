"""One synthetic facility: every field filled as a careful clerk would fill it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import count
from random import Random
from typing import Any, Final

from codes.departments import departments
from codes.elements import Field, fields_of
from codes.facility_types import FacilityType
from codes.identifier_schemes import schemes_of
from codes.statuses import in_states, named
from registry.synthetic.allotment import Spot
from registry.synthetic.figures import figures, schema
from registry.synthetic.ground import point_near
from registry.synthetic.naming import Names, place_name
from registry.synthetic.operators import Operators
from registry.synthetic.parameters import as_count, as_number, by_weight, settings

_STATUS: Final = "status_"
_NOT_YET: Final = in_states("planned", "building")
_HOURS: Final = ("周一至周五 8:30-17:00", "周一至周日 9:00-17:00", "周二至周日 9:00-20:30", "全天")
_ROAD: Final = "{place}示例路{number}号"


@dataclass(frozen=True)
class SyntheticFacility:
    """A facility: `values` by field key, typed (numbers, dates), coordinates in CGCS2000."""

    type_code: str
    class_code: str
    department_code: str
    spot: Spot
    values: dict[str, Any]


class Facilities:
    """Makes facilities one after another; the same seed gives the same ones."""

    def __init__(self, city_name: str, random: Random) -> None:
        self._random = random
        self._names = Names(city_name, random)
        self._operators = Operators(random)
        self._serials = count(1)
        self._scheme_serials: dict[str, Iterator[int]] = {}
        self._as_of = date.fromisoformat(settings()["as_of"])

    def make(self, facility_type: FacilityType, spot: Spot) -> SyntheticFacility:
        """Return the next facility of a type, standing at a spot."""
        serial = next(self._serials)
        asked = self._asked(facility_type.code)
        values = {
            **self._identity(facility_type, spot),
            **self._running(facility_type, spot),
            **self._dates(),
            **self._reach(serial),
            **self._choices(facility_type.code, asked),
            **self._numbers(facility_type.code, asked),
            **figures(facility_type.code, asked, self._random),
        }
        values |= _inclusive(facility_type.class_code, values)
        keys = {field.key for field in fields_of(facility_type.code)}
        kept = {key: value for key, value in values.items() if key in keys and value is not None}
        department = facility_type.department_codes[0]
        return SyntheticFacility(
            facility_type.code, facility_type.class_code, department, spot, kept
        )

    def _asked(self, type_code: str) -> frozenset[str]:
        """Return the keys to fill: all that must or should be, and a part of the rest."""
        share = as_number("may_filled")
        always = _always(type_code)
        return frozenset(
            field.key
            for field in fields_of(type_code)
            if field.key in always or self._random.random() < share
        )

    def _identity(self, facility_type: FacilityType, spot: Spot) -> dict[str, Any]:
        lon, lat = point_near(spot.county, spot.township, self._random)
        road = _ROAD.format(
            place=place_name(spot.township.name), number=self._random.randint(1, 399)
        )
        return {
            "name": self._names.give(facility_type, spot),
            "type": facility_type.name_zh,
            "division": spot.village.code,
            "address": f"{spot.county.name}{spot.township.name}{road}",
            "longitude": lon,
            "latitude": lat,
            "datum": "CGCS2000",
            "department": departments()[facility_type.department_codes[0]].name_zh,
        }

    def _running(self, facility_type: FacilityType, spot: Spot) -> dict[str, Any]:
        operator = self._operators.give(spot.county, facility_type.category_code)
        return {
            "operator_name": operator.name,
            "operator_uscc": operator.uscc,
            "ownership": operator.ownership,
        }

    def _dates(self) -> dict[str, Any]:
        shares = {
            name.removeprefix(_STATUS): float(value)
            for name, value in settings().items()
            if name.startswith(_STATUS)
        }
        status = self._random.choices(*by_weight(shares))[0]
        first = date(as_count("first_year"), 1, 1)
        opened = first + timedelta(self._random.randrange((self._as_of - first).days - 400))
        closed = None
        if status == named("closed"):
            closed = self._as_of - timedelta(self._random.randrange(30, 390))
        if status in _NOT_YET:
            opened = self._as_of + timedelta(self._random.randrange(60, 600))
        return {"status": status, "opened_on": opened, "closed_on": closed, "as_of": self._as_of}

    def _reach(self, serial: int) -> dict[str, Any]:
        """Return ways to reach it that reach nobody: numbers beginning with 0000, example.com."""
        return {
            "phone": f"0571-0000{serial % 10_000:04d}",
            "opening_hours": self._random.choice(_HOURS),
            "website": f"https://www.example.com/{serial}",
            "contact_name": f"示例联系人{serial}",
            "contact_phone": f"0571-0001{serial % 10_000:04d}",
        }

    def _choices(self, type_code: str, asked: frozenset[str]) -> dict[str, Any]:
        """Draw the fields that are chosen from a list, where they make sense for the type."""
        return {
            field.key: self._random.choice(field.choices)
            for field in _listed(type_code)
            if field.key in asked and (field.requirement != "may" or field.key == "accessible")
        }

    def _numbers(self, type_code: str, asked: frozenset[str]) -> dict[str, Any]:
        """Return the facility's numbers in other schemes: the example with another serial.

        Schemes for every facility alike (addresses, land) name a real place; they stay empty.
        """
        return {
            scheme.code: _numbered(scheme.example, self._next_of(scheme.code))
            for scheme in schemes_of(type_code)
            if scheme.code in asked and all(len(of) > 1 for of in scheme.carried_by)
        }

    def _next_of(self, scheme_code: str) -> int:
        return next(self._scheme_serials.setdefault(scheme_code, count(1)))


def _inclusive(class_code: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return what has to agree: public childcare and kindergartens are inclusive by definition.

    What is not inclusive has no inclusive places, children or beds.
    """
    if "inclusive" not in values:
        return {}
    public = values["ownership"] == "公办"
    if public and class_code in settings()["public_is_inclusive"].split(";"):
        return {"inclusive": "是"}
    if values["inclusive"] == "是":
        return {}
    return {key: 0 for key in values if key.startswith("inclusive_")}


@cache
def _always(type_code: str) -> frozenset[str]:
    """Return what a careful clerk never leaves out, including what some answers call for."""
    called_for = {
        key
        for condition in schema(type_code)["allOf"]
        for key in condition.get("then", {}).get("required", ())
    }
    needed = {field.key for field in fields_of(type_code) if field.requirement != "may"}
    return frozenset(needed | called_for)


@cache
def _listed(type_code: str) -> tuple[Field, ...]:
    set_otherwise = ("type", "datum", "department", "status", "ownership")
    return tuple(
        field
        for field in fields_of(type_code)
        if field.kind == "choice" and field.key not in set_otherwise
    )


def _numbered(example: str, serial: int) -> str:
    """Put a serial in place of the last digits of an example.

    >>> _numbered("2133019999", 42)
    '2133000042'
    """
    digits = len(example) - len(example.rstrip("0123456789"))
    room = min(digits, 5)
    return example[: len(example) - room] + f"{serial % 10**room:0{room}d}"
