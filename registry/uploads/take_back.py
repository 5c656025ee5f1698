"""Take back the answers given to a row of a waiting upload, as if none had been given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from registry.tables.audit import AuditEntry
from registry.tables.upload import MatchDecision, Upload, UploadFinding, UploadRow
from registry.uploads.proposing.apart import forget_apart

DECIDE: Final = "upload_decide"
"""The act of answering a row."""

ANSWERED: Final = ("code", "division", "division_confirmed", "said_new")
"""Fields of a row that an answer may set."""


def unanswered(stored: UploadRow) -> dict[str, Any]:
    """Return what a row says in the fields that an answer may set; kept with the answer."""
    return {key: stored.fields[key] for key in ANSWERED if key in stored.fields}


def last_answer(session: Session, stored: UploadRow) -> Mapping[str, Any] | None:
    """Return the record of the latest answer to a row, None when there is none."""
    answers = _answers(session, stored)
    return answers[-1] if answers else None


def take_back(session: Session, upload: Upload, stored: UploadRow) -> bool:
    """Make a row held again with the fields it was sent with; False when it was never answered."""
    answers = _answers(session, stored)
    if not answers:
        return False
    kept = {key: value for key, value in stored.fields.items() if key not in ANSWERED}
    stored.fields = {**kept, **answers[-1]["before"]}
    stored.outcome = "held"
    session.add(stored)
    session.exec(
        delete(MatchDecision).where(
            col(MatchDecision.row_key).in_([one["key"] for one in answers if one["key"]]),
            col(MatchDecision.decided_at) >= upload.submitted_at,
        )
    )
    forget_apart(session, (pair for one in answers for pair in one.get("apart", ())))
    session.exec(
        delete(UploadFinding).where(
            col(UploadFinding.upload_id) == stored.upload_id,
            col(UploadFinding.sheet) == stored.sheet,
            col(UploadFinding.row) == stored.row,
            col(UploadFinding.rule) == "row_refused",
        )
    )
    session.flush()
    return True


def _answers(session: Session, stored: UploadRow) -> list[Mapping[str, Any]]:
    """Return the records of the answers to a row that can be taken back, oldest first."""
    query = select(AuditEntry.detail).where(
        col(AuditEntry.subject) == f"upload:{stored.upload_id}",
        col(AuditEntry.action) == DECIDE,
    )
    details = map(json.loads, session.exec(query.order_by(col(AuditEntry.seq))))
    place = (stored.sheet, stored.row)
    return [one for one in details if (one["sheet"], one["row"]) == place and "before" in one]
