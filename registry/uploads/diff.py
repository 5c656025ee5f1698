"""What approving an upload would do: row by row before and after, and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from registry import audit
from registry.db import reading, writing
from registry.tables.upload import Upload
from registry.uploads.diff_rows import DiffRows, RowDiff
from registry.uploads.replan import IN_MEMORY, moved, store_moved
from registry.uploads.sealed import refuse_changed, seal_again, sealing
from registry.uploads.standing import last_act, seal_of, stands
from registry.uploads.stored import find_upload
from registry.uploads.summary import Summary, summary_of
from registry.uploads.told import Told, unheard

__all__ = ["Diff", "RowDiff", "diff"]

STANDS: Final = "stands"
CONFIRMED: Final = "confirmed"
"""Made again, it is the same; what a large upload's plan stands on is then recorded anew."""
MOVED: Final = "moved"


@dataclass(frozen=True)
class Diff:
    """The rows of an upload in the order of the file, then the facilities missing from it.

    `moved` counts the rows whose plan had to be made anew because the registry moved on.
    """

    summary: Summary
    rows: Sequence[RowDiff]
    missing: Sequence[RowDiff]
    moved: int


def diff(engine: Engine, upload_id: int, *, told: Told = unheard) -> Diff:
    """Return what approving would do; a waiting upload is planned anew where the registry moved on.

    `told` hears how many rows have been judged again. Raises DataError when there is no such
    upload.
    """
    with reading(engine) as session:
        upload, seen = find_upload(session, upload_id), last_act(session)
        state = _state(session, upload, told)
    count = 0
    if state == MOVED or (state == CONFIRMED and upload.rows > IN_MEMORY):
        with writing(engine) as session:
            upload = find_upload(session, upload_id, lock=True)
            if upload.status == "submitted":
                count = _planned_anew(session, upload, seen, state, told)
    with reading(engine) as session:
        found = summary_of(session, find_upload(session, upload_id))
    return Diff(
        found,
        DiffRows(engine, upload_id, found.rows),
        DiffRows(engine, upload_id, found.missing, missing=True),
        count,
    )


def _state(session: Session, upload: Upload, told: Told) -> str:
    """Say whether the plan of a waiting upload stands, or would be made otherwise now."""
    if upload.status != "submitted":
        return STANDS
    sealed = sealing(session, upload) or {}
    if stands(session, upload, sealed.get("plan"), None):
        return STANDS
    with closing(moved(session, upload, told=told)) as found:
        return CONFIRMED if next(found, None) is None else MOVED


def _planned_anew(session: Session, upload: Upload, seen: int, state: str, told: Told) -> int:
    """Store what moved, and what the plan stands on from now; return how many rows moved."""
    refuse_changed(session, upload)
    count = 0
    if state == MOVED:
        audit.wait_for_writers(session)
        seen = last_act(session)
        count = sum(1 for _ in store_moved(session, upload, told=told))
        session.flush()
    seal_again(session, upload, seal_of(session, upload, seen, None))
    return count
