"""The division a figure is for: in force on the day its code is of, or refused with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from codes.divisions import Division, division, normalise, township_of
from codes.divisions.store import edition_days
from codes.errors import DataError
from codes.home import named_at_home
from registry.ledgers.cells import Cells

MOST_CANDIDATES: Final = 5


@dataclass(frozen=True)
class Found:
    """A division's canonical code, or the rule that says why there is none; a note has both."""

    code: str | None
    rule: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def read_division(cells: Cells, day: date) -> str | None:
    """Return the code of the row's division on a day; report what is not in force or unknown."""
    written = cells.code("division")
    if written is None:
        cells.require("division")
        return None
    found = find_division(written, day)
    if found.rule:
        cells.report(found.rule, "division", **found.params)
    return found.code


@lru_cache(maxsize=50_000)
def find_division(written: str, day: date) -> Found:
    """Return the division that a code or a name stands for on a day."""
    try:
        code = normalise(written)
    except DataError:
        return _by_name(written, day)
    try:
        return Found(division(code, day).code)
    except DataError as error:
        return _refused(code, day, error)


def _by_name(written: str, day: date) -> Found:
    meant, units = (None, ()) if written.isdigit() else named_at_home(written, day)
    if meant is not None:
        return Found(meant.code, "division_from_name", {"division_division": meant.code})
    codes = [unit.code for unit in units][:MOST_CANDIDATES]
    params = {"candidates_divisions": codes, "field_element": "area"}
    return Found(None, "division_shape", params)


def _refused(code: str, day: date, error: DataError) -> Found:
    if error.message_id == "division.villages_not_held":
        township = {"division_division": township_of(code)}
        return Found(None, "division_village_unknown", township)
    if error.message_id != "division.not_in_force":
        return Found(None, "division_unknown")
    start, end = error.params["valid_from"], error.params["valid_to"]
    params = {"division_division": code, "on": day, "field_element": "divisions_on"}
    if start is not None and start > day:
        return _not_yet(division(code, start), start, day, params)
    heirs = [one["code"] for one in error.params["successors"]]
    if not heirs:
        return Found(None, "division_ended", {**params, "until": end})
    rule = "division_split" if len(heirs) > 1 else "division_replaced"
    return Found(None, rule, {**params, "successors_divisions": heirs, "until": end})


def _not_yet(unit: Division, start: date, day: date, params: Mapping[str, Any]) -> Found:
    """A unit first seen in an edition may have begun at any time since the edition before."""
    before = max((one for one in edition_days().values() if one < start), default=None)
    if unit.began == "edition" and before is not None and before < day:
        return Found(unit.code, "division_undated", {**params, "since": start, "before": before})
    return Found(None, "division_not_yet", {**params, "since": start})
