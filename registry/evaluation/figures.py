"""The plain figures a formula is worked out from: facilities by column, divisions by row.

Whoever fills them (the database, a test, a scenario) has chosen the day; here is no time any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
Texts = NDArray[np.str_]

NOWHERE = -1
"""The place of a facility or unit that lies in none of the divisions asked for."""


@dataclass(frozen=True)
class Divisions:
    """The divisions asked for, all of one level.

    `population` has, for each group of people, one figure a division (NaN: none known). `units`
    has, for each kind of unit below (county, township, community), the row of the division each
    unit lies in, or NOWHERE.
    """

    codes: tuple[str, ...]
    population: Mapping[str, Floats] = field(default_factory=dict)
    units: Mapping[str, Whole] = field(default_factory=dict)


@dataclass(frozen=True)
class Facilities:
    """Facilities operating on the day, one item each.

    `type_row` is the row of each facility's type in `type_codes`; `division` is the row in
    `Divisions`, or NOWHERE. `units` has, for each kind of unit, which unit the facility lies in (an
    index into `Divisions.units`), or NOWHERE. `capabilities` has NaN where nothing was reported.
    `attributes` and `identifiers` may lack what no formula reads.

    `ended_types` are those of the types that are no longer in force. For the working, and empty
    where nobody asks: `read_on` has the day each measure speaks of (as `date.toordinal` counts),
    `recorded_on` that of the record itself, `taken_back` who is on record only from a later day on.
    """

    type_codes: tuple[str, ...]
    type_row: Whole
    division: Whole
    units: Mapping[str, Whole] = field(default_factory=dict)
    capabilities: Mapping[str, Floats] = field(default_factory=dict)
    attributes: Mapping[str, Texts] = field(default_factory=dict)
    identifiers: Mapping[str, Mask] = field(default_factory=dict)
    read_on: Mapping[str, Whole] = field(default_factory=dict)
    recorded_on: Whole | None = None
    taken_back: Mask | None = None
    ended_types: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.type_row)

    def reported(self, capability: str) -> Floats:
        """Return one measure of every facility, all NaN when nobody has reported it."""
        found = self.capabilities.get(capability)
        return np.full(len(self), np.nan) if found is None else found

    def of_types(self, beginnings: tuple[str, ...]) -> Mask:
        """Say of every facility whether its type code begins with one of these (none: all)."""
        if not beginnings:
            return np.ones(len(self), dtype=np.bool_)
        wanted = np.array([code.startswith(beginnings) for code in self.type_codes], dtype=np.bool_)
        fits: Mask = wanted[self.type_row]
        return fits


def rows_of(values: Sequence[str], names: Sequence[str]) -> Whole:
    """Return the row of each value in `names`, NOWHERE when it is not there."""
    row = {name: place for place, name in enumerate(names)}
    return np.array([row.get(value, NOWHERE) for value in values], dtype=np.int64)
