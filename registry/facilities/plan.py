"""What a change, a correction or a closing makes of a line. Pure: the database is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from codes.china_time import today
from registry.facilities import allowed
from registry.facilities.allowed import CLOSED
from registry.facilities.fields import to_columns
from registry.facilities.timeline import Line, at, extend, marked, overlay, run_start

AS_OF: Final = "as_of"
_CLOSING: Final = {False: "closed", True: "corrected"}
"""Kind of a closing, by whether the facility was closed already (on another day)."""


@dataclass(frozen=True)
class Change:
    """What holds of a facility from the day `on`: `fields` by upload key, None clears.

    `capabilities` are values as of `fields["as_of"]` (else `on`), None ends a measure. `code` is in
    the stored form; `source` says where the values come from.
    """

    code: str
    fields: Mapping[str, Any]
    on: date
    capabilities: Mapping[str, float | None] = field(default_factory=dict)
    identifiers: Mapping[str, str | None] = field(default_factory=dict)
    reason: str | None = None
    upload_row_id: int | None = None
    source: str | None = None


def planned_change(line: Line, change: Change) -> Line:
    """Return the line after a change.

    A closing takes effect on its closing day, whichever day the report speaks of; to be closed
    again on another day corrects the closing day. Raises DataError for what is not allowed.
    """
    values = to_columns(change.fields)
    allowed.refuse_ended(change.code, line)
    allowed.refuse_before_first(change.code, line, change.on)
    allowed.refuse_internal_status(values)
    as_of = values.get(AS_OF)
    mark = marked("changed", change.reason, change.upload_row_id)
    before = line
    apart = {AS_OF}
    if "status" in values:
        line = _with_status(line, change, values, mark)
        apart |= {"status", "closed_on"}
    rest = {name: value for name, value in values.items() if name not in apart}
    line = overlay(line, rest, change.on, mark)
    if line == before and as_of is None:
        return before
    if line == before:
        mark["kind"] = "confirmed"
    return _dated(line, change.on, as_of or min(change.on, today()), mark)


def planned_correction(
    line: Line, code: str, values: dict[str, Any], since: date | None, reason: str | None
) -> Line:
    """Return the line after a correction: each field right since `since`.

    Without `since` a field is put right for as long as it has had its present value; a day before
    the first extends the line. Raises DataError for what is not allowed.
    """
    allowed.refuse_internal_status(values)
    if "status" in values:
        allowed.refuse_ended(code, line)
        closing = values["status"] == CLOSED
        began = since or run_start(line, "status", today())
        values.setdefault("closed_on", began if closing else None)
    if since is not None:
        allowed.refuse_future("facility.corrected_in_future", since)
        line = extend(line, since)
    mark = marked("corrected", reason)
    starts: dict[date, dict[str, Any]] = {}
    for name, value in values.items():
        leader = "status" if name == "closed_on" and "status" in values else name
        starts.setdefault(since or run_start(line, leader, today()), {})[name] = value
    for start, together in sorted(starts.items()):
        line = overlay(line, together, start, mark)
    return line


def _with_status(
    line: Line, change: Change, values: Mapping[str, Any], mark: dict[str, Any]
) -> Line:
    holding = at(line, change.on) or line[-1]
    status = values["status"]
    if status != CLOSED:
        given = {"status": status, "closed_on": values.get("closed_on")}
        kind = "reopened" if holding["status"] == CLOSED else "changed"
        return overlay(line, given, change.on, {**mark, "kind": kind})
    was_closed = holding["status"] == CLOSED
    closed_on = values.get("closed_on") or (holding["closed_on"] if was_closed else change.on)
    allowed.refuse_future("facility.closed_in_future", closed_on)
    opened_on = values.get("opened_on", holding["opened_on"])
    allowed.refuse_closing_before_opening(change.code, opened_on, closed_on)
    if was_closed and holding["closed_on"] == closed_on:
        return line
    if was_closed:
        line = _reopened(line, change.on, mark)
    as_of = max(values.get(AS_OF) or change.on, holding[AS_OF])
    return _closed(line, closed_on, change.on, as_of, {**mark, "kind": _CLOSING[was_closed]})


def _closed(line: Line, closed_on: date, on: date, as_of: date, mark: Mapping[str, Any]) -> Line:
    """Close from the closing day through `on`, and from there until the next recorded status."""
    given = {"status": CLOSED, "closed_on": closed_on}
    since = max(closed_on, line[0]["valid_from"])
    if since > on:
        return overlay(line, given, since, mark)
    closed = overlay(line, {**given, AS_OF: as_of}, since, mark)
    holding = at(closed, on)
    if holding and holding["status"] != CLOSED:  # recorded otherwise in between
        closed = overlay(closed, given, since, mark, until=on)
    return overlay(closed, given, on, mark)


def _reopened(line: Line, day: date, mark: Mapping[str, Any]) -> Line:
    """Take a closing back: what was before it goes on, if the registry knows of a before."""
    start = run_start(line, "status", day)
    before = [version for version in line if version["valid_from"] < start]
    if not before:
        return line
    given = {"status": before[-1]["status"], "closed_on": before[-1]["closed_on"]}
    return overlay(line, given, start, mark)


def _dated(line: Line, on: date, as_of: date, mark: Mapping[str, Any]) -> Line:
    holding = at(line, on)
    if holding is None or as_of <= holding[AS_OF]:
        return line
    if holding["valid_from"] == on:
        mark = {name: holding[name] for name in mark}  # what begins here has its mark already
    return overlay(line, {AS_OF: as_of}, on, mark)
