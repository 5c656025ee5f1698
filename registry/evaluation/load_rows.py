"""The registry's rows on their way into numpy: chunk by chunk, texts as whole numbers.

A million records pass without ever standing in memory as objects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.engine import Connection

from codes.statuses import named
from registry.evaluation.figures import Mask, Texts, Whole
from registry.rows import table

BATCH: Final = 50_000
OPERATING: Final = named("open")
CLOSED: Final = named("closed")

COLUMNS: Final = (
    "type_code",
    "division_code",
    "recorded_at",
    "ownership",
    "inclusive",
    "grade",
    "accessible",
    "as_of",
)
"""What is read of a record beside its facility's id; all of it text or nothing. Moments are in UTC,
to the hour."""

HOUR: Final = len("2025-06-30 16")

LATER_COLUMNS: Final = (*COLUMNS, "opened_on", "valid_from")

DAYS: Final = ("as_of", "opened_on", "valid_from", "valid_to", "closed_on")


class Places(dict[Any, int]):
    """Text -> its place, given in order of appearance."""

    def __missing__(self, value: Any) -> int:
        self[value] = place = len(self)
        return place


@dataclass
class Column:
    """Texts as numbers: `values` in order of appearance, `rows` the place of each item's value."""

    values: Places = field(default_factory=Places)
    parts: list[Whole] = field(default_factory=list)

    def take(self, cells: Sequence[Any]) -> None:
        """Add the cells of one chunk."""
        places = map(self.values.__getitem__, cells)
        self.parts.append(np.fromiter(places, dtype=np.int64, count=len(cells)))

    @property
    def rows(self) -> Whole:
        """The place of each item's value in `values`."""
        if len(self.parts) != 1:
            self.parts = [np.concatenate([np.empty(0, dtype=np.int64), *self.parts])]
        return self.parts[0]

    def texts(self) -> Texts:
        """Return the items as texts, nothing as empty text."""
        names = np.array([value or "" for value in self.values] or [""], dtype=np.str_)
        return np.asarray(names[self.rows], dtype=np.str_)

    def ordinals(self) -> Whole:
        """Return the items, which are ISO days, as `date.toordinal` counts; 0 for nothing."""
        days = [date.fromisoformat(value).toordinal() if value else 0 for value in self.values]
        return np.array(days or [0], dtype=np.int64)[self.rows]

    def among(self, wanted: Collection[str]) -> Mask:
        """Say of every item whether it is one of these."""
        fits = np.array([value in wanted for value in self.values] or [False], dtype=np.bool_)
        mask: Mask = fits[self.rows]
        return mask


@dataclass
class Rows:
    """Records by column, in no order; `ids` are the facilities'."""

    ids: Whole
    columns: dict[str, Column]


def chosen(rows: Rows, wanted: Mask) -> Rows:
    """Return the records in the mask."""
    columns = {
        name: Column(column.values, [column.rows[wanted]]) for name, column in rows.columns.items()
    }
    return Rows(rows.ids[wanted], columns)


def joined(first: Rows, second: Rows) -> Rows:
    """Return the records of both, by the columns of the first."""
    columns = {}
    for name, column in first.columns.items():
        both, other = Column(Places(column.values), [column.rows]), second.columns[name]
        new = [both.values[one] for one in other.values]
        both.parts.append(np.array(new or [0], dtype=np.int64)[other.rows])
        columns[name] = both
    return Rows(np.concatenate([first.ids, second.ids]), columns)


def operating_on(connection: Connection, day: date, limits: Sequence[Any]) -> Rows:
    """Return the records of what operates on a day."""
    version = table("facility_version").c
    holds = and_(version.valid_from <= day, version.valid_to > day)
    return read_rows(connection, COLUMNS, [holds, version.status == OPERATING, *limits])


def first_after(connection: Connection, day: date, limits: Sequence[Any]) -> Rows:
    """Return the first records of what is on record only after a day but may have been open on it.

    It operated when first recorded, or was closed after the day; what opened after it is left out.
    """
    version, earlier = table("facility_version"), table("facility_version").alias("earlier")
    known_before = exists().where(
        earlier.c.facility_id == version.c.facility_id,
        earlier.c.superseded_at.is_(None),
        earlier.c.valid_from < version.c.valid_from,
    )
    closed_since = and_(version.c.status == CLOSED, version.c.closed_on > day)
    conditions = [
        version.c.valid_from > day,
        or_(version.c.status == OPERATING, closed_since),
        or_(version.c.opened_on.is_(None), version.c.opened_on <= day),
        ~known_before,
        *limits,
    ]
    return read_rows(connection, LATER_COLUMNS, conditions)


def readings(
    connection: Connection, capabilities: Iterable[str], until: date
) -> Iterable[tuple[Any, ...]]:
    """Yield chunks of readings by column: id, facility, capability, value, day; in no order."""
    value = table("capability_value").c
    query = (
        select(
            value.id,
            value.facility_id,
            value.capability_code,
            value.value,
            cast(value.as_of, String),
        )
        .where(value.superseded_at.is_(None), value.as_of <= until)
        .where(value.capability_code.in_(sorted(capabilities)))
    )
    yield from chunks(connection, query)


def holders(connection: Connection, scheme: str) -> Whole:
    """Return the ids of the facilities that have a number of this scheme."""
    number = table("identifier").c
    query = select(number.facility_id).where(
        number.superseded_at.is_(None), number.scheme_code == scheme
    )
    return np.array(connection.execute(query).scalars().all(), dtype=np.int64)


def read_rows(connection: Connection, names: Sequence[str], conditions: Sequence[Any]) -> Rows:
    """Return the records in force that fulfil the conditions: these columns of each."""
    version = table("facility_version").c
    query = select(version.facility_id, *(_column(name) for name in names)).where(
        version.superseded_at.is_(None), *conditions
    )
    ids: list[Whole] = [np.empty(0, dtype=np.int64)]
    columns = {name: Column() for name in names}
    for facility, *cells in chunks(connection, query):
        ids.append(np.array(facility, dtype=np.int64))
        for name, chunk in zip(names, cells, strict=True):
            columns[name].take(chunk)
    return Rows(np.concatenate(ids), columns)


def _column(name: str) -> ColumnElement[Any]:
    version = table("facility_version").c
    if name == "recorded_at":
        return func.substr(cast(version.recorded_at, String), 1, HOUR)
    column: ColumnElement[Any] = version[name]
    return cast(column, String) if name in DAYS else column


def chunks(connection: Connection, query: Select[Any]) -> Iterable[tuple[Any, ...]]:
    """Yield the columns of one chunk of rows after the other."""
    result = connection.execute(query, execution_options={"yield_per": BATCH})
    for rows in result.partitions(BATCH):
        yield tuple(zip(*rows, strict=True))
