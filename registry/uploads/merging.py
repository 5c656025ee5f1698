"""What an approval merges: new facilities and changes, as the stored plans have them.

The plans are read page by page, so that a million rows never stand in memory together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from sqlmodel import Session

from codes.capabilities import capabilities
from codes.facility_types import facility_types
from registry.audit import Act
from registry.facilities.fields import split_keys
from registry.facilities.given_columns import read_columns
from registry.facilities.plan import Change
from registry.facilities.register_batch import StoredBatch, register_batches
from registry.kept_texts import as_kept, kept_rows
from registry.rows import table
from registry.tables.upload import Upload
from registry.uploads.normalising.row import known_fields
from registry.uploads.proposing.fetching import Brief, brief
from registry.uploads.row_pages import row_pages
from registry.uploads.stored import read_together
from registry.uploads.told import Told, unheard

PAGE: Final = 5_000
"""Stored rows in memory at once."""

NEW_PAGE: Final = 10_000
"""Those of new facilities, which are read column by column."""


@dataclass(frozen=True)
class Merging:
    """What registers the new facilities of an upload, and its changes, in the order of its rows."""

    register: Callable[[Act], object]
    changes: Iterable[Change]


def as_stored(session: Session, upload: Upload, told: Told = unheard) -> Merging:
    """Return what an upload whose stored plans stand merges; rows are read as they are taken."""
    return Merging(
        lambda act: register_batches(act, _stored_new(session, upload, told), upload.created),
        _stored_changes(session, upload, told),
    )


def _stored_new(session: Session, upload: Upload, told: Told) -> Iterator[StoredBatch]:
    source, row = _source(upload), table("upload_row")
    kept = [as_kept(session.connection(), row.c.changes)]
    for page in _pages(session, upload, "created", kept, NEW_PAGE, told):
        ids, texts = zip(*page, strict=True)
        yield StoredBatch(ids, partial(read_columns, texts), source)


def _stored_changes(session: Session, upload: Upload, told: Told) -> Iterator[Change]:
    source, row = _source(upload), table("upload_row").c
    texts_kept = (as_kept(session.connection(), one) for one in (row.fields, row.changes))
    kept = [row.facility_id, *texts_kept]
    for page in _pages(session, upload, "updated", kept, PAGE, told):
        ids, facilities, *texts = zip(*page, strict=True)
        known = brief(session, facilities)
        read = zip(*(read_together([one.decode() for one in kept]) for kept in texts), strict=True)
        for row_id, facility_id, (fields, changes) in zip(ids, facilities, read, strict=True):
            record = _confirmed(fields) | {key: pair[1] for key, pair in changes.items()}
            yield _change(row_id, known[facility_id], record, source)


def _confirmed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row repeats that is dated even when it is the same: the readings."""
    kind = facility_types().get(str(fields.get("type")))
    measures = capabilities().keys() & (known_fields(kind.code) if kind else fields).keys()
    return {
        key: value
        for key, value in fields.items()
        if value is not None and (key in measures or key == "as_of")
    }


def _pages(
    session: Session, upload: Upload, outcome: str, columns: Sequence[Any], size: int, told: Told
) -> Iterator[Sequence[tuple[Any, ...]]]:
    upload_id, wanted = int(upload.id or 0), table("upload_row").c.outcome == outcome
    done = upload.created if outcome == "updated" else 0  # new facilities come first
    for page in row_pages(session, upload_id, columns, wanted, size=size, fetch=kept_rows):
        yield page
        done += len(page)
        told("merging", done, upload.created + upload.updated)


def _change(row_id: int | None, facility: Brief, record: Mapping[str, Any], source: str) -> Change:
    fields, measures, numbers = split_keys(record)
    on = max(date.fromisoformat(fields["as_of"]), facility.since)
    return Change(facility.code, fields, on, measures, numbers, None, row_id, source)


def _source(upload: Upload) -> str:
    """Where a reading comes from, as the registry records it."""
    return f"upload:{upload.id} {upload.file_name}"
