"""Register the new facilities of an upload column by column; what is not plain goes row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from codes.china_time import today
from registry import issue, rows
from registry.audit import Act
from registry.collector import collector_paused
from registry.dates import END_OF_TIME
from registry.facilities.by_column import Batch, Changes, NotPlainError, read_batch
from registry.facilities.fields import split_keys
from registry.facilities.register import (
    REGISTERED,
    NewFacility,
    register_rows,
)


@dataclass(frozen=True)
class StoredBatch:
    """New facilities as the rows `row_ids` of an upload have them, key -> [None, value]."""

    row_ids: Sequence[int | None]
    changes: Sequence[Changes]
    source: str

    def one_by_one(self) -> Iterator[NewFacility]:
        """Give each as a new facility of its own, in order."""
        for row_id, changes in zip(self.row_ids, self.changes, strict=True):
            yield new_facility(row_id, {key: pair[1] for key, pair in changes.items()}, self.source)


def new_facility(row_id: int | None, record: Mapping[str, Any], source: str) -> NewFacility:
    """Return the facility that a row of an upload brings; it is so since the day of its data."""
    own, measures, numbers = split_keys(record)
    as_of = date.fromisoformat(own["as_of"])
    return NewFacility(own, as_of, measures, numbers, row_id, source)


def register_batches(act: Act, batches: Iterable[StoredBatch]) -> None:
    """Do what `register_rows` does, column by column; what is not plain goes row by row."""
    with collector_paused(), rows.many(act.connection):
        for batch in batches:
            try:
                read = read_batch(batch.changes, today())
            except NotPlainError:
                register_rows(act, batch.one_by_one())
            else:
                _write_batch(act, batch, read)


def _write_batch(act: Act, batch: StoredBatch, read: Batch) -> None:
    codes = issue.issue_codes(act.connection, read.prefixes)
    classes, counties = zip(*read.prefixes, strict=True)
    identities = {"code": codes, "issued_class_code": classes, "issued_county_code": counties}
    ids = act.write_columns("facility", len(codes), identities)
    as_of = read.versions["as_of"]
    linked = {"facility_id": ids, "upload_row_id": batch.row_ids, "valid_from": as_of}
    versions = {**read.versions, **linked}
    ended = END_OF_TIME.isoformat()
    marked = {"valid_to": ended, "kind": REGISTERED, "recorded_by": act.actor}
    act.write_columns("facility_version", len(codes), versions, **marked)
    readings = _columns(read.readings, ids, "capability_code")
    readings["value"] = read.values
    readings["as_of"] = readings["confirmed_on"] = [as_of[place] for place, _, _ in read.readings]
    act.write_columns("capability_value", len(read.readings), readings, source=batch.source)
    numbers = _columns(read.numbers, ids, "scheme_code")
    act.write_columns("identifier", len(read.numbers), numbers)


def _columns(
    lines: Sequence[tuple[int, str, Any]], ids: Sequence[int], named: str
) -> dict[str, Sequence[Any]]:
    return {
        "facility_id": [ids[place] for place, _, _ in lines],
        named: [name for _, name, _ in lines],
        "value": [value for _, _, value in lines],
    }
