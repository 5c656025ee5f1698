"""Register the new facilities of an upload column by column; what is not plain goes row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from codes.china_time import today
from registry import issue, rows
from registry.audit import Act
from registry.collector import collector_paused
from registry.dates import END_OF_TIME
from registry.facilities.by_column import Batch, Lines, NotPlainError, read_batch
from registry.facilities.fields import split_keys
from registry.facilities.given_columns import Column
from registry.facilities.register import (
    REGISTERED,
    NewFacility,
    register_rows,
)
from registry.index_building import indexes_built_after

FILLED: Final = ("facility", "facility_version", "capability_value", "identifier")


@dataclass(frozen=True)
class StoredBatch:
    """New facilities as the rows `row_ids` of an upload have them; see `given_columns`."""

    row_ids: Sequence[int | None]
    given: Mapping[str, Column]
    source: str

    def one_by_one(self) -> Iterator[NewFacility]:
        """Give each as a new facility of its own, in order."""
        for row_id, *values in zip(self.row_ids, *self.given.values(), strict=True):
            record = zip(self.given, values, strict=True)
            own = {key: value for key, value in record if value is not None}
            yield new_facility(row_id, own, self.source)


def new_facility(row_id: int | None, record: Mapping[str, Any], source: str) -> NewFacility:
    """Return the facility that a row of an upload brings; it is so since the day of its data."""
    own, measures, numbers = split_keys(record)
    as_of = date.fromisoformat(own["as_of"])
    return NewFacility(own, as_of, measures, numbers, row_id, source)


def register_batches(act: Act, batches: Iterable[StoredBatch], coming: int = 0) -> None:
    """Do what `register_rows` does, column by column; what is not plain goes row by row.

    `coming` is the number of facilities in all the batches, as far as that is known.
    """
    connection = act.connection
    with (
        collector_paused(),
        rows.many(connection),
        indexes_built_after(connection, FILLED, coming),
    ):
        for batch in batches:
            try:
                read = read_batch(batch.given, today())
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
    readings["as_of"] = readings["confirmed_on"] = [as_of[at] for at in read.readings.places]
    act.write_columns("capability_value", len(read.readings.places), readings, source=batch.source)
    numbers = _columns(read.numbers, ids, "scheme_code")
    act.write_columns("identifier", len(read.numbers.places), numbers)


def _columns(lines: Lines, ids: Sequence[int], named: str) -> dict[str, Sequence[Any]]:
    facilities = [ids[place] for place in lines.places]
    return {"facility_id": facilities, named: lines.names, "value": lines.values}
