"""Store uploads: their rows as read and planned, what was found, and plans made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from registry.tables.upload import Upload, UploadFinding, UploadRow
from registry.uploads.findings import OUTCOMES, Finding
from registry.uploads.judged import Judged
from registry.uploads.proposing.plan import Plan
from registry.uploads.proposing.registered import Registered

CHUNK: Final = 5_000
READING_RULES: Final = frozenset(
    {
        "cells_missing",
        "text_cleaned",
        "spelling_fixed",
        "code_compacted",
        "date_reformatted",
        "number_reformatted",
        "unit_converted",
        "value_alias",
        "placeholder_blank",
        "point_swapped",
    }
)
"""What reading finds in a row without rejecting it; it stays when the row is judged again."""


def insert_rows(
    session: Session,
    upload_id: int,
    planned: Iterable[tuple[Judged, Plan]],
    missing: Iterable[Registered],
) -> None:
    """Store the planned rows of a new upload, and the facilities missing from a complete list."""
    _insert(session, UploadRow, (_row_values(upload_id, *one) for one in planned))
    absent: Iterable[dict[str, Any]] = (
        {
            "upload_id": upload_id,
            "sheet": "",
            "row": None,
            "outcome": "held",
            "raw": {},
            "fields": {},
            "changes": {},
            "facility_id": one.id,
            "base_version_id": one.version_id,
        }
        for one in missing
    )
    _insert(session, UploadRow, absent)


def insert_findings(session: Session, upload_id: int, findings: Iterable[Finding]) -> None:
    """Store findings of an upload."""
    _insert(session, UploadFinding, (_finding_values(upload_id, one) for one in findings))


def save_plan(session: Session, stored: UploadRow, judged: Judged, plan: Plan) -> None:
    """Replace what was planned for a row and found when it was judged."""
    values = _plan_values(judged, plan)
    session.exec(update(UploadRow).where(col(UploadRow.id) == stored.id).values(**values))
    session.exec(
        delete(UploadFinding).where(
            col(UploadFinding.upload_id) == stored.upload_id,
            col(UploadFinding.sheet) == stored.sheet,
            col(UploadFinding.row) == stored.row,
            col(UploadFinding.rule).not_in(READING_RULES),
        )
    )
    insert_findings(session, stored.upload_id, judged.findings)


def is_planned_so(stored: UploadRow, judged: Judged, plan: Plan) -> bool:
    """Say whether a row's stored plan is still what would be planned now."""
    values = _plan_values(judged, plan)
    return all(getattr(stored, name) == value for name, value in values.items())


def recount(session: Session, upload: Upload) -> None:
    """Set an upload's five outcomes from its rows."""
    query = select(UploadRow.outcome).where(
        col(UploadRow.upload_id) == upload.id, col(UploadRow.row).is_not(None)
    )
    counted = Counter(session.exec(query))
    for outcome in OUTCOMES:
        setattr(upload, outcome, counted.get(outcome, 0))
    session.add(upload)


def _row_values(upload_id: int, judged: Judged, plan: Plan) -> dict[str, Any]:
    row = judged.row
    return {
        "upload_id": upload_id,
        "sheet": row.sheet,
        "row": row.number,
        "raw": dict(row.raw),
        "fields": {**row.fields, **dict.fromkeys(row.cleared)},
        **_plan_values(judged, plan),
    }


def _plan_values(judged: Judged, plan: Plan) -> dict[str, Any]:
    registered = judged.registered
    return {
        "outcome": plan.outcome,
        "changes": dict(plan.changes),
        "facility_id": registered.id if registered else None,
        "base_version_id": registered.version_id if registered else None,
    }


def _finding_values(upload_id: int, one: Finding) -> dict[str, Any]:
    return {
        "upload_id": upload_id,
        "sheet": one.sheet,
        "row": one.row,
        "rule": one.rule,
        "severity": one.severity,
        "element": one.element,
        "column": one.column,
        "value": one.value,
        "params": dict(one.params),
    }


def _insert(session: Session, table: type[Any], rows: Iterable[Mapping[str, Any]]) -> None:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        session.connection().execute(insert(table), chunk)
