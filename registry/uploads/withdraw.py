"""Withdraw an upload before it is decided; only by the one who submitted it."""

from __future__ import annotations

from sqlalchemy import Engine

from codes.errors import NotPermitted
from registry import audit
from registry.db import writing
from registry.tables.base import now
from registry.uploads.decide import refuse_decided
from registry.uploads.people import is_same_person, person
from registry.uploads.sealed import submitter
from registry.uploads.stored import find_upload
from registry.uploads.summary import Summary, summary_of


def withdraw(engine: Engine, upload_id: int, *, by: str, reason: str = "") -> Summary:
    """Mark a waiting upload withdrawn; what was sent and answered stays on record.

    Raises NotPermitted for anybody but the submitter, DataError for an upload that is decided.
    """
    who, why = person(by), " ".join(reason.split())
    with writing(engine) as session:
        upload = find_upload(session, upload_id, lock=True)
        refuse_decided(upload)
        # the audit's name too: the upload's own can be written over
        senders = (upload.submitted_by, submitter(session, upload_id) or upload.submitted_by)
        if not all(is_same_person(who, one) for one in senders):
            raise NotPermitted("upload.withdraw_other", id=upload_id, by=upload.submitted_by)
        audit.append(
            session,
            actor=upload.submitted_by,
            action="upload_withdraw",
            subject=f"upload:{upload_id}",
            detail={"sha256": upload.file_sha256, "reason": why or None},
        )
        upload.status, upload.decided_by = "withdrawn", upload.submitted_by
        upload.decided_at, upload.decision_reason = now(), why or None
        session.add(upload)
        session.flush()
        return summary_of(session, upload)
