# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
"""Points whose longitude and latitude can only be exchanged are turned, and it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from codes.rules import rules
from registry.bulk.compile.values import Value, literal, number_in
from registry.bulk.conditions import Condition
from registry.bulk.file_cells import cell_of
from registry.bulk.odd_cells import Mending
from registry.bulk.plan import column_called, named, type_numbers
from registry.bulk.row_parts import box, swapped

RULE: Final = "point_swapped"
POINT: Final = ("longitude", "latitude")
TURNED: Final = "point turned"


@dataclass(frozen=True)
class Turning:
    """A query of rows that know of their points, what stands for the elements, what is said."""

    rows: str
    cells: dict[str, exp.Expr]
    said: tuple[Condition, ...]


def turn(mending: Mending, rows: str) -> Turning:
    """Turn the points of the mended rows of the query `rows`, of which a file may have none."""
    cells = mending.cells()
    if not set(POINT) <= set(mending.plan.values):
        return Turning(rows, cells, ())
    lon, lat = (cells.get(key) or cell_of(mending.plan, key) for key in POINT)
    # in columns of their own: what stands in a CASE is worked out as often as it is named there
    numbers = [named(number_in(column_called(f"{key} >")), f"{key} ?") for key in POINT]
    read = [named(one, f"{key} >") for one, key in zip((lon, lat), POINT, strict=True)]
    values = [Value(column_called(f"{key} >"), column_called(f"{key} ?")) for key in POINT]
    (west, east), _ = box()
    # CASE, not AND: of hardly any row the latitude can be a longitude, and no more is asked then
    latitude = column_called("latitude ?")
    perhaps = exp.Between(this=latitude, low=literal(west), high=literal(east))
    whether = exp.func("coalesce", swapped(*values), exp.false())
    turned = named(exp.case().when(perhaps, whether).else_(exp.false()), TURNED)
    for layer in (read, numbers, [turned]):
        listed = ", ".join(one.sql("duckdb") for one in layer)
        rows = f"SELECT *, {listed} FROM ({rows})"
    is_turned, (lon, lat) = column_called(TURNED), (column_called(f"{key} >") for key in POINT)
    cells["longitude"] = exp.case().when(is_turned, lat).else_(lon)
    cells["latitude"] = exp.case().when(is_turned.copy(), lon.copy()).else_(lat.copy())
    cause = RULE, rules()[RULE].severity, "longitude"
    said = Condition(cause, is_turned.copy(), frozenset(type_numbers()))
    return Turning(rows, cells, (said,))
