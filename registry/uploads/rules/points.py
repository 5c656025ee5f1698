"""The point against the division the row declares."""

from __future__ import annotations

from collections.abc import Iterator

from registry.uploads.judged import Context, Judged
from registry.uploads.placing.points import Point, fitting_datums, outside, point_of
from registry.uploads.rules.hit import Hit


def point_outside_division(row: Judged, _context: Context) -> Iterator[Hit]:
    """A point outside its division, whatever its datum."""
    point, params = _strayed(row)
    if point and params and row.placement.code and not fitting_datums(point, row.placement.code):
        yield Hit("longitude", params)


def datum_suspected(row: Judged, _context: Context) -> Iterator[Hit]:
    """A point outside its division that would be inside under another datum."""
    point, params = _strayed(row)
    if point and params and row.placement.code:
        fitting = fitting_datums(point, row.placement.code)
        if fitting:
            said = {"datum": point[2] or "-", "suspected": fitting}
            yield Hit("datum", {**said, "division_division": params["division_division"]})


def _strayed(row: Judged) -> tuple[Point | None, dict[str, object] | None]:
    """The point the row gives and what to say of it, when it lies outside what the row declares."""
    point = point_of(row.whole)
    moved = {"division", "longitude", "latitude", "datum"} & set(row.row.fields)
    if point is None or row.proposal is None or row.placement.code is None or not moved:
        return None, None
    return point, outside(point, row.proposal, row.placement.code)
