"""The figure of a row in the unit wanted: which of the units that are stated holds for it."""

from __future__ import annotations

from typing import Any

from codes.units import conversion
from registry.ledgers.cells import Cells


def read_figure(
    cells: Cells, key: str, wanted: str, unreadable: str, differs: str, /, **about: Any
) -> int | float | None:
    """Return the number of a cell in `wanted`; None when there is none or it cannot be told.

    A unit written after the figure holds before that of the column 单位, this before that of the
    header, and this before the one above the table. `unreadable` and `differs` are the rules that a
    cell without a number and a unit that does not convert break.
    """
    unit = _unit_in_force(cells, key, wanted, differs, about)
    if unit is None:
        return None
    read = cells.figure(key, wanted, unit, unreadable, **about)
    if read is None:
        cells.require(key)
    return read


def _unit_in_force(
    cells: Cells, key: str, wanted: str, differs: str, about: dict[str, Any]
) -> str | None:
    column, header = cells.text("unit"), cells.header_unit(key)
    for place, unit in (("column", column), ("header", header)):
        if unit and conversion(unit, wanted) is None:
            asked = "unit" if place == "column" else key
            cells.report(differs, asked, place_unit=place, written=unit, **about)
            return None
    if column and header and conversion(column, wanted) != conversion(header, wanted):
        cells.report("units_contradict", "unit", written=column, other=header)
        return None
    return column or header or _unit_above(cells, key, wanted, differs, about)


def _unit_above(
    cells: Cells, key: str, wanted: str, differs: str, about: dict[str, Any]
) -> str | None:
    """The unit above the table that converts; of several with different sizes none can be told."""
    if not cells.above or not wanted:
        return wanted
    fitting = {factor: one for one in cells.above if (factor := conversion(one, wanted))}
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    rule = "unit_unknown" if fitting else differs
    written = "、".join(dict.fromkeys(cells.above))
    cells.report(rule, key, place_unit="above", written=written, **about)
    return None
