"""Judge a waiting upload again, against the registry as it is now and the answers given since.

Rows are read and judged some thousands at a time, as those of a large file are when it is sent.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from codes.upload_limits import limit
from registry.tables.upload import Upload, UploadRow
from registry.temporary import room_missed, temporary_folder
from registry.uploads.among import Among
from registry.uploads.check import context_of
from registry.uploads.judge import judge
from registry.uploads.judged import Judged
from registry.uploads.proposing.apart import Apart
from registry.uploads.proposing.parts import parts_of
from registry.uploads.proposing.plan import Plan, plan_of
from registry.uploads.settings import UploadSettings
from registry.uploads.spool import spool
from registry.uploads.store import is_planned_so, recount, save_plans
from registry.uploads.stored import as_judged, sheet_columns
from registry.uploads.told import Told, unheard

Replanned = tuple[UploadRow, Judged, Plan]
"""A stored row, judged again, and what is planned for it now."""

IN_MEMORY: Final = 20_000
"""Rows of a file that are compared with each other without a file of their own."""


def replanned(
    session: Session, upload: Upload, today: date | None = None, told: Told = unheard
) -> Generator[list[Replanned]]:
    """Yield the rows of an upload planned anew, page by page; close it when not read to the end.

    Rejected rows stay rejected: the sender has to mend them.
    """
    settings = UploadSettings.from_json(upload.settings)
    context = context_of(settings, True, upload.department_code, today)
    columns = sheet_columns(upload)
    done, total = 0, upload.rows - upload.rejected
    with _among(upload.rows, Apart(session)) as among:
        for page in _pages(session, int(upload.id or 0)):
            rows = [as_judged(row, columns) for row in page]
            judge(rows, context, session, apart=True)
            among.compare(rows)
            yield [(row, one, plan_of(one, context)) for row, one in zip(page, rows, strict=True)]
            done += len(page)
            told("again", done, total)
            if upload.rows > IN_MEMORY:
                parts_of.cache_clear()  # hardly one of so many names comes again


def replanned_alone(
    session: Session, upload: Upload, stored: UploadRow, today: date | None = None
) -> Replanned:
    """Plan one row anew without looking at the other rows of the file."""
    settings = UploadSettings.from_json(upload.settings)
    context = context_of(settings, True, upload.department_code, today)
    row = as_judged(stored, sheet_columns(upload))
    judge([row], context, session, apart=True)
    return stored, row, plan_of(row, context)


def moved(
    session: Session, upload: Upload, today: date | None = None, told: Told = unheard
) -> Generator[Replanned]:
    """Yield the rows whose plan is no longer the stored one, planned anew."""
    for page in replanned(session, upload, today, told):
        yield from (one for one in page if not is_planned_so(*one))


def store_moved(
    session: Session,
    upload: Upload,
    today: date | None = None,
    answered: int | None = None,
    told: Told = unheard,
) -> Iterator[Replanned]:
    """Yield what `moved` does and store it; the row `answered` is among them in any case.

    All is stored, and counted, once it is read to the end.
    """
    for page in replanned(session, upload, today, told):
        found = [one for one in page if one[0].id == answered or not is_planned_so(*one)]
        save_plans(session, found)
        yield from found
    recount(session, upload)


def _pages(session: Session, upload_id: int) -> Iterator[list[UploadRow]]:
    stored = (
        select(UploadRow)
        .where(
            col(UploadRow.upload_id) == upload_id,
            col(UploadRow.row).is_not(None),
            col(UploadRow.outcome) != "rejected",
        )
        .order_by(col(UploadRow.id))
        .limit(limit("stream_rows"))
    )
    last = 0
    while page := list(session.exec(stored.where(col(UploadRow.id) > last))):
        yield page
        last = int(page[-1].id or 0)


@contextmanager
def _among(rows: int, apart: Apart) -> Iterator[Among]:
    if rows <= IN_MEMORY:
        yield Among([], lambda _name: {}, apart)
        return
    with room_missed(), temporary_folder() as folder, spool(folder) as kept:
        yield Among(kept, kept.numbers, apart)
