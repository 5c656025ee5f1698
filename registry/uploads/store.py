"""Store uploads: their rows as read and planned, what was found, and plans made anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from codes.rules import reading_rules
from registry import rows
from registry.db import json_text
from registry.tables.upload import Upload, UploadFinding, UploadRow
from registry.uploads.finding_rows import FINDING_COLUMNS, finding_cells, last_row, without
from registry.uploads.findings import OUTCOMES
from registry.uploads.judged import Judged
from registry.uploads.proposing.plan import Plan
from registry.uploads.proposing.registered import Registered

CHUNK: Final = 5_000
ROW_COLUMNS: Final = (
    "sheet",
    "row",
    "outcome",
    "raw",
    "fields",
    "changes",
    "facility_id",
    "base_version_id",
)

Cells = tuple[Any, ...]
"""A row or finding as the database keeps it, in the order of the columns above; JSON as text."""


def row_cells(judged: Judged, plan: Plan) -> Cells:
    """Return a planned row of a file as it is stored."""
    row, kept = judged.row, _plan_values(judged, plan)
    read = {**row.fields, **dict.fromkeys(sorted(row.cleared))} if row.cleared else row.fields
    return (
        row.sheet,
        row.number,
        kept["outcome"],
        json_text(row.raw),
        json_text(read),
        json_text(kept["changes"]),
        kept["facility_id"],
        kept["base_version_id"],
    )


def missing_cells(one: Registered) -> Cells:
    """Return a facility missing from a complete list as it is stored among the rows."""
    return "", None, "held", "{}", "{}", "{}", one.id, one.version_id


def insert_rows(session: Session, upload_id: int, cells: Iterable[Cells]) -> None:
    """Store rows of a new upload."""
    _insert(session, "upload_row", ROW_COLUMNS, upload_id, cells)


def insert_findings(session: Session, upload_id: int, cells: Iterable[Cells]) -> None:
    """Store findings of an upload."""
    _insert(session, "upload_finding", FINDING_COLUMNS, upload_id, cells)


def save_plans(session: Session, planned: Sequence[tuple[UploadRow, Judged, Plan]]) -> None:
    """Replace what was planned for rows of an upload and found when they were judged."""
    if not planned:
        return
    by_sheet: dict[str, list[int | None]] = {}
    for stored, judged, plan in planned:
        for name, value in _plan_values(judged, plan).items():
            setattr(stored, name, value)
        session.add(stored)
        by_sheet.setdefault(stored.sheet, []).append(stored.row)
    upload_id = planned[0][0].upload_id
    for sheet, numbers in by_sheet.items():
        _forget_findings(session, upload_id, sheet, numbers)
    found = (one for _, judged, _ in planned for one in judged.findings)
    insert_findings(session, upload_id, finding_cells(found))


def _forget_findings(
    session: Session, upload_id: int, sheet: str, numbers: list[int | None]
) -> None:
    """Delete what was found when rows of a sheet were judged; they are not read again."""
    row, further = col(UploadFinding.row), col(UploadFinding.further)
    here = col(UploadFinding.upload_id) == upload_id, col(UploadFinding.sheet) == sheet
    judged = row.in_(numbers), col(UploadFinding.rule).not_in(reading_rules())
    session.exec(delete(UploadFinding).where(*here, *judged, further.is_(None)))
    if gone := {number for number in numbers if number is not None}:
        _forget_together(session, here, gone)


def _forget_together(session: Session, here: Sequence[Any], gone: set[int]) -> None:
    """Take rows out of the findings that are stored once for many."""
    row, further = col(UploadFinding.row), col(UploadFinding.further)
    first, last = min(gone), max(gone)
    together = select(UploadFinding.id, row, further).where(
        *here, further.is_not(None), row <= last
    )
    for id_, number, others in session.exec(together).all():
        if number is None or last_row(number, others) < first:
            continue  # a list of a million rows has thousands, nearly all of other rows
        left = without(number, others, gone)
        if left != (number, others):
            _shorten(session, id_, left)


def _shorten(session: Session, id_: int | None, left: tuple[int, str | None] | None) -> None:
    stored = session.get_one(UploadFinding, id_)
    if left is None:
        session.delete(stored)
    else:
        stored.row, stored.further = left
        session.add(stored)


def is_planned_so(stored: UploadRow, judged: Judged, plan: Plan) -> bool:
    """Say whether a row's stored plan is still what would be planned now."""
    values = _plan_values(judged, plan)
    return all(getattr(stored, name) == value for name, value in values.items())


def recount(session: Session, upload: Upload) -> None:
    """Set an upload's five outcomes from its rows."""
    outcome, upload_id = col(UploadRow.outcome), col(UploadRow.upload_id)
    query = (
        select(outcome, func.count())
        .where(upload_id == upload.id, col(UploadRow.row).is_not(None))
        .group_by(outcome)
    )
    counted = dict(session.exec(query).all())
    for name in OUTCOMES:
        setattr(upload, name, counted.get(name, 0))
    session.add(upload)


def _plan_values(judged: Judged, plan: Plan) -> dict[str, Any]:
    registered = judged.registered
    return {
        "outcome": plan.outcome,
        "changes": plan.changes,
        "facility_id": registered.id if registered else None,
        "base_version_id": registered.version_id if registered else None,
    }


def _insert(
    session: Session, name: str, columns: Sequence[str], upload_id: int, cells: Iterable[Cells]
) -> None:
    session.flush()
    waiting = iter(cells)
    while chunk := [(upload_id, *one) for one in islice(waiting, CHUNK)]:
        rows.insert(session.connection(), name, chunk, ("upload_id", *columns))
