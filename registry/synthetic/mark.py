"""The mark of made-up data in a registry: an audit entry that nobody can take back.

Whatever shows or publishes a registry asks `is_synthetic` and says so.
"""

from __future__ import annotations

from typing import Final

from sqlmodel import Session, col, select

from registry import audit
from registry.tables.audit import AuditEntry

ACTION: Final = "synthetic"


def mark_synthetic(session: Session, *, by: str, seed: int, size: int) -> int:
    """Record that what the registry holds is made up, and how; return the audit number."""
    detail = {"synthetic": True, "seed": seed, "size": size}
    return audit.append(session, actor=by, action=ACTION, subject="registry", detail=detail)


def is_synthetic(session: Session) -> bool:
    """Say whether the registry was ever filled with made-up facilities."""
    query = select(AuditEntry.seq).where(col(AuditEntry.action) == ACTION).limit(1)
    return session.exec(query).first() is not None
