"""Coverage of townships 乡镇（街道）: how many have at least one operating facility of a type.

This is about divisions, not about people and distances: the 15-minute circle is another matter and
is not worked out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from codes.divisions import Division
from codes.facility_types import FacilityType, facility_types
from codes.formulas import Formula, Term
from codes.policy import as_json as policy_json
from registry.evaluation.figures import NOWHERE, Divisions, Facilities
from registry.evaluation.formulas import concerned, work_out
from registry.evaluation.ground import is_zone
from registry.evaluation.load import State
from registry.evaluation.worked import plain

LEVELS_OF_TOWNSHIPS = ("township", "village")
"""Levels of facility types that a township or village is meant to have."""


@dataclass(frozen=True)
class Coverage:
    """One type in one division: of `townships`, `covered` have it; `without` are the others.

    `not_placed` facilities lie in the division but in no known township; `unsure` ones were not on
    record on the day.
    """

    type: FacilityType
    division: Division
    townships: int
    covered: int
    facilities: int
    not_placed: int
    unsure: int
    without: tuple[Division, ...]

    @property
    def share(self) -> float | None:
        """Covered townships over all, None where there are none."""
        return self.covered / self.townships if self.townships else None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "type": self.type.code,
            "name_zh": self.type.name_zh,
            "name_en": self.type.name_en,
            "division": self.division.code,
            "division_name": self.division.name,
            "townships": self.townships,
            "covered": self.covered,
            "share": plain(self.share),
            "facilities": self.facilities,
            "facilities_not_placed": self.not_placed,
            "facilities_not_on_record_then": self.unsure,
            "without": [{"division": one.code, "name": one.name} for one in self.without],
        }


def coverage_json(found: Sequence[Coverage], state: State, level: str) -> dict[str, Any]:
    """Return coverages with what they rest on as plain JSON values."""
    return {
        "division": state.ground.area.root.code,
        "level": level,
        "reference_on": state.ground.area.on.isoformat(),
        "parameters": policy_json("value"),
        "registry": state.counts,
        "counts_what": "townships",
        "not_counted": [{"division": one.code, "name": one.name} for one in zones_of(state)],
        "types": [one.as_json() for one in found],
    }


def zones_of(state: State) -> list[Division]:
    """Return the units of the area at the township's level that are not counted as townships."""
    return [unit for unit in state.ground.divisions("township") if is_zone(unit)]


def types_of_townships() -> tuple[FacilityType, ...]:
    """Return the types in force whose level is the township's or the village's."""
    return tuple(
        one
        for one in facility_types().values()
        if one.valid_to is None and one.level in LEVELS_OF_TOWNSHIPS
    )


def coverage(types: Sequence[FacilityType], state: State, level: str) -> list[Coverage]:
    """Return the coverage of each type in each division of a level, in their order."""
    divisions = state.divisions(level)
    facilities = state.standing.at(level, state.ground)
    unsure = state.unsure.at(level, state.ground)
    found = []
    for one in types:
        worked = work_out(_formula(one), facilities, divisions)
        not_then = concerned(_formula(one), unsure, divisions)
        without = _without(one, state, facilities, divisions)
        for row, division in enumerate(state.ground.divisions(level)):
            found.append(
                Coverage(
                    type=one,
                    division=division,
                    townships=int((divisions.units["township"] == row).sum()),
                    covered=int(worked.numerator[row]),
                    facilities=int(worked.counted[row]),
                    not_placed=int(worked.not_placed[row]),
                    unsure=int(not_then[row]),
                    without=without[row],
                )
            )
    return found


def _without(
    one: FacilityType, state: State, facilities: Facilities, divisions: Divisions
) -> list[tuple[Division, ...]]:
    """The townships of each division that have no facility of the type."""
    places = facilities.units["township"][facilities.of_types((one.code,))]
    empty = np.ones(len(state.ground.townships), dtype=np.bool_)
    empty[places[places != NOWHERE]] = False
    lies_in = divisions.units["township"]
    return [
        tuple(state.ground.townships[row] for row in np.flatnonzero(empty & (lies_in == place)))
        for place in range(len(divisions.codes))
    ]


def _formula(one: FacilityType) -> Formula:
    return Formula(
        code=f"coverage_{one.code}",
        name_zh=one.name_zh,
        name_en=one.name_en,
        indicators=(),
        scale=100,
        numerator=Term("covered", types=(one.code,), unit="township"),
        denominator=Term("units", unit="township"),
    )
