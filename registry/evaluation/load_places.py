"""From records to facilities by column: where each lies, and leaving out what lies elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import numpy as np

from codes.china_time import day_of
from codes.divisions import Division
from codes.facility_types import facility_types
from registry.evaluation.figures import NOWHERE, Facilities, Mask, Whole
from registry.evaluation.ground import UNITS, Ground
from registry.evaluation.load_rows import Rows

ATTRIBUTES: Final = ("ownership", "inclusive", "grade", "accessible")


@dataclass(frozen=True)
class Placed:
    """Facilities of the city by column, in order of the registry's `ids`.

    Their division is the city; `at` gives them by the divisions of another level.
    """

    ids: Whole
    facilities: Facilities

    def at(self, level: str, ground: Ground) -> Facilities:
        """Return the facilities with the row of their division among those of a level."""
        if level == "city":
            return self.facilities
        lies_in = self.facilities.units[level]
        of_unit = np.append(ground.units(level)[level], NOWHERE)
        return replace(self.facilities, division=of_unit[lies_in])


def facilities_of(rows: Rows, ground: Ground, operating: int) -> tuple[Whole, Facilities, Mask]:
    """Return ids, facilities without measures, and which of them lie in the city.

    Records after the first `operating` ones are taken back from a later day.
    """
    types = rows.columns["type_code"]
    inside, units = _places(rows, ground)
    taken_back = np.arange(len(rows.ids)) >= operating
    made = Facilities(
        type_codes=tuple(types.values),
        ended_types=tuple(code for code in types.values if _has_ended(code, ground.area.on)),
        type_row=types.rows,
        division=np.where(inside, 0, NOWHERE),
        units=units,
        attributes={name: rows.columns[name].texts() for name in ATTRIBUTES},
        recorded_on=rows.columns["as_of"].ordinals(),
        taken_back=taken_back,
    )
    return rows.ids, made, inside


def _places(rows: Rows, ground: Ground) -> tuple[Mask, Mapping[str, Whole]]:
    """Place each pair of division and day once; there are far fewer than records."""
    divisions, hours = rows.columns["division_code"], rows.columns["recorded_at"]
    days = [_day_of(hour) for hour in hours.values]
    width = max(len(days), 1)
    pairs, row = np.unique(divisions.rows * width + hours.rows, return_inverse=True)
    codes = list(divisions.values)
    placed = [ground.place(codes[pair // width], days[pair % width]) for pair in pairs.tolist()]
    inside = np.array([place.inside for place in placed], dtype=np.bool_)
    units = {
        kind: np.array([getattr(place, kind) for place in placed], dtype=np.int64)[row]
        for kind in UNITS
    }
    return inside[row], units


def _has_ended(type_code: str, on: date) -> bool:
    known = facility_types().get(type_code)
    return known is not None and known.valid_to is not None and known.valid_to <= on.isoformat()


def _day_of(hour: str) -> date:
    """The day in China on which an hour of UTC (2025-06-30 16) falls."""
    return day_of(datetime.fromisoformat(f"{hour}:00:00+00:00"))


def inside_of(ids: Whole, facilities: Facilities, inside: Mask) -> Placed:
    """Return those that lie in the city, in order of their ids."""
    kept = np.flatnonzero(inside)
    kept = kept[np.argsort(ids[kept], kind="stable")]
    taken_back, recorded_on = facilities.taken_back, facilities.recorded_on
    return Placed(
        ids[kept],
        replace(
            facilities,
            type_row=facilities.type_row[kept],
            division=facilities.division[kept],
            units={kind: rows[kept] for kind, rows in facilities.units.items()},
            attributes={name: texts[kept] for name, texts in facilities.attributes.items()},
            recorded_on=None if recorded_on is None else recorded_on[kept],
            taken_back=None if taken_back is None else taken_back[kept],
        ),
    )


def lying_in(root: Division, facilities: Facilities, ground: Ground) -> Mask:
    """Say of every facility of a city whether it lies in one of its divisions."""
    if root.level == "city":
        return np.ones(len(facilities), dtype=np.bool_)
    units = ground.counties if root.level == "county" else ground.townships
    row = [unit.code for unit in units].index(root.code)
    return np.asarray(facilities.units[root.level] == row, dtype=np.bool_)
