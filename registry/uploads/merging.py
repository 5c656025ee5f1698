"""What an approval merges: new facilities and changes, as the stored plans have them.

The plans are read page by page, so that a million rows never stand in memory together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Text, cast, select
from sqlmodel import Session

from codes.capabilities import capabilities
from registry.audit import Act
from registry.facilities.fields import split_keys
from registry.facilities.plan import Change
from registry.facilities.register_batch import StoredBatch, register_batches
from registry.rows import table
from registry.tables.upload import Upload, UploadRow
from registry.uploads.normalising.row import not_carried
from registry.uploads.proposing.registered import Registered, by_ids
from registry.uploads.stored import as_judged, read_together, sheet_columns

PAGE: Final = 5_000
"""Stored rows in memory at once."""

NEW_PAGE: Final = 10_000
"""Those of new facilities, which are read column by column."""


@dataclass(frozen=True)
class Merging:
    """What registers the new facilities of an upload, and its changes, in the order of its rows."""

    register: Callable[[Act], object]
    changes: Iterable[Change]


def as_stored(session: Session, upload: Upload) -> Merging:
    """Return what an upload whose stored plans stand merges; rows are read as they are taken."""
    return Merging(
        lambda act: register_batches(act, _stored_new(session, upload)),
        _stored_changes(session, upload),
    )


def _stored_new(session: Session, upload: Upload) -> Iterator[StoredBatch]:
    source, row = _source(upload), table("upload_row")
    kept = [row.c.id, cast(row.c.changes, Text).label("changes")]
    for page in _pages(session, upload, "created", kept, NEW_PAGE):
        ids, texts = zip(*page, strict=True)
        yield StoredBatch(ids, read_together(texts), source)


def _stored_changes(session: Session, upload: Upload) -> Iterator[Change]:
    source, columns = _source(upload), sheet_columns(upload)
    for page in _pages(session, upload, "updated", list(table("upload_row").c), PAGE):
        known = by_ids(session, (one.facility_id for one in page))
        for one in page:
            registered = known[one.facility_id]
            row = as_judged(UploadRow(**one._mapping), columns).row
            confirmed = capabilities().keys() - set(not_carried(row))
            record = {
                key: value
                for key, value in row.fields.items()
                if key in confirmed or key == "as_of"
            }
            yield _change(one.id, registered, record | _after(one.changes), source)


def _pages(
    session: Session, upload: Upload, outcome: str, columns: Sequence[Any], size: int
) -> Iterator[Sequence[Any]]:
    row = table("upload_row")
    last = 0
    while True:
        query = (
            select(*columns)
            .where(row.c.upload_id == upload.id, row.c.outcome == outcome, row.c.id > last)
            .order_by(row.c.id)
            .limit(size)
        )
        page = session.connection().execute(query).all()
        if not page:
            return
        yield page
        last = page[-1].id


def _after(changes: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    return {key: pair[1] for key, pair in changes.items()}


def _change(
    row_id: int | None, registered: Registered, record: Mapping[str, Any], source: str
) -> Change:
    fields, measures, numbers = split_keys(record)
    on = max(date.fromisoformat(fields["as_of"]), registered.since)
    return Change(registered.code, fields, on, measures, numbers, None, row_id, source)


def _source(upload: Upload) -> str:
    """Where a reading comes from, as the registry records it."""
    return f"upload:{upload.id} {upload.file_name}"
