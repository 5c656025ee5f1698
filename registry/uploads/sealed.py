"""The digest of a waiting upload: what was sent is what gets approved, whoever holds the database.

Submitting records the digest in the audit, and so does every act that changes what it covers. It
takes in whose upload it is and how it is read, and of each row what was sent, what was read and
whether it is refused. What is planned for a row is not in it: that is worked out again before it
counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

from sqlalchemy import Text, cast, select
from sqlmodel import Session, col
from sqlmodel import select as select_one

from codes.errors import DataError
from registry import audit, rows
from registry.tables.audit import AuditEntry
from registry.tables.upload import Upload
from registry.uploads.told import Told, unheard

SEALING: Final = ("upload_submit", "upload_decide", "upload_replan", "upload_take_back")
"""Acts whose entry carries the digest of an upload that waits."""

DIGEST: Final = "digest"
"""What the detail of such an entry calls it."""

PROGRAM: Final = "fuwuma"
"""Who plans an upload anew when nobody is asked for a name."""

IDENTITY: Final = (
    "file_name",
    "file_sha256",
    "department_code",
    "submitted_by",
    "scope",
    "mode",
    "settings",
)
BATCH: Final = 2_000
_WRITER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(session: Session, upload: Upload, told: Told = unheard) -> str:
    """Return the SHA-256 over an upload and its rows as they are stored now.

    `told` is told of the step `sealing`.
    """
    digest = hashlib.sha256(canonical({name: getattr(upload, name) for name in IDENTITY}))
    session.flush()
    stored = rows.table("upload_row").c
    sent, read = cast(stored.raw, Text), cast(stored.fields, Text)
    query = (
        select(stored.sheet, stored.row, sent, read, stored.outcome)
        .where(stored.upload_id == upload.id)
        .order_by(stored.id)
    )
    found = session.connection().execute(query, execution_options={"yield_per": BATCH})
    for done, (sheet, row, raw, fields, outcome) in enumerate(found):
        if done % BATCH == 0:
            told("sealing", min(done, upload.rows), upload.rows)
        digest.update(
            canonical([sheet, row, json.loads(raw), json.loads(fields), outcome == "rejected"])
        )
    return digest.hexdigest()


def submitter(session: Session, upload_id: int) -> str | None:
    """Return who submitted an upload as the audit has it; None when it has no such entry."""
    query = select_one(AuditEntry.actor).where(
        col(AuditEntry.subject) == f"upload:{upload_id}", AuditEntry.action == "upload_submit"
    )
    return session.exec(query.order_by(col(AuditEntry.seq))).first()


def sealing(session: Session, upload: Upload) -> Mapping[str, Any] | None:
    """Return the detail of the latest entry that carries an upload's digest.

    An entry that has none says nothing of what an earlier one sealed; where none has one, that of
    the latest is returned. None without any.
    """
    query = select_one(AuditEntry.detail).where(
        col(AuditEntry.subject) == f"upload:{upload.id}", col(AuditEntry.action).in_(SEALING)
    )
    latest = query.order_by(col(AuditEntry.seq).desc())
    # nearly always the first: there may be thousands of answers
    pages = (session.exec(one) for one in (latest.limit(1), latest.offset(1)))
    without = None
    for detail in map(json.loads, chain.from_iterable(pages)):
        if DIGEST in detail:
            return dict(detail)
        without = detail if without is None else without
    return without


def refuse_changed(session: Session, upload: Upload) -> None:
    """Raise DataError when an upload is not what the audit says was sent and answered.

    One whose entries are from before there was a digest passes.
    """
    detail = sealing(session, upload)
    if detail is None or not is_sealed_so(session, upload, detail):
        raise DataError("upload.changed_outside", id=upload.id)


def is_sealed_so(session: Session, upload: Upload, detail: Mapping[str, Any]) -> bool:
    """Say whether an upload still has the digest in the detail of its latest sealing entry."""
    return detail.get(DIGEST) in (None, digest_of(session, upload))


def seal_again(session: Session, upload: Upload, plan: Mapping[str, Any]) -> None:
    """Record the digest of an upload planned anew, and what its plan stands on."""
    audit.append(
        session,
        actor=PROGRAM,
        action="upload_replan",
        subject=f"upload:{upload.id}",
        detail={DIGEST: digest_of(session, upload), "plan": plan},
    )


def canonical(value: Any) -> bytes:
    """Return a JSON value as bytes to digest, the same whatever the order of its keys."""
    return _WRITER.encode(value).encode("utf-8", "surrogatepass") + b"\n"
