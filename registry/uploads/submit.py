"""Submit a file: check it, and keep it with its rows, plans and findings until it is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from codes import china_time
from codes.errors import DataError
from registry import audit
from registry.db import reading, writing
from registry.tables.base import now
from registry.tables.upload import Upload
from registry.uploads.assess import Assessment, assess
from registry.uploads.check import context_of, report_of
from registry.uploads.columns import SheetColumns
from registry.uploads.document import file_facts
from registry.uploads.findings import CheckReport
from registry.uploads.people import person
from registry.uploads.sealed import digest_of
from registry.uploads.settings import UploadSettings
from registry.uploads.store import insert_findings, insert_rows


@dataclass(frozen=True)
class Submission:
    """What became of a file that was sent: its report and, unless nothing could be kept, its id."""

    id: int | None
    report: CheckReport


def submit(
    engine: Engine,
    path: str | Path,
    settings: UploadSettings | None = None,
    *,
    department_code: str,
    by: str,
    today: date | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Submission:
    """Check a file against the registry and store it as one batch.

    Nothing is stored, and the id is None, when every row is rejected. Raises DataError naming the
    batch when the same file, with the same settings and from the same department, waits or has been
    approved with every row taken; and whatever reading a file raises. A file of which rows were
    held or rejected may come again: those that were taken change nothing then.
    """
    settings, submitter = settings or UploadSettings(), person(by)
    context = context_of(settings, True, department_code, today)
    with reading(engine) as session:
        assessment = assess(path, settings, context, session, progress)
    report = report_of(assessment)
    if report.outcomes["rejected"] == report.rows:
        return Submission(None, report)
    with writing(engine) as session:
        # somebody may be sending the same file at this moment
        audit.wait_for_writers(session)
        _refuse_again(session, assessment, settings, department_code)
        upload = _upload(report, settings, department_code, submitter)
        upload_id = _store(session, upload, assessment, report)
    return Submission(upload_id, report)


def _store(session: Session, upload: Upload, assessment: Assessment, report: CheckReport) -> int:
    upload.settings = {**upload.settings, "columns": _columns(assessment)}
    session.add(upload)
    session.flush()
    upload_id = int(upload.id or 0)
    planned = zip(assessment.rows, assessment.plans, strict=True)
    insert_rows(session, upload_id, planned, assessment.missing)
    insert_findings(session, upload_id, report.findings)
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
            "digest": digest_of(session, upload),
        },
    )
    return upload_id


def _refuse_again(
    session: Session, assessment: Assessment, settings: UploadSettings, department_code: str
) -> None:
    query = select(Upload).where(
        col(Upload.file_sha256) == assessment.source.sha256,
        col(Upload.department_code) == department_code,
        col(Upload.status) != "rejected",
    )
    wanted = settings.as_json()
    for earlier in session.exec(query):
        if earlier.status == "approved" and earlier.held + earlier.rejected:
            continue
        if {name: earlier.settings.get(name) for name in wanted} == wanted:
            raise DataError(
                f"upload.again_{earlier.status}",
                id=earlier.id,
                by=earlier.submitted_by,
                on=china_time.day_of(earlier.submitted_at),
            )


def _upload(report: CheckReport, settings: UploadSettings, department_code: str, by: str) -> Upload:
    counts: dict[str, Any] = dict(report.outcomes)
    return Upload(
        file_name=report.source.name,
        file_sha256=report.source.sha256,
        file_size=report.source.size,
        department_code=department_code,
        submitted_by=by,
        submitted_at=now(),
        scope=settings.scope,
        mode=settings.mode,
        settings={**settings.as_json(), "file": file_facts(report.source)},
        rows=report.rows,
        **counts,
    )


def _columns(assessment: Assessment) -> dict[str, dict[str, list[object]]]:
    """The columns that were read, to name cells by when a row is judged again."""
    sheets: dict[str, SheetColumns] = {
        judged.columns.sheet: judged.columns for judged in assessment.rows
    }
    return {
        name: {key: [column.index, column.header] for key, column in sheet.read.items()}
        for name, sheet in sheets.items()
    }
