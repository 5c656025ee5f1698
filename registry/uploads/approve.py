"""Approve an upload, all of it or nothing, or reject it; never by the one who submitted it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, bindparam, update
from sqlmodel import Session, col

from codes.errors import DataError, NotPermitted, UsageError
from registry import audit
from registry.audit import Act, acting
from registry.db import writing
from registry.facilities.apply import apply_changes
from registry.facilities.fields import split_keys
from registry.facilities.identity import facility_ids
from registry.facilities.plan import Change
from registry.facilities.register import NewFacility, register_rows
from registry.tables.base import now
from registry.tables.upload import Upload, UploadRow
from registry.uploads.decide import refuse_decided
from registry.uploads.judged import Judged
from registry.uploads.people import is_same_person, person
from registry.uploads.proposing.plan import Plan
from registry.uploads.replan import replan
from registry.uploads.sealed import refuse_changed, submitter
from registry.uploads.store import CHUNK
from registry.uploads.stored import find_upload
from registry.uploads.summary import Summary, summary_of

Planned = tuple[UploadRow, Judged, Plan]


def approve(engine: Engine, upload_id: int, *, by: str, today: date | None = None) -> Summary:
    """Merge an upload into the registry in one transaction; held and rejected rows stay out.

    Raises NotPermitted for the submitter, DataError for an upload that is decided already, that is
    not what was sent any more, or whose plan is no longer true because the registry moved on. Then
    nothing is written.
    """
    who = person(by)
    with writing(engine) as session:
        upload = _waiting(session, upload_id, who)
        detail = {"file": upload.file_name, "sha256": upload.file_sha256}
        with acting(
            session,
            actor=who,
            action="upload_approve",
            subject=f"upload:{upload_id}",
            detail=detail,
        ) as act:
            # looked at and planned inside the act: its lock keeps other writers out from here on
            refuse_changed(session, upload)
            again = replan(session, upload, today)
            if again.moved:
                rows = len(again.moved)
                raise DataError("upload.plan_stale", id=upload_id, rows=rows)
            _create(
                session, act, upload, [one for one in again.rows if one[2].outcome == "created"]
            )
            _update(
                session, act, upload, [one for one in again.rows if one[2].outcome == "updated"]
            )
            counts = ("created", "updated", "unchanged", "rejected", "held")
            act.detail = {**detail, **{name: getattr(upload, name) for name in counts}}
        _decide(session, upload, "approved", who, None)
        return summary_of(session, upload)


def reject(engine: Engine, upload_id: int, *, by: str, reason: str) -> Summary:
    """Refuse an upload as a whole, saying why; errors as in `approve`.

    Raises UsageError when no reason is given: the sender has to know what to mend.
    """
    who, reason = person(by), " ".join(reason.split())
    if not reason:
        raise UsageError("upload.reason_empty")
    with writing(engine) as session:
        upload = _waiting(session, upload_id, who)
        audit.append(
            session,
            actor=who,
            action="upload_reject",
            subject=f"upload:{upload_id}",
            detail={"sha256": upload.file_sha256, "reason": reason},
        )
        _decide(session, upload, "rejected", who, reason)
        return summary_of(session, upload)


def _waiting(session: Session, upload_id: int, who: str) -> Upload:
    upload = find_upload(session, upload_id, lock=True)
    refuse_decided(upload)
    # the audit's name too: the upload's own can be written over
    for sender in (upload.submitted_by, submitter(session, upload_id)):
        if sender and is_same_person(who, sender):
            raise NotPermitted("upload.four_eyes", id=upload_id, by=sender)
    return upload


def _create(session: Session, act: Act, upload: Upload, rows: Sequence[Planned]) -> None:
    codes = register_rows(act, (_new(upload, stored, plan) for stored, _, plan in rows))
    made = [(stored.id, code) for (stored, _, _), code in zip(rows, codes, strict=True)]
    statement = (
        update(UploadRow)
        .where(col(UploadRow.id) == bindparam("of_row"))
        .values(facility_id=bindparam("made"))
    )
    for start in range(0, len(made), CHUNK):
        chunk = made[start : start + CHUNK]
        ids = facility_ids(session, (code for _, code in chunk))
        session.connection().execute(
            statement, [{"of_row": id_, "made": ids[code]} for id_, code in chunk]
        )


def _update(session: Session, act: Act, upload: Upload, rows: Sequence[Planned]) -> None:
    apply_changes(session, act, (_change(upload, *one) for one in rows))


def _new(upload: Upload, stored: UploadRow, plan: Plan) -> NewFacility:
    fields, measures, numbers = split_keys(plan.record)
    return NewFacility(
        fields,
        date.fromisoformat(fields["as_of"]),
        measures,
        numbers,
        stored.id,
        _source(upload),
    )


def _change(upload: Upload, stored: UploadRow, judged: Judged, plan: Plan) -> Change:
    registered = judged.registered
    if registered is None:
        raise ValueError(stored.id)  # an update without a facility is never planned
    fields, measures, numbers = split_keys(plan.record)
    as_of = date.fromisoformat(fields["as_of"])
    return Change(
        registered.code,
        fields,
        max(as_of, registered.since),
        measures,
        numbers,
        None,
        stored.id,
        _source(upload),
    )


def _source(upload: Upload) -> str:
    """Where a reading comes from, as the registry records it."""
    return f"upload:{upload.id} {upload.file_name}"


def _decide(session: Session, upload: Upload, status: str, by: str, reason: str | None) -> None:
    values: dict[str, Any] = {
        "status": status,
        "decided_by": by,
        "decided_at": now(),
        "decision_reason": reason,
    }
    for name, value in values.items():
        setattr(upload, name, value)
    session.add(upload)
    session.flush()
