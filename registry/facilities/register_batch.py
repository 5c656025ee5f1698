"""Register the new facilities of an upload column by column; what is not plain goes row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
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
from registry.rows_behind import RowsBehind, inserting_behind

FILLED: Final = ("facility", "facility_version", "capability_value", "identifier")


@dataclass(frozen=True)
class StoredBatch:
    """New facilities as the rows `row_ids` of an upload have them.

    `read` gives what they set, see `given_columns`; it asks the database nothing.
    """

    row_ids: Sequence[int | None]
    read: Callable[[], Mapping[str, Column]]
    source: str

    @cached_property
    def given(self) -> Mapping[str, Column]:
        """Return what the rows set, by column."""
        return self.read()

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
        inserting_behind(connection) as behind,
    ):
        for batch, read in _ahead(batches, behind):
            if read is None:
                register_rows(act, batch.one_by_one())
            else:
                _write_batch(act, behind, batch, read)


def _ahead(
    batches: Iterable[StoredBatch], behind: RowsBehind
) -> Iterator[tuple[StoredBatch, Batch | None]]:
    """Give each batch with what was read of it, None when it is not plain.

    The next one is fetched before a batch is written and read while that goes in.
    """
    waiting = iter(batches)
    coming = next(waiting, None)
    read = _read(coming)
    while (batch := coming) is not None:
        coming = next(waiting, None)
        yield batch, read
        read = _read(coming)
        behind.wait()


def _read(batch: StoredBatch | None) -> Batch | None:
    try:
        return read_batch(batch.given, today()) if batch else None
    except NotPlainError:
        return None


def _write_batch(act: Act, behind: RowsBehind, batch: StoredBatch, read: Batch) -> None:
    """Reserve all that a batch takes, then let its rows go in."""
    codes = issue.issue_codes(act.connection, read.prefixes)
    sizes = len(codes), len(codes), len(read.readings.places), len(read.numbers.places)
    ids, version_ids, reading_ids, number_ids = (
        rows.reserve_ids(act.connection, name, size) if size else ()
        for name, size in zip(FILLED, sizes, strict=True)
    )
    classes, counties = zip(*read.prefixes, strict=True)
    identities = {"code": codes, "issued_class_code": classes, "issued_county_code": counties}
    act.write_columns(behind, "facility", ids, identities)
    as_of = read.versions["as_of"]
    linked = {"facility_id": ids, "upload_row_id": batch.row_ids, "valid_from": as_of}
    versions = {**read.versions, **linked}
    ended = END_OF_TIME.isoformat()
    marked = {"valid_to": ended, "kind": REGISTERED, "recorded_by": act.actor}
    act.write_columns(behind, "facility_version", version_ids, versions, **marked)
    readings = _columns(read.readings, ids, "capability_code")
    readings["as_of"] = readings["confirmed_on"] = [as_of[at] for at in read.readings.places]
    act.write_columns(behind, "capability_value", reading_ids, readings, source=batch.source)
    act.write_columns(behind, "identifier", number_ids, _columns(read.numbers, ids, "scheme_code"))


def _columns(lines: Lines, ids: Sequence[int], named: str) -> dict[str, Sequence[Any]]:
    facilities = [ids[place] for place in lines.places]
    return {"facility_id": facilities, named: lines.names, "value": lines.values}
