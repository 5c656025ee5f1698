"""Take back the answers given to a row of a waiting upload, as if none had been given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from registry.tables.audit import AuditEntry
from registry.tables.upload import MatchDecision, UploadFinding, UploadRow
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
    return answers[-1][1] if answers else None


def take_back(session: Session, stored: UploadRow) -> bool:
    """Make a row held again with the fields it was sent with; False when it was never answered."""
    answers = _answers(session, stored)
    if not answers:
        return False
    kept = {key: value for key, value in stored.fields.items() if key not in ANSWERED}
    stored.fields = {**kept, **answers[-1][1]["before"]}
    stored.outcome = "held"
    session.add(stored)
    for seq, one in answers:
        _forget_facilities(session, seq, one["key"])
        forget_apart(session, one.get("apart", ()))
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


def _forget_facilities(session: Session, seq: int, key: str | None) -> None:
    """Forget what one answer said of facilities, not what others said of rows like this one.

    It bears the moment of its act; that of earlier versions comes between that and the act before.
    """
    if key is None:
        return
    at = select(AuditEntry.at).where(col(AuditEntry.seq) <= seq)
    now, *before = session.exec(at.order_by(col(AuditEntry.seq).desc()).limit(2))
    session.exec(
        delete(MatchDecision).where(
            col(MatchDecision.row_key) == key,
            col(MatchDecision.decided_at) <= now,
            *(col(MatchDecision.decided_at) > one for one in before),
        )
    )


def _answers(session: Session, stored: UploadRow) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the acts of answering a row that can be taken back, oldest first: number, record."""
    query = select(AuditEntry.seq, AuditEntry.detail).where(
        col(AuditEntry.subject) == f"upload:{stored.upload_id}",
        col(AuditEntry.action) == DECIDE,
    )
    acts = [
        (seq, json.loads(one)) for seq, one in session.exec(query.order_by(col(AuditEntry.seq)))
    ]
    place = (stored.sheet, stored.row)
    return [
        (seq, one) for seq, one in acts if (one["sheet"], one["row"]) == place and "before" in one
    ]
