"""An upload in one line: what it is, where it stands, and how its rows came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from codes.errors import UsageError
from registry.tables.upload import Upload, UploadRow
from registry.uploads.findings import OUTCOMES
from registry.uploads.stored import find_upload

STATUSES: Final = ("submitted", "approved", "rejected", "withdrawn")


@dataclass(frozen=True)
class Summary:
    """The columns of `upload`; `missing` counts what a complete list left out, `file` the facts."""

    id: int
    status: str
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    held: int
    missing: int
    file_name: str
    file_sha256: str
    department_code: str
    submitted_by: str
    submitted_at: datetime
    scope: str
    mode: str
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    file: Mapping[str, Any]

    @property
    def outcomes(self) -> dict[str, int]:
        """The five outcomes; they add up to `rows`."""
        return {name: getattr(self, name) for name in OUTCOMES}

    def as_json(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        return asdict(self)


def summary(session: Session, upload_id: int) -> Summary:
    """Return one upload's summary. Raises DataError when there is no such upload."""
    return summary_of(session, find_upload(session, upload_id))


def summaries(session: Session, status: str | None = None) -> list[Summary]:
    """Return the uploads, latest first; with `status` only those.

    Raises UsageError for a status there is none of.
    """
    if status is not None and status not in STATUSES:
        raise UsageError("upload.status_unknown", seen=status, known="、".join(STATUSES))
    query = select(Upload).order_by(col(Upload.id).desc())
    if status is not None:
        query = query.where(col(Upload.status) == status)
    return [summary_of(session, upload) for upload in session.exec(query)]


def summary_of(session: Session, upload: Upload) -> Summary:
    """Return the summary of a stored upload."""
    known = {name: getattr(upload, name, None) for name in Summary.__dataclass_fields__}
    return Summary(
        **{**known, "missing": _missing(session, upload), "file": upload.settings["file"]}
    )


def _missing(session: Session, upload: Upload) -> int:
    if upload.scope != "complete":  # counting means to look at every row of the file
        return 0
    missing = select(func.count()).where(
        col(UploadRow.upload_id) == upload.id, col(UploadRow.row).is_(None)
    )
    return session.exec(missing).one()
