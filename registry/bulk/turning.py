"""Points whose longitude and latitude can only be exchanged are turned, and it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from codes.rules import rules
from registry.bulk.compile.values import Value, number_in
from registry.bulk.conditions import Condition
from registry.bulk.file_cells import cell_of
from registry.bulk.odd_cells import Mending
from registry.bulk.plan import type_numbers
from registry.bulk.row_parts import swapped

RULE: Final = "point_swapped"
POINT: Final = ("longitude", "latitude")


@dataclass(frozen=True)
class Turning:
    """What stands in the place of the elements, points turned, and what is said of those."""

    cells: dict[str, exp.Expr]
    said: tuple[Condition, ...]


def turn(mending: Mending) -> Turning:
    """Return the mended elements of the rows; of a file without points they stay as they are."""
    cells = mending.cells()
    if not set(POINT) <= set(mending.plan.values):
        return Turning(cells, ())
    lon, lat = (cells.get(key) or cell_of(mending.plan, key) for key in POINT)
    values = (Value(one, number_in(one)) for one in (lon, lat))
    turned = exp.func("coalesce", swapped(*values), exp.false())
    cells["longitude"] = exp.case().when(turned.copy(), lat.copy()).else_(lon.copy())
    cells["latitude"] = exp.case().when(turned.copy(), lon.copy()).else_(lat.copy())
    cause = RULE, rules()[RULE].severity, "longitude"
    return Turning(cells, (Condition(cause, turned, frozenset(type_numbers())),))
