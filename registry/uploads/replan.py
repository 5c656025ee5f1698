"""Judge a waiting upload again, against the registry as it is now and the answers given since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from registry.tables.upload import Upload, UploadRow
from registry.uploads.check import context_of
from registry.uploads.judge import judge
from registry.uploads.judged import Judged
from registry.uploads.proposing.plan import Plan, plan_of
from registry.uploads.settings import UploadSettings
from registry.uploads.store import is_planned_so, recount, save_plan
from registry.uploads.stored import as_judged, sheet_columns, upload_rows


@dataclass(frozen=True)
class Replanned:
    """The rows that were not rejected, judged again: stored row, judgement, plan.

    `moved` are those whose plan is no longer the stored one.
    """

    rows: Sequence[tuple[UploadRow, Judged, Plan]]
    moved: Sequence[tuple[UploadRow, Judged, Plan]]


def replan(session: Session, upload: Upload, today: date | None = None) -> Replanned:
    """Plan an upload's rows anew. Rejected rows stay rejected: the sender has to mend them."""
    settings = UploadSettings.from_json(upload.settings)
    context = context_of(settings, True, upload.department_code, today)
    columns = sheet_columns(upload)
    stored = [
        row
        for row in upload_rows(session, int(upload.id or 0))
        if row.row is not None and row.outcome != "rejected"
    ]
    judged = [as_judged(row, columns) for row in stored]
    judge(judged, context, session)
    rows = [(row, one, plan_of(one, context)) for row, one in zip(stored, judged, strict=True)]
    moved = [entry for entry in rows if not is_planned_so(*entry)]
    return Replanned(rows, moved)


def store_plans(
    session: Session, upload: Upload, rows: Sequence[tuple[UploadRow, Judged, Plan]]
) -> None:
    """Replace the stored plans of some rows, and the upload's counts."""
    for stored, judged, plan in rows:
        save_plan(session, stored, judged, plan)
    recount(session, upload)
