"""Store a checked file as a waiting upload, its rows one after the other, sealed in the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from registry import audit
from registry.tables.base import now
from registry.tables.upload import Upload
from registry.uploads.columns import SheetColumns
from registry.uploads.document import file_facts
from registry.uploads.findings import CheckReport
from registry.uploads.sealed import digest_of
from registry.uploads.settings import UploadSettings
from registry.uploads.standing import seal_of
from registry.uploads.store import Cells, insert_findings, insert_rows
from registry.uploads.told import Told, unheard

STEP: Final = 1_000
"""Rows stored between two that are told."""


@dataclass(frozen=True)
class Batch:
    """What holds for a whole file: its report, columns by sheet, who sent it and how.

    It was judged for the day `today`, when `seen` was the number of the audit's last act.
    """

    report: CheckReport
    columns: Mapping[str, SheetColumns]
    today: date
    seen: int
    settings: UploadSettings
    department_code: str
    by: str


def store_batch(
    session: Session,
    batch: Batch,
    rows: Iterable[Cells],
    findings: Iterable[Cells],
    told: Told = unheard,
) -> int:
    """Store an upload with its rows, plans and findings, see `store`; return its id."""
    report, upload = batch.report, _upload(batch)
    session.add(upload)
    session.flush()
    upload_id = int(upload.id or 0)
    insert_rows(session, upload_id, _watched(rows, report.rows, told))
    insert_findings(session, upload_id, findings)
    audit.append(
        session,
        actor=upload.submitted_by,
        action="upload_submit",
        subject=f"upload:{upload_id}",
        detail={
            "file": report.source.name,
            "sha256": report.source.sha256,
            **report.outcomes,
            "department": upload.department_code,
            "digest": digest_of(session, upload, told),
            "plan": seal_of(session, upload, batch.seen, batch.today),
        },
    )
    return upload_id


def _watched(rows: Iterable[Cells], total: int, told: Told) -> Iterator[Cells]:
    for number, one in enumerate(rows):
        if number % STEP == 0:
            told("storing", min(number, total), total)  # a complete list may lack more than it has
        yield one


def _upload(batch: Batch) -> Upload:
    report, settings = batch.report, batch.settings
    counts: dict[str, Any] = dict(report.outcomes)
    read = {
        name: {key: [column.index, column.header] for key, column in sheet.read.items()}
        for name, sheet in batch.columns.items()
    }
    return Upload(
        file_name=report.source.name,
        file_sha256=report.source.sha256,
        file_size=report.source.size,
        department_code=batch.department_code,
        submitted_by=batch.by,
        submitted_at=now(),
        scope=settings.scope,
        mode=settings.mode,
        settings={**settings.as_json(), "file": file_facts(report.source), "columns": read},
        rows=report.rows,
        **counts,
    )
