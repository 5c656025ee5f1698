"""Whether the uploads are what the audit says: who sent them, who decided, what waits."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlmodel import Session, col, select

from registry.checks import Fault
from registry.tables.audit import AuditEntry
from registry.tables.upload import Upload
from registry.uploads.sealed import DIGEST, SEALING, is_sealed_so

DECISIONS: Final = {
    "upload_approve": "approved",
    "upload_reject": "rejected",
    "upload_withdraw": "withdrawn",
}
"""Action that decides an upload -> the status it then has."""

SEALED: Final = "sealed"

Entries = Mapping[str, AuditEntry]


def upload_faults(session: Session) -> Iterator[Fault]:
    """Yield what is wrong with the uploads."""
    entries = _entries(session)
    for upload in session.exec(select(Upload).order_by(col(Upload.id))):
        known = entries.pop(f"upload:{upload.id}", {})
        if "upload_submit" not in known:
            yield Fault("upload_without_entry", {"id": upload.id})
            continue
        yield from _unlike(upload, _recorded(known))
        if upload.status == "submitted":
            sealed = known.get(SEALED)  # none is from before there was a digest
            if sealed and not is_sealed_so(session, upload, json.loads(sealed.detail)):
                yield Fault("upload_changed", {"id": upload.id, "seq": sealed.seq})
    for subject, known in entries.items():
        if "upload_submit" in known:
            yield Fault("upload_missing", {"id": subject.partition(":")[2]})


def _entries(session: Session) -> dict[str, dict[str, AuditEntry]]:
    """Return the latest entry of each action by upload, and the latest that carries a digest."""
    found: dict[str, dict[str, AuditEntry]] = defaultdict(dict)
    query = select(AuditEntry).where(col(AuditEntry.action).in_([*SEALING, *DECISIONS]))
    for entry in session.exec(query.order_by(col(AuditEntry.seq))):
        found[entry.subject][entry.action] = entry
        if entry.action in SEALING and DIGEST in json.loads(entry.detail):
            found[entry.subject][SEALED] = entry
    return found


def _recorded(known: Entries) -> dict[str, str | None]:
    """Return the columns of an upload as its entries have them."""
    sent = known["upload_submit"]
    detail: dict[str, Any] = json.loads(sent.detail)
    decided = next((known[action] for action in DECISIONS if action in known), None)
    return {
        "submitted_by": sent.actor,
        "file_sha256": detail.get("sha256"),
        "department_code": detail.get("department"),
        "status": DECISIONS[decided.action] if decided else "submitted",
        "decided_by": decided.actor if decided else None,
    }


def _unlike(upload: Upload, recorded: Mapping[str, str | None]) -> Iterator[Fault]:
    for name, said in recorded.items():
        seen = getattr(upload, name)
        if seen != said:
            shown = {"id": upload.id, "column": name, "seen": seen or "-", "said": said or "-"}
            yield Fault("upload_unlike_entry", shown)
