"""Approve an upload, all of it or nothing, or reject it; never by the one who submitted it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from codes.errors import DataError, NotPermitted, UsageError
from registry import audit, rows
from registry.audit import acting
from registry.collector import collector_paused
from registry.db import reading, writing
from registry.facilities.apply import apply_changes
from registry.tables.base import now
from registry.tables.upload import Upload
from registry.uploads.decide import refuse_decided
from registry.uploads.merging import as_stored
from registry.uploads.people import is_same_person, person
from registry.uploads.replan import moved
from registry.uploads.sealed import refuse_changed, sealing, submitter
from registry.uploads.standing import last_act, may_stand, seal_of, stands
from registry.uploads.stored import find_upload
from registry.uploads.summary import Summary, summary_of
from registry.uploads.told import Told, unheard


def approve(
    engine: Engine,
    upload_id: int,
    *,
    by: str,
    today: date | None = None,
    told: Told = unheard,
) -> Summary:
    """Merge an upload into the registry in one transaction; held and rejected rows stay out.

    `told` hears how far that has come. Raises NotPermitted for the submitter, DataError for an
    upload that is decided already, that is not what was sent any more, or whose plan is no longer
    true because the registry moved on. Then nothing is written.
    """
    who = person(by)
    confirmed = _confirmed(engine, upload_id, who, today, told)
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
            sealed = confirmed or _plan_sealed(session, upload)
            if not stands(session, upload, sealed, today):
                refuse_changed(session, upload)
                _refuse_moved(session, upload, today, told)
            planned = as_stored(session, upload, told)
            with collector_paused(), rows.many(act.connection):
                planned.register(act)
                apply_changes(session, act, planned.changes)
            counts = ("created", "updated", "unchanged", "rejected", "held")
            act.detail = {**detail, **{name: getattr(upload, name) for name in counts}}
        _decide(session, upload, "approved", who, None)
        return summary_of(session, upload)


def _confirmed(
    engine: Engine, upload_id: int, who: str, today: date | None, told: Told
) -> dict[str, Any] | None:
    """Plan an upload anew that cannot stand as it was sealed, before others are kept from writing.

    Returns what its plan stands on now, None when it need not be planned. Raises as `approve`.
    """
    with reading(engine) as session:
        seen, upload = last_act(session), _waiting(session, upload_id, who, lock=False)
        sealed = _plan_sealed(session, upload)
        if sealed is not None and may_stand(session, sealed, today):
            return None
        refuse_changed(session, upload)
        _refuse_moved(session, upload, today, told)
        return seal_of(session, upload, seen, today)


def _plan_sealed(session: Session, upload: Upload) -> Mapping[str, Any] | None:
    plan: Mapping[str, Any] | None = (sealing(session, upload) or {}).get("plan")
    return plan


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


def _waiting(session: Session, upload_id: int, who: str, *, lock: bool = True) -> Upload:
    upload = find_upload(session, upload_id, lock=lock)
    refuse_decided(upload)
    # the audit's name too: the upload's own can be written over
    for sender in (upload.submitted_by, submitter(session, upload_id)):
        if sender and is_same_person(who, sender):
            raise NotPermitted("upload.four_eyes", id=upload_id, by=sender)
    return upload


def _refuse_moved(session: Session, upload: Upload, today: date | None, told: Told) -> None:
    """Plan the upload anew; raises DataError when any row's plan has moved."""
    rows = sum(1 for _ in moved(session, upload, today, told))
    if rows:
        raise DataError("upload.plan_stale", id=upload.id, rows=rows)


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
