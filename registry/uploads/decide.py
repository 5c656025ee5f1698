"""Answer what holds a row: it is that facility, it is a new one, it stands there, it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from codes import china_time, divisions
from codes.errors import DataError, UsageError
from codes.messages import text
from registry.audit import Act, acting
from registry.db import writing
from registry.facilities.identity import to_code
from registry.tables.upload import Upload, UploadRow
from registry.uploads.asked_alike import asked_alike
from registry.uploads.finding_rows import finding_cells
from registry.uploads.findings import Finding, found
from registry.uploads.judged import Judged
from registry.uploads.people import person
from registry.uploads.proposing.answers import NOT_SAME, SAME, remember
from registry.uploads.proposing.apart import Pair, digest_of_row, tell_apart
from registry.uploads.proposing.fetching import brief, by_codes
from registry.uploads.proposing.keys import key_of
from registry.uploads.replan import IN_MEMORY, replanned, replanned_alone, store_moved
from registry.uploads.sealed import digest_of, refuse_changed
from registry.uploads.standing import seal_of
from registry.uploads.store import insert_findings, recount, save_plans
from registry.uploads.stored import DIVISION_CONFIRMED, SAID_NEW, find_upload
from registry.uploads.take_back import DECIDE, last_answer, take_back, unanswered


@dataclass(frozen=True)
class Answer:
    """One answer; exactly one of the four is given."""

    same: str | None = None
    new: bool = False
    division: str | None = None
    reject: bool = False

    def chosen(self) -> str:
        """Return which one it is; raises UsageError for none or several."""
        given = [name for name in ("same", "new", "division", "reject") if getattr(self, name)]
        if len(given) != 1:
            raise UsageError("upload.answer_one")
        return given[0]


@dataclass(frozen=True)
class Decided:
    """The row's outcome once the answer counts, and what is asked of it still (rule ids).

    `faults` are the findings for which it is rejected all the same.
    """

    row: int
    outcome: str
    questions: tuple[str, ...]
    faults: tuple[Finding, ...] = ()


def decide(
    engine: Engine,
    upload_id: int,
    row_number: int,
    answer: Answer,
    *,
    by: str,
    sheet: str | None = None,
    today: date | None = None,
) -> Decided:
    """Answer a held row of a waiting upload and plan the upload anew.

    Of a large upload only the row itself is: what the answer changes for others is found once all
    are answered, by `diff` or the approval, which judge every row when the plan no longer stands.
    Answers about sameness are remembered for every later upload, also that two rows of the file are
    two. A row no longer held that was answered may be answered anew: the earlier answer is taken
    back. Raises DataError for an upload that is decided, a row that does not exist or asks nothing,
    a code or division that is none.
    """
    kind, who = answer.chosen(), person(by)
    with writing(engine) as session:
        upload = find_upload(session, upload_id, lock=True)
        refuse_decided(upload)
        refuse_changed(session, upload)
        stored = _row(session, upload_id, row_number, sheet)
        if stored.outcome != "held" and not take_back(session, stored):
            seen = text(f"report.outcome_{stored.outcome}")
            raise DataError("upload.row_not_held", row=row_number, outcome=seen)
        earlier = last_answer(session, stored)
        before = earlier["before"] if earlier else unanswered(stored)
        subject = f"upload:{upload_id}"
        # what is planned below is to stand on all acts before, so this one begins here
        with acting(session, actor=who, action=DECIDE, subject=subject, detail={}) as act:
            remembered: dict[str, Any] = {"key": None}
            plan = {}
            if kind == "reject":
                _refuse_row(session, stored, who)
                recount(session, upload)
                outcome = Decided(row_number, "rejected", ())
            else:
                remembered = _apply(session, upload, stored, answer, act)
                outcome = _planned_anew(session, upload, stored, today)
                if not _is_large(upload):
                    plan = {"plan": seal_of(session, upload, act.seq, today)}
            kept = {"before": before, **remembered, "digest": digest_of(session, upload), **plan}
            act.detail = _detail(stored, answer, outcome, kept)
    return outcome


def _detail(
    stored: UploadRow, answer: Answer, outcome: Decided, to_take_back: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "row": stored.row,
        "sheet": stored.sheet,
        "answer": answer.chosen(),
        "value": answer.same or answer.division,
        "outcome": outcome.outcome,
        **to_take_back,
    }


def refuse_decided(upload: Upload) -> None:
    """Raise DataError when an upload has been approved or rejected already."""
    if upload.status != "submitted":
        raise DataError(
            f"upload.decided_{upload.status}",
            id=upload.id,
            by=upload.decided_by,
            on=china_time.day_of(upload.decided_at) if upload.decided_at else "-",
        )


def _row(session: Session, upload_id: int, number: int, sheet: str | None) -> UploadRow:
    query = select(UploadRow).where(
        col(UploadRow.upload_id) == upload_id, col(UploadRow.row) == number
    )
    rows = [row for row in session.exec(query) if sheet in (None, row.sheet)]
    if not rows:
        raise DataError("upload.row_unknown", id=upload_id, row=number)
    if len(rows) > 1:
        sheets = "、".join(row.sheet for row in rows)
        raise DataError("upload.row_in_sheets", row=number, sheets=sheets)
    return rows[0]


def _refuse_row(session: Session, stored: UploadRow, by: str) -> None:
    stored.outcome, stored.changes = "rejected", {}
    session.add(stored)
    name = str(stored.fields.get("name") or "")
    said = found("row_refused", stored.sheet, stored.row, value=name, by=by)
    insert_findings(session, stored.upload_id, finding_cells([said]))
    session.flush()


def _apply(
    session: Session, upload: Upload, stored: UploadRow, answer: Answer, act: Act
) -> dict[str, Any]:
    """Set what the answer says; return what is remembered of it, so that it can be taken back."""
    judged = _judged(session, upload, stored)
    verdicts: dict[int, str] = {}
    told: list[Pair] = []
    rows: Mapping[str, list[Any]] = {}
    if answer.division:
        placed = {"division": _division(answer.division), DIVISION_CONFIRMED: True}
        stored.fields = {**stored.fields, **placed}
    elif answer.same:
        code = _registered(session, answer.same)
        stored.fields = {**stored.fields, "code": code}
        same = by_codes(session, [code])[code].id
        verdicts = {**dict.fromkeys(judged.candidates, NOT_SAME), same: SAME}
    else:
        alike = asked_alike(session, stored, judged)
        if not judged.candidates and alike is None:
            raise DataError("upload.answer_unfit", row=stored.row)
        without = {key: value for key, value in stored.fields.items() if key != "code"}
        stored.fields = {**without, SAID_NEW: True}
        verdicts = dict.fromkeys(judged.candidates, NOT_SAME)
        rows = {digest: place for digest, *place in alike or ()}
        told = tell_apart(session, digest_of_row(judged), rows, by=act.actor, at=act.at)
    session.add(stored)
    kept = _remember(session, judged, verdicts, act)
    return {"key": None if answer.division else key_of(judged), **kept, "apart": told, "rows": rows}


def _is_large(upload: Upload) -> bool:
    return upload.rows > IN_MEMORY


def _remember(
    session: Session, judged: Judged, verdicts: Mapping[int, str], act: Act
) -> dict[str, Any]:
    """Keep what was said of facilities; return it by code, for the audit."""
    key = key_of(judged)
    if key is None:
        verdicts = {}
    else:
        remember(session, key, verdicts, by=act.actor, at=act.at)
    session.flush()
    known = brief(session, verdicts)
    return {"facilities": {known[id_].code: said for id_, said in verdicts.items()}}


def _registered(session: Session, written: str) -> str:
    code = to_code(written)
    if code not in by_codes(session, [code]):
        raise DataError("upload.answer_code_unknown", code=written)
    return code


def _division(written: str) -> str:
    unit = divisions.division(written, china_time.today())
    divisions.county_of(unit.code)
    return unit.code


def _planned_anew(
    session: Session, upload: Upload, stored: UploadRow, today: date | None
) -> Decided:
    if _is_large(upload):
        kept = [replanned_alone(session, upload, stored, today)]
        save_plans(session, kept)
        recount(session, upload)
    else:
        found = store_moved(session, upload, today, stored.id)
        kept = [one for one in found if one[0].id == stored.id]
    _, judged, plan = kept[0]
    asked = tuple(one.rule for one in judged.findings if one.severity == "held")
    faults = tuple(one for one in judged.findings if one.severity == "must")
    return Decided(stored.row or 0, plan.outcome, asked, faults)


def _judged(session: Session, upload: Upload, stored: UploadRow) -> Judged:
    """Judge a row again; what comes after it in the file need not be looked at.

    Of a large upload nor need the rest, unless an earlier answer has done away with the question.
    """
    if _is_large(upload):
        alone = replanned_alone(session, upload, stored)[1]
        asked = alone.candidates or asked_alike(session, stored, alone) is not None
        if asked or last_answer(session, stored) is None:
            return alone
    with closing(replanned(session, upload)) as pages:
        return next(one for page in pages for row, one, _ in page if row.id == stored.id)
