"""Submit a file: check it, and keep it with its rows, plans and findings until it is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from codes import china_time
from codes.errors import DataError
from registry import audit
from registry.collector import collector_paused
from registry.db import reading, writing
from registry.tables.upload import Upload
from registry.uploads.assess import assess
from registry.uploads.assess_large import assess_large
from registry.uploads.batch import Batch, store_batch
from registry.uploads.check import context_of, missing_finding, report_of
from registry.uploads.finding_rows import finding_cells
from registry.uploads.findings import CheckReport
from registry.uploads.judged import Context
from registry.uploads.large_rows import is_streamed
from registry.uploads.other_files import Look, Others, unseen
from registry.uploads.people import person
from registry.uploads.reading.bundle import Table
from registry.uploads.settings import UploadSettings
from registry.uploads.standing import last_act
from registry.uploads.store import Cells, missing_cells, row_cells
from registry.uploads.told import Told, unheard
from registry.uploads.watched import Progress


@dataclass(frozen=True)
class Submission:
    """What became of a file that was sent: its report and, unless nothing could be kept, its id."""

    id: int | None
    report: CheckReport


def submit(  # noqa: PLR0913  what a sender says, and what goes on beside it
    engine: Engine,
    sent: str | Path | Table,
    settings: UploadSettings | None = None,
    *,
    department_code: str,
    by: str,
    today: date | None = None,
    progress: Progress = lambda _done, _all: None,
    others: Others | None = None,
    told: Told = unheard,
) -> Submission:
    """Check a file against the registry and store it as one batch, called as a table is.

    `progress` is told of checking it, `told` of the steps after that.
    With `others` its rows are also compared with those of files submitted before it.

    Nothing is stored, and the id is None, when every row is rejected. Raises DataError naming the
    batch when the same file, with the same settings and from the same department, waits or has been
    approved with every row taken; and whatever reading a file raises. A file of which rows were
    held or rejected may come again: those that were taken change nothing then.
    """
    settings = settings or UploadSettings()
    table = sent if isinstance(sent, Table) else Table(Path(sent).name, Path(sent))
    path = table.path
    context = context_of(settings, True, department_code, today)
    if others:
        others.begin(table.name)
    look = others.look if others else unseen
    how = _Sending(settings, context, person(by), table.name, look, told)
    if is_streamed(path):
        return _submit_large(engine, path, how, progress)
    with reading(engine) as session:
        seen = last_act(session)
        assessment = assess(path, settings, context, session, progress)
    look(assessment.rows)
    columns = {judged.columns.sheet: judged.columns for judged in assessment.rows}
    planned = zip(assessment.rows, assessment.plans, strict=True)
    report = how.named(report_of(assessment))
    batch = Batch(report, columns, context.today, seen, settings, department_code, how.by)
    rows = chain((row_cells(*one) for one in planned), map(missing_cells, assessment.missing))
    return _stored(engine, batch, rows, finding_cells(report.findings), told)


@dataclass(frozen=True)
class _Sending:
    settings: UploadSettings
    context: Context
    by: str
    name: str
    look: Look
    told: Told

    def named(self, report: CheckReport) -> CheckReport:
        """The report with the sender's name for the file."""
        return replace(report, source=replace(report.source, name=self.name))


def _submit_large(engine: Engine, path: Path, how: _Sending, progress: Progress) -> Submission:
    """Submit a file too large to be held as rows; the registry is written to only at the end."""
    settings, context = how.settings, how.context
    with (
        reading(engine) as session,
        assess_large(path, settings, context, session, progress, how.look) as found,
    ):
        session.rollback()  # nothing is read any more while the rows are written
        columns = {one.columns.sheet: one.columns for one in found.tables}
        sender = str(context.sender)
        report = how.named(found.report)
        batch = Batch(report, columns, context.today, found.seen, settings, sender, how.by)
        missing = map(missing_cells, found.missing)
        said = finding_cells(found.about)
        asked = finding_cells(map(missing_finding, found.missing))
        rows, findings = found.spool.rows(), found.spool.findings()
        with collector_paused():
            every = chain(rows, missing), chain(said, findings, asked)
            return _stored(engine, batch, *every, how.told)


def _stored(
    engine: Engine, batch: Batch, rows: Iterable[Cells], findings: Iterable[Cells], told: Told
) -> Submission:
    report = batch.report
    if report.outcomes["rejected"] == report.rows:
        return Submission(None, report)
    with writing(engine) as session:
        # somebody may be sending the same file at this moment
        audit.wait_for_writers(session)
        _refuse_again(session, report.source.sha256, batch.settings, batch.department_code)
        return Submission(store_batch(session, batch, rows, findings, told), report)


def _refuse_again(
    session: Session, sha256: str, settings: UploadSettings, department_code: str
) -> None:
    query = select(Upload).where(
        col(Upload.file_sha256) == sha256,
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
