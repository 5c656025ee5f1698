"""Take back an answer that is remembered; the audit keeps who gave it, who took it back and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Engine, delete
from sqlmodel import Session, col, select

from codes import china_time
from codes.errors import DataError, UsageError
from registry.audit import Act, acting
from registry.db import writing
from registry.tables.audit import AuditEntry
from registry.tables.upload import MatchDecision, RowsApart, Upload, UploadRow
from registry.uploads.answered import STANDS, TAKE_BACK, Answered, answered
from registry.uploads.people import person
from registry.uploads.replan import store_moved
from registry.uploads.sealed import digest_of, refuse_changed
from registry.uploads.standing import seal_of
from registry.uploads.stored import find_upload
from registry.uploads.take_back import DECIDE, last_answer, take_back
from registry.uploads.told import Told, unheard


@dataclass(frozen=True)
class Recalled:
    """The answer taken back, and its row.

    `outcome` is None once the upload has been decided, and where somebody refused the row: it stays
    refused. `questions` are the rules by which the row is held now, `status` that of the upload.
    `answer` is the kind of the answer: same or new.
    """

    number: int
    upload_id: int
    sheet: str
    row: int
    status: str
    outcome: str | None = None
    questions: tuple[str, ...] = ()
    answer: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


def recall(
    engine: Engine,
    number: int,
    *,
    by: str,
    reason: str,
    today: date | None = None,
    told: Told = unheard,
) -> Recalled:
    """Forget what an answer said of two facilities being one or two, so that it is asked again.

    In an upload that waits its row becomes what it was before it was answered, unless somebody
    refused it since, and the upload is planned anew; so are others that wait when they are looked
    at or approved. What is registered stays as it is. Raises DataError when there is no such
    answer, when it no longer stands, and when the upload is not what was sent; UsageError without a
    reason.
    """
    who, why = person(by), " ".join(reason.split())
    if not why:
        raise UsageError("upload.take_back_reason_empty")
    with writing(engine) as session:
        upload = find_upload(session, _upload_of(session, number), lock=True)
        subject = f"upload:{upload.id}"
        with acting(session, actor=who, action=TAKE_BACK, subject=subject, detail={}) as act:
            one = _standing(session, int(upload.id or 0), number)
            place = one.act.upload_id, one.act.sheet, one.act.row
            done = Recalled(number, *place, upload.status, answer=str(one.act.detail["answer"]))
            act.detail = {"answers": [number], "sheet": done.sheet, "row": done.row, "reason": why}
            if upload.status == "submitted":
                refuse_changed(session, upload)
                _forget(session, one)
                done = _planned_anew(session, upload, _row(session, one), done, act, today, told)
            else:
                _forget(session, one)
    return done


def _upload_of(session: Session, number: int) -> int:
    query = select(AuditEntry.subject).where(
        col(AuditEntry.seq) == number, col(AuditEntry.action) == DECIDE
    )
    subject = session.exec(query).first()
    if subject is None:
        raise DataError("upload.answer_unknown", number=number)
    return int(subject.partition(":")[2])


def _standing(session: Session, upload_id: int, number: int) -> Answered:
    """Return an answer that stands. Raises DataError."""
    one = next((one for one in answered(session, upload_id) if one.act.seq == number), None)
    if one is None:
        raise DataError("upload.answer_unknown", number=number)
    if one.state != STANDS:
        back = one.taken_back
        said = {"by": back.by, "on": china_time.day_of(back.at)} if back else {}
        raise DataError(f"upload.answer_{one.state}", number=number, **said)
    return one


def _forget(session: Session, one: Answered) -> None:
    for table, kept in (
        (MatchDecision, one.remembered.facilities),
        (RowsApart, one.remembered.apart),
    ):
        ids = [each.id for each in kept]
        session.exec(delete(table).where(col(table.id).in_(ids)))
    session.flush()


def _row(session: Session, one: Answered) -> UploadRow:
    where = (
        col(UploadRow.upload_id) == one.act.upload_id,
        col(UploadRow.sheet) == one.act.sheet,
        col(UploadRow.row) == one.act.row,
    )
    return session.exec(select(UploadRow).where(*where)).one()


def _planned_anew(
    session: Session,
    upload: Upload,
    stored: UploadRow,
    done: Recalled,
    act: Act,
    today: date | None,
    told: Told,
) -> Recalled:
    """Take back all that was answered to a row of an upload that waits, and plan that anew."""
    answers = [done.number]
    if not _refused_by_somebody(session, stored):
        answers += _numbers_of(answered(session, upload.id), stored)
        take_back(session, stored)
    for row, judged, plan in store_moved(session, upload, today, stored.id, told):
        if row is stored:
            asked = tuple(one.rule for one in judged.findings if one.severity == "held")
            done = replace(done, outcome=plan.outcome, questions=asked)
    sealed = {"plan": seal_of(session, upload, act.seq, today)}
    act.detail = {**act.detail, "answers": answers, "digest": digest_of(session, upload), **sealed}
    return done


def _refused_by_somebody(session: Session, stored: UploadRow) -> bool:
    """Say whether a row was refused, and not by the program for what it was answered."""
    last = last_answer(session, stored)
    return stored.outcome == "rejected" and (last is None or last["answer"] == "reject")


def _numbers_of(found: Iterable[Answered], stored: UploadRow) -> list[int]:
    """Return the numbers of the answers to a row that stand."""
    place = stored.sheet, stored.row
    return [
        one.act.seq
        for one in found
        if one.state == STANDS and (one.act.sheet, one.act.row) == place
    ]
