"""Take back an ending that was a mistake: closed, merged, split, registered twice, annulled.

What was known of the status before the ending is known again; the mistake stays in the history as
something we once held true. This is a correction; a facility that did close and opens again is
`registry.facilities.change.reopen`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlmodel import Session

from codes import facility_code
from codes.errors import DataError
from registry.audit import acting
from registry.facilities import allowed
from registry.facilities.apply import line_of
from registry.facilities.asof import known
from registry.facilities.fields import state_columns
from registry.facilities.identity import to_code
from registry.facilities.lines import load_lines, write_lines
from registry.facilities.plan import AS_OF
from registry.facilities.timeline import Line, marked, overlay
from registry.rows import table

MOMENT_BEFORE: Final = timedelta(microseconds=1)
ENDINGS: Final = frozenset({"closed", "merged", "split", "duplicate", "annulled"})
"""Kinds of the versions that begin with an ending."""


def restore(session: Session, code: str, *, by: str, reason: str | None = None) -> None:
    """Make a facility what it was before it was last closed or ended, as if that never was.

    Links to successors made by the ending go with it. Raises DataError when the facility has not
    ended, or was registered closed (then the status is to be corrected).
    """
    stored = to_code(code)
    with acting(session, actor=by, action="restore", subject=stored, detail={}) as act:
        id_, line = line_of(session, stored)
        act.detail = {"reason": reason, "taken_back": line[-1]["status"]}
        before = _line_before_ending(act.connection, id_, stored, line)
        write_lines(act, {id_: line}, {id_: _with_statuses_of(before, line)})
        act.supersede("succession", _links_from(act.connection, id_))


def _line_before_ending(connection: Connection, id_: int, code: str, line: Line) -> Line:
    """Return the line as known just before the present ending was recorded."""
    shown, ending = facility_code.format(code), line[-1]
    if ending["status"] not in _ended_or_closed():
        raise DataError("facility.not_ended", code=shown, status=ending["status"])
    moments = _moments(connection, id_)
    for moment in reversed(moments):
        earlier = load_lines(connection, [id_], moment - MOMENT_BEFORE)[id_]
        if earlier and earlier[-1]["status"] != ending["status"]:
            return earlier
    raise DataError("facility.registered_ended", code=shown, status=ending["status"])


def _moments(connection: Connection, id_: int) -> list[datetime]:
    version = table("facility_version")
    query = select(version.c.recorded_at).where(version.c.facility_id == id_).distinct()
    return list(connection.execute(query.order_by(version.c.recorded_at)).scalars())


def _with_statuses_of(before: Line, line: Line) -> Line:
    for version in before:
        given = {name: version[name] for name in ("status", "closed_on")}
        mark = {name: version[name] for name in marked("", None)}
        line = overlay(line, given, version["valid_from"], mark, until=version["valid_to"])
    return _rejoined(line)


def _rejoined(line: Line) -> Line:
    """Take out the seams the ending left: versions that begin with it and differ in nothing."""
    state = [name for name in state_columns() if name != AS_OF]
    joined: Line = []
    for version in line:
        if version["kind"] not in ENDINGS or version["status"] in _ended_or_closed():
            joined.append(version)
        elif joined and all(joined[-1][name] == version[name] for name in state):
            joined[-1] = {**joined[-1], "valid_to": version["valid_to"], "id": None}
        else:
            joined.append({**version, **marked("restored", None), "id": None})
    return joined


def _ended_or_closed() -> frozenset[str]:
    return allowed.ended_statuses() | {allowed.CLOSED}


def _links_from(connection: Connection, id_: int) -> list[int]:
    succession = table("succession")
    query = select(succession.c.id).where(
        succession.c.predecessor_id == id_, known("succession", None)
    )
    return list(connection.execute(query).scalars())
