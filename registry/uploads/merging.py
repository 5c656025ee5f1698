"""What an approval merges: new facilities and changes, from stored plans or from plans made anew.

Stored plans are read page by page, so that a million rows never stand in memory together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, select, update
from sqlmodel import Session

from codes.capabilities import capabilities
from registry.facilities.fields import split_keys
from registry.facilities.plan import Change
from registry.facilities.register import NewFacility
from registry.rows import table
from registry.tables.upload import Upload, UploadRow
from registry.uploads.judged import Judged
from registry.uploads.normalising.row import not_carried
from registry.uploads.proposing.plan import Plan
from registry.uploads.proposing.registered import Registered, by_ids
from registry.uploads.stored import as_judged, sheet_columns

PAGE: Final = 5_000
"""Stored rows in memory at once."""


@dataclass(frozen=True)
class Merging:
    """The new facilities and the changes of an upload, each in the order of its rows."""

    new: Iterable[NewFacility]
    changes: Iterable[Change]


def as_replanned(upload: Upload, rows: Sequence[tuple[UploadRow, Judged, Plan]]) -> Merging:
    """Return what an upload whose rows have been judged again merges."""
    source = _source(upload)
    return Merging(
        (_new(stored.id, plan.record, source) for stored, _, plan in rows if _is(plan, "created")),
        (
            _change(stored.id, judged.registered, plan.record, source)
            for stored, judged, plan in rows
            if _is(plan, "updated") and judged.registered
        ),
    )


def as_stored(session: Session, upload: Upload) -> Merging:
    """Return what an upload whose stored plans stand merges; rows are read as they are taken."""
    return Merging(_stored_new(session, upload), _stored_changes(session, upload))


def name_made(session: Session, upload_id: int, audit_seq: int) -> None:
    """Give each row that made a facility the facility's id, in one statement."""
    row, version = table("upload_row"), table("facility_version")
    made = and_(version.c.upload_row_id == row.c.id, version.c.audit_seq == audit_seq)
    wanted = and_(row.c.upload_id == upload_id, row.c.outcome == "created")
    session.connection().execute(
        update(row).where(wanted, made).values(facility_id=version.c.facility_id)
    )


def _stored_new(session: Session, upload: Upload) -> Iterator[NewFacility]:
    source = _source(upload)
    for page in _pages(session, upload, "created", ("id", "changes")):
        for one in page:
            yield _new(one["id"], _after(one["changes"]), source)


def _stored_changes(session: Session, upload: Upload) -> Iterator[Change]:
    source, columns = _source(upload), sheet_columns(upload)
    for page in _pages(session, upload, "updated", [one.name for one in table("upload_row").c]):
        known = by_ids(session, (one["facility_id"] for one in page))
        for one in page:
            registered = known[one["facility_id"]]
            row = as_judged(UploadRow(**one), columns).row
            confirmed = capabilities().keys() - set(not_carried(row))
            record = {
                key: value
                for key, value in row.fields.items()
                if key in confirmed or key == "as_of"
            }
            yield _change(one["id"], registered, record | _after(one["changes"]), source)


def _pages(
    session: Session, upload: Upload, outcome: str, columns: Sequence[str]
) -> Iterator[Sequence[Mapping[str, Any]]]:
    row = table("upload_row")
    last = 0
    while True:
        query = (
            select(*(row.c[name] for name in columns))
            .where(row.c.upload_id == upload.id, row.c.outcome == outcome, row.c.id > last)
            .order_by(row.c.id)
            .limit(PAGE)
        )
        page = [dict(one) for one in session.connection().execute(query).mappings()]
        if not page:
            return
        yield page
        last = page[-1]["id"]


def _after(changes: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    return {key: pair[1] for key, pair in changes.items()}


def _is(plan: Plan, outcome: str) -> bool:
    return plan.outcome == outcome


def _new(row_id: int | None, record: Mapping[str, Any], source: str) -> NewFacility:
    fields, measures, numbers = split_keys(record)
    as_of = date.fromisoformat(fields["as_of"])
    return NewFacility(fields, as_of, measures, numbers, row_id, source)


def _change(
    row_id: int | None, registered: Registered, record: Mapping[str, Any], source: str
) -> Change:
    fields, measures, numbers = split_keys(record)
    on = max(date.fromisoformat(fields["as_of"]), registered.since)
    return Change(registered.code, fields, on, measures, numbers, None, row_id, source)


def _source(upload: Upload) -> str:
    """Where a reading comes from, as the registry records it."""
    return f"upload:{upload.id} {upload.file_name}"
