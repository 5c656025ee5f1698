"""Carry out planned changes: load what they touch, plan each, write the difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Final

from sqlmodel import Session

from codes.china_time import today
from registry.audit import Act
from registry.facilities.fields import to_date
from registry.facilities.identifiers import Numbers, update_identifiers
from registry.facilities.identity import facility_ids
from registry.facilities.lines import load_lines, write_lines
from registry.facilities.plan import Change, planned_change
from registry.facilities.readings import Given, update_readings
from registry.facilities.timeline import Line

CHUNK: Final = 5_000
"""Facilities held in memory at once; no database minds so many values in one list."""


def apply_changes(session: Session, act: Act, changes: Iterable[Change]) -> None:
    """Plan and write checked changes, in order."""
    waiting = iter(changes)
    while chunk := list(islice(waiting, CHUNK)):
        ids = facility_ids(session, (change.code for change in chunk))
        before = load_lines(act.connection, list(ids.values()))
        after = dict(before)
        for change in chunk:
            id_ = ids[change.code]
            after[id_] = planned_change(after[id_], change)
        reports = [report_of(ids[change.code], change) for change in chunk]
        numbers = [(ids[change.code], change.identifiers) for change in chunk]
        write_all(act, before, after, reports, numbers)


def line_of(session: Session, code: str) -> tuple[int, Line]:
    """Return the id and the line of a stored code; raises DataError when there is none."""
    facility_id = facility_ids(session, [code])[code]
    return facility_id, load_lines(session.connection(), [facility_id])[facility_id]


def report_of(facility_id: int, change: Change) -> Given:
    """Return what a change says of the facility's capabilities."""
    as_of: date = min(change.on, today())
    if change.fields.get("as_of") is not None:
        as_of = to_date("as_of", change.fields["as_of"])
    return Given(facility_id, change.capabilities, as_of, change.source)


def write_all(
    act: Act,
    before: Mapping[int, Line],
    after: Mapping[int, Line],
    reports: Sequence[Given],
    numbers: Sequence[tuple[int, Numbers]],
) -> None:
    """Write what differs between two states of lines, and the readings and numbers reported."""
    write_lines(act, before, after)
    for table, (superseded, written) in (
        ("capability_value", update_readings(act.connection, reports)),
        ("identifier", update_identifiers(act.connection, numbers)),
    ):
        act.supersede(table, superseded)
        act.write(table, written)
