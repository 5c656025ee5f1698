"""Submit a file: check it, and keep it with its rows, plans and findings until it is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from codes import china_time
from codes.errors import DataError
from registry import audit
from registry.db import reading, writing
from registry.tables.upload import Upload
from registry.uploads.assess import Assessment, assess
from registry.uploads.batch import Batch, store_batch
from registry.uploads.check import context_of, report_of
from registry.uploads.findings import CheckReport
from registry.uploads.people import person
from registry.uploads.settings import UploadSettings
from registry.uploads.standing import last_act


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
        seen = last_act(session)
        assessment = assess(path, settings, context, session, progress)
    report = report_of(assessment)
    if report.outcomes["rejected"] == report.rows:
        return Submission(None, report)
    with writing(engine) as session:
        # somebody may be sending the same file at this moment
        audit.wait_for_writers(session)
        _refuse_again(session, assessment, settings, department_code)
        columns = {judged.columns.sheet: judged.columns for judged in assessment.rows}
        batch = Batch(report, columns, context.today, seen, settings, department_code, submitter)
        planned = zip(assessment.rows, assessment.plans, strict=True)
        upload_id = store_batch(session, batch, planned, assessment.missing)
    return Submission(upload_id, report)


def _refuse_again(
    session: Session, assessment: Assessment, settings: UploadSettings, department_code: str
) -> None:
    query = select(Upload).where(
        col(Upload.file_sha256) == assessment.source.sha256,
        col(Upload.department_code) == department_code,
        col(Upload.status).not_in(("rejected", "withdrawn")),
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
