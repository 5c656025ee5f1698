"""Place rows: by the division they name, else by their points, all points asked for at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from codes.place import PlaceProposal, check_point
from registry.uploads.judged import Context, Judged
from registry.uploads.placing.by_code import place_by_code
from registry.uploads.placing.placement import NOT_GIVEN, Placement
from registry.uploads.placing.points import Point, point_of, propose_all, strays
from registry.uploads.placing.settle import settle

SPOT: Final = frozenset({"division", "longitude", "latitude", "datum"})
"""Fields that say where a facility is."""


def place_rows(rows: Sequence[Judged], context: Context) -> None:
    """Settle the placement of every row and report what that took."""
    for row in rows:
        if not row.sure:  # its point can be one of China as it stands
            _turn_point(row)
    points = [point_of(row.whole) for row in rows]
    proposals = propose_all(points)
    for row, proposal in zip(rows, proposals, strict=True):
        row.proposal = proposal
        if "division" in row.row.troubled:
            continue
        row.placement = _placed(row, context)
        if row.placement.rule:
            row.report(row.placement.rule, "division", **row.placement.params)
    _find_strays(rows, points)


def _find_strays(rows: Sequence[Judged], points: Sequence[Point | None]) -> None:
    """Note which rows give a point or a division such that the point lies outside."""
    declared = []
    for row, point in zip(rows, points, strict=True):
        given = not SPOT.isdisjoint(row.row.fields)
        if point and row.proposal and row.placement.code and given:
            declared.append((row, (point, row.proposal, row.placement.code)))
    found = strays([one for _, one in declared])
    for (row, _), stray in zip(declared, found, strict=True):
        row.stray = stray


def _placed(row: Judged, context: Context) -> Placement:
    written = row.row.fields.get("division")
    if isinstance(written, str):
        placed = place_by_code(written, _day(row, context), context.today)
        if placed.rule != "division_split":
            return placed
        address = row.whole.get("address")
        county = row.proposal.county_code if row.proposal else None
        return settle(placed, str(address or ""), county, context.today)
    if row.registered:
        return Placement(str(row.registered.fields["division"]))
    return _by_point(row.proposal) if row.proposal else NOT_GIVEN


def _by_point(proposal: PlaceProposal) -> Placement:
    if proposal.certain and proposal.county_code:
        metres = proposal.distance_to_border_m
        params: dict[str, Any] = {
            "division_division": proposal.county_code,
            "distance_metres": None if metres is None else round(metres),
        }
        return Placement(proposal.county_code, "division_proposed", params)
    candidates = tuple(one.county_code for one in proposal.candidates)
    params = {
        "reason_point": [proposal.reason, proposal.distance_to_border_m],
        "candidates_divisions": candidates,
    }
    return Placement(None, "division_uncertain", params, candidates)


def _turn_point(row: Judged) -> None:
    """Exchange longitude and latitude when they can only be swapped."""
    point = point_of(row.row.fields)
    if point is None or check_point(point[0], point[1]) != "point_swapped":
        return
    longitude, latitude = point[0], point[1]
    row.report("point_swapped", "longitude", longitude=longitude, latitude=latitude)
    turned = {"longitude": latitude, "latitude": longitude}
    row.row = replace(row.row, fields={**row.row.fields, **turned})
    row.whole |= turned


def _day(row: Judged, context: Context) -> date:
    """The day the row's data speak of; today when it cannot be read."""
    try:
        return date.fromisoformat(str(row.whole.get("as_of")))
    except ValueError:
        return context.today
