"""What approving an upload would do: row by row before and after, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session

from registry.db import reading, writing
from registry.tables.upload import UploadRow
from registry.uploads.findings import Finding
from registry.uploads.proposing.registered import by_ids
from registry.uploads.replan import replan, store_plans
from registry.uploads.sealed import digest_of, refuse_changed, seal_again
from registry.uploads.stored import find_upload, made_by, upload_findings, upload_rows
from registry.uploads.summary import Summary, summary_of

NOT_FILLED_IN: Final = "element_recommended"
"""The rule that says no more than that a cell is blank."""


@dataclass(frozen=True)
class RowDiff:
    """One row: its outcome, the facility (code None for a new one), and what changes.

    `changes` maps a field to [before, after]; `questions` are what holds the row, `warnings` what
    was reported of a row that proceeds, but for what is merely not filled in.
    """

    sheet: str
    row: int | None
    outcome: str
    code: str | None
    name: str
    changes: Mapping[str, Sequence[Any]]
    questions: Sequence[Finding]
    warnings: Sequence[Finding] = ()

    @property
    def only_confirms(self) -> bool:
        """True when nothing differs but the day of the data."""
        return self.outcome == "updated" and set(self.changes) == {"as_of"}


@dataclass(frozen=True)
class Diff:
    """The rows of an upload in the order of the file, then the facilities missing from it.

    `moved` counts the rows whose plan had to be made anew because the registry moved on.
    """

    summary: Summary
    rows: Sequence[RowDiff]
    missing: Sequence[RowDiff]
    moved: int


def diff(engine: Engine, upload_id: int) -> Diff:
    """Return what approving would do; a waiting upload is planned anew where the registry moved on.

    Raises DataError when there is no such upload.
    """
    moved = 0
    with reading(engine) as session:
        upload = find_upload(session, upload_id)
        stale = upload.status == "submitted" and bool(replan(session, upload).moved)
    if stale:
        with writing(engine) as session:
            upload = find_upload(session, upload_id, lock=True)
            if upload.status == "submitted":
                refuse_changed(session, upload)
                before = digest_of(session, upload)
                again = replan(session, upload)
                store_plans(session, upload, again.moved)
                seal_again(session, upload, before)
                moved = len(again.moved)
    with reading(engine) as session:
        return _stored_diff(session, upload_id, moved)


def _stored_diff(session: Session, upload_id: int, moved: int) -> Diff:
    upload = find_upload(session, upload_id)
    rows = upload_rows(session, upload_id)
    made = made_by(session, upload_id)
    ids = {row.id: row.facility_id or made.get(row.id or 0) for row in rows}
    known = by_ids(session, {id_ for id_ in ids.values() if id_})
    said: dict[tuple[str, int | None, str], list[Finding]] = {}
    for one in upload_findings(session, upload_id):
        if one.rule != NOT_FILLED_IN:
            said.setdefault((one.sheet, one.row, one.severity), []).append(one)

    def shown(row: UploadRow) -> RowDiff:
        one = known.get(ids[row.id] or 0)
        name = str(row.fields.get("name") or (one.name if one else ""))
        held, warned = (
            said.get((row.sheet, row.row, severity), ()) if row.row is not None else ()
            for severity in ("held", "should")
        )
        return RowDiff(
            row.sheet,
            row.row,
            row.outcome,
            one.code if one else None,
            name,
            row.changes,
            held if row.outcome == "held" else (),
            warned,
        )

    return Diff(
        summary_of(session, upload),
        [shown(row) for row in rows if row.row is not None],
        [shown(row) for row in rows if row.row is None],
        moved,
    )
