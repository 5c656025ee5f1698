"""Change, correct, close, reopen, annul: what may happen to one facility.

A change says what holds from a day on; a correction says that the record was wrong. Nothing is
overwritten: the versions known before stay, marked superseded. `change_many` does it for many
facilities whose rows have been checked. What a clerk gives is checked here, against the elements of
the facility's type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from codes import facility_code
from codes.china_time import today
from codes.errors import DataError
from registry.audit import acting
from registry.dates import END_OF_TIME
from registry.facilities import allowed
from registry.facilities.apply import apply_changes, line_of, report_of, write_all
from registry.facilities.fields import split_keys, to_columns
from registry.facilities.identity import to_code
from registry.facilities.lines import write_lines
from registry.facilities.plan import Change, planned_change, planned_correction
from registry.facilities.readings import Given, last_read_on
from registry.facilities.timeline import at, marked, overlay
from registry.facilities.validate import check_changed

__all__ = ["Change", "annul", "change", "change_many", "close", "correct", "reopen"]


def change(
    session: Session,
    code: str,
    fields: Mapping[str, Any],
    *,
    on: date,
    by: str,
    reason: str | None = None,
) -> bool:
    """Record what holds of a facility from the day `on`; return False when it was so already.

    `fields` may hold capabilities and identifiers too; None clears. What is entered late holds
    until that field's next recorded change. Raises DataError for values that do not fit the type's
    elements, a facility that is no longer itself, a day before the first known, or capabilities and
    identifiers of a day to come: they have no first day of their own to wait for.
    """
    return _change(session, "change", Change(to_code(code), fields, on, reason=reason), by)


def close(session: Session, code: str, *, on: date, by: str, reason: str | None = None) -> None:
    """Close a facility on a day, today at the latest.

    Raises DataError when it is closed already; another closing day is a correction.
    """
    holding = _holding(session, code, on)
    if holding["status"] == allowed.CLOSED:
        shown, since = facility_code.format(code), holding["closed_on"]
        raise DataError("facility.already_closed", code=shown, since=since)
    fields = {"status": allowed.CLOSED, "closed_on": on}
    _change(session, "close", Change(to_code(code), fields, on, reason=reason), by)


def reopen(session: Session, code: str, *, on: date, by: str, reason: str | None = None) -> None:
    """Open a closed or suspended facility again from a day on; the time between stays as it was.

    Raises DataError when it is neither. A closing that never was is taken back with
    `registry.facilities.restore`.
    """
    status = _holding(session, code, on)["status"]
    if status not in (allowed.CLOSED, allowed.SUSPENDED):
        shown = facility_code.format(code)
        raise DataError("facility.not_closed", code=shown, status=status)
    fields = {"status": allowed.OPEN}
    _change(session, "reopen", Change(to_code(code), fields, on, reason=reason), by)


def correct(
    session: Session,
    code: str,
    fields: Mapping[str, Any],
    *,
    by: str,
    reason: str | None = None,
    since: date | None = None,
) -> bool:
    """Put right what was recorded wrongly; return False when nothing differs.

    A field is put right since `since`, else for as long as it has had its present value; a
    capability as of its latest reading. A `since` before the first day known makes the record, or
    the first reading, begin then. The only way to touch a facility that is no longer itself.
    """
    stored = to_code(code)
    own, measures, numbers = split_keys(fields)
    detail = {"fields": fields, "since": since, "reason": reason}
    with acting(session, actor=by, action="correct", subject=stored, detail=detail) as act:
        id_, line = line_of(session, stored)
        after = planned_correction(line, stored, to_columns(own), since, reason)
        check_changed(session, id_, (line, after), since or today(), fields)
        reports = [
            Given(id_, {measure: value}, since or read_on, None, corrects=since is not None)
            for measure, value in measures.items()
            for read_on in [last_read_on(act.connection, id_, measure) or line[-1]["as_of"]]
        ]
        write_all(act, {id_: line}, {id_: after}, reports, [(id_, numbers)])
        return not act.abandon_if_empty()


def annul(session: Session, code: str, *, by: str, reason: str | None = None) -> None:
    """Say that a facility was registered in error: it never was. Its code is not given again.

    Raises DataError for a facility that is no longer itself.
    """
    stored = to_code(code)
    detail = {"reason": reason}
    with acting(session, actor=by, action="annul", subject=stored, detail=detail) as act:
        id_, line = line_of(session, stored)
        allowed.refuse_ended(stored, line)
        mark = marked("annulled", reason)
        ended = {"status": allowed.ANNULLED}
        after = overlay(line, ended, line[0]["valid_from"], mark, until=END_OF_TIME)
        write_lines(act, {id_: line}, {id_: after})


def change_many(
    session: Session,
    rows: Iterable[Change],
    *,
    by: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
) -> None:
    """Record checked changes as one act, in order.

    Codes are in the stored form. Raises DataError, naming the facility, when a change is not
    allowed; then nothing is written.
    """
    with acting(session, actor=by, action=action, subject=subject, detail=detail) as act:
        apply_changes(session, act, rows)


def _change(session: Session, action: str, given: Change, by: str) -> bool:
    """Check and record one change whose fields may hold capabilities and identifiers too."""
    own, measures, numbers = split_keys(given.fields)
    allowed.refuse_future_figures([*measures, *numbers], given.on)
    planned = replace(given, fields=own, capabilities=measures, identifiers=numbers)
    detail = {"fields": given.fields, "on": given.on, "reason": given.reason}
    with acting(session, actor=by, action=action, subject=given.code, detail=detail) as act:
        id_, line = line_of(session, given.code)
        after = planned_change(line, planned)
        check_changed(session, id_, (line, after), given.on, given.fields)
        report = report_of(id_, planned)
        write_all(act, {id_: line}, {id_: after}, [report], [(id_, numbers)])
        return not act.abandon_if_empty()


def _holding(session: Session, code: str, on: date) -> dict[str, Any]:
    _, line = line_of(session, to_code(code))
    return at(line, on) or line[0]
