"""Merge, split, duplicate: what became of a facility, and who stands there now.

The successor has to stand on the day of the link; it may have closed since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlmodel import Session

from codes import facility_code
from codes.errors import DataError
from registry.audit import Act, acting
from registry.dates import END_OF_TIME
from registry.facilities import allowed
from registry.facilities.asof import known
from registry.facilities.identity import facility_ids, to_code
from registry.facilities.lines import load_lines, write_lines
from registry.facilities.links import heirs, standing
from registry.facilities.timeline import Line, at, marked, overlay
from registry.rows import table

__all__ = ["heirs", "mark_duplicate", "merge", "split", "standing"]

KIND_OF: Final = {
    allowed.MERGED: "merged",
    allowed.SPLIT: "split",
    allowed.DUPLICATE: "duplicate",
}
"""Kind of the link and of the version, by the status it sets."""


def merge(
    session: Session,
    codes: Sequence[str],
    into: str,
    *,
    on: date,
    by: str,
    reason: str | None = None,
) -> None:
    """Merge facilities into another on a day; their codes stay and lead to it.

    Raises DataError when `into` is one of them, did not stand on that day, or comes after one of
    them already; when one of them is no longer itself; and for a day still to come.
    """
    sources, target = _stored(codes), to_code(into)
    detail = {"codes": sources, "into": target, "on": on, "reason": reason}
    with acting(session, actor=by, action="merge", subject=target, detail=detail) as act:
        _end(act, session, (sources, [target]), on, reason, allowed.MERGED)


def split(
    session: Session,
    code: str,
    into: Sequence[str],
    *,
    on: date,
    by: str,
    reason: str | None = None,
) -> None:
    """Split a facility into two or more others, registered before; its code leads to them.

    Raises DataError as `merge` does, and when there are fewer than two.
    """
    source, targets = to_code(code), _stored(into)
    if len(targets) < 2:
        raise DataError("facility.split_into_one", code=facility_code.format(source))
    detail = {"into": targets, "on": on, "reason": reason}
    with acting(session, actor=by, action="split", subject=source, detail=detail) as act:
        _end(act, session, ([source], targets), on, reason, allowed.SPLIT)


def mark_duplicate(
    session: Session, code: str, of: str, *, by: str, reason: str | None = None
) -> None:
    """Say that a facility was registered twice: `code` never was another one than `of`.

    Raises DataError when `of` is the same code, is no longer itself, or leads to `code`.
    """
    source, target = to_code(code), to_code(of)
    detail = {"of": target, "reason": reason}
    with acting(session, actor=by, action="duplicate", subject=source, detail=detail) as act:
        _end(act, session, ([source], [target]), None, reason, allowed.DUPLICATE)


def _stored(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(to_code(code) for code in codes))


def _end(
    act: Act,
    session: Session,
    ends: tuple[Sequence[str], Sequence[str]],
    on: date | None,
    reason: str | None,
    status: str,
) -> None:
    """End the sources with a status and link each to every target; no day: since the first."""
    sources, targets = ends
    ids = facility_ids(session, [*sources, *targets])
    lines = load_lines(act.connection, list(ids.values()))
    _refuse_circle(act.connection, ids, sources, targets)
    for target in targets:
        _refuse_unfit(target, lines[ids[target]], on)
    mark = marked(KIND_OF[status], reason)
    after, links = {}, []
    for source in sources:
        line = lines[ids[source]]
        since = on or line[0]["valid_from"]
        after[ids[source]] = _ended(source, line, since, status, mark)
        link = {"predecessor_id": ids[source], "kind": KIND_OF[status], "effective_on": since}
        links += [{**link, "successor_id": ids[target]} for target in targets]
    write_lines(act, lines, after)
    act.write("succession", links)


def _ended(code: str, line: Line, since: date, status: str, mark: Mapping[str, Any]) -> Line:
    allowed.refuse_ended(code, line)
    allowed.refuse_future("facility.ended_in_future", since)
    allowed.refuse_before_first(code, line, since)
    given: dict[str, Any] = {"status": status}
    holding = at(line, since)
    if holding and holding["status"] != allowed.CLOSED and since > line[0]["valid_from"]:
        given["closed_on"] = since
    return overlay(line, given, since, mark, until=END_OF_TIME)


def _refuse_unfit(code: str, line: Line, on: date | None) -> None:
    if on is None:
        allowed.refuse_ended(code, line)
        return
    holding, shown = at(line, on), facility_code.format(code)
    if holding is None:
        first = line[0]["valid_from"]
        raise DataError("facility.successor_not_yet", code=shown, on=on, first=first)
    if holding["status"] == allowed.CLOSED or holding["status"] in allowed.ended_statuses():
        raise DataError(
            "facility.successor_not_standing", code=shown, on=on, status=holding["status"]
        )


def _refuse_circle(
    connection: Connection, ids: Mapping[str, int], sources: Sequence[str], targets: Sequence[str]
) -> None:
    reached = {ids[target] for target in targets}
    frontier = set(reached)
    succession = table("succession")
    while frontier:
        query = select(succession.c.successor_id).where(
            succession.c.predecessor_id.in_(frontier), known("succession", None)
        )
        frontier = set(connection.execute(query).scalars()) - reached
        reached |= frontier
    for source in sources:
        if source in targets:
            raise DataError("facility.successor_itself", code=facility_code.format(source))
        if ids[source] in reached:
            shown = "、".join(map(facility_code.format, targets))
            raise DataError(
                "facility.successor_circle", code=facility_code.format(source), into=shown
            )
