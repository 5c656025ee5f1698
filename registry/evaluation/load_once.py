"""Where an evaluation's records come from: asked for each day, or read once for several days.

A release tells a city on several days, and reading a million records takes longer than all else in
an evaluation. The same rows come out as are read for one day (`load_rows`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from sqlalchemy import ColumnElement, String, cast, or_, select
from sqlalchemy.engine import Connection

from registry.evaluation.figures import Mask, Whole
from registry.evaluation.load_readings import Readings, read_readings
from registry.evaluation.load_rows import (
    CLOSED,
    LATER_COLUMNS,
    OPERATING,
    Rows,
    chosen,
    chunks,
    first_after,
    holders,
    operating_on,
    read_rows,
)
from registry.rows import table

CHOOSING: Final = ("valid_to", "status", "closed_on", "county_code")
"""What records are chosen by, beside what is read of them anyway."""


class Asked:
    """Asks the registry for one day, limited to beginnings of type codes where any are given."""

    def __init__(self, connection: Connection, types: Collection[str] | None = None) -> None:
        column = table("facility_version").c.type_code
        beginnings = [column.startswith(one, autoescape=True) for one in sorted(types or ())]
        self.connection = connection
        self.types = [] if types is None else [or_(*beginnings)]

    def operating_on(self, day: date, counties: Collection[str]) -> Rows:
        """Return the records of what operates on a day."""
        return operating_on(self.connection, day, [in_counties(counties), *self.types])

    def first_after(self, day: date, counties: Collection[str]) -> Rows:
        """Return what is on record only after a day but may have been open on it."""
        return first_after(self.connection, day, [in_counties(counties), *self.types])

    def readings(self, capabilities: Collection[str], until: date) -> Readings:
        """Return the readings of these measures up to a day."""
        return read_readings(self.connection, capabilities, until)

    def holders(self, scheme: str) -> Whole:
        """Return the ids of the facilities that have a number of this scheme."""
        return holders(self.connection, scheme)


class ReadOnce:
    """The records of some counties, and readings up to a day, for choosing the days up to it.

    `on_record` are all counties there are records of: a facility's first record may lie in another
    than its later ones.
    """

    def __init__(
        self,
        connection: Connection,
        counties: Collection[str],
        on_record: Iterable[str],
        capabilities: Collection[str],
        until: date,
    ) -> None:
        self.connection = connection
        self.elsewhere = sorted({*on_record} - {*counties})
        # asked of every record, the condition would cost a way through the index of counties
        limits = [in_counties(counties)] if self.elsewhere else []
        self.rows = read_rows(connection, (*LATER_COLUMNS, *CHOOSING), limits)
        self.begun = {
            name: self.rows.columns[name].ordinals()
            for name in ("valid_from", "valid_to", "opened_on", "closed_on")
        }
        self.known_holders: dict[str, Whole] = {}
        self.all_readings = read_readings(connection, capabilities, until)

    def operating_on(self, day: date, counties: Collection[str]) -> Rows:
        """Return the records of what operates on a day."""
        on = day.toordinal()
        holds = (self.begun["valid_from"] <= on) & (self.begun["valid_to"] > on)
        return chosen(self.rows, holds & self._is("status", [OPERATING]) & self._in(counties))

    def first_after(self, day: date, counties: Collection[str]) -> Rows:
        """Return what is on record only after a day but may have been open on it."""
        on = day.toordinal()
        later = self._first & (self.begun["valid_from"] > on) & (self.begun["opened_on"] <= on)
        closed_since = self._is("status", [CLOSED]) & (self.begun["closed_on"] > on)
        fits = self._is("status", [OPERATING]) | closed_since
        return chosen(self.rows, later & fits & self._in(counties))

    def readings(self, capabilities: Collection[str], until: date) -> Readings:
        """Return the readings of these measures up to a day."""
        return self.all_readings.chosen(capabilities, until)

    def holders(self, scheme: str) -> Whole:
        """Return the ids of the facilities that have a number of this scheme."""
        if scheme not in self.known_holders:
            self.known_holders[scheme] = holders(self.connection, scheme)
        return self.known_holders[scheme]

    def _in(self, counties: Collection[str]) -> Mask:
        return self._is("county_code", counties)

    def _is(self, name: str, wanted: Collection[str]) -> Mask:
        return self.rows.columns[name].among(wanted)

    @cached_property
    def _first(self) -> Mask:
        """Which records are their facility's first one."""
        ids, days = self._others
        every, row = np.unique(np.concatenate([self.rows.ids, ids]), return_inverse=True)
        first = np.full(len(every), date.max.toordinal(), dtype=np.int64)
        own = row[: len(self.rows.ids)]
        np.minimum.at(first, row, np.concatenate([self.begun["valid_from"], days]))
        mask: Mask = self.begun["valid_from"] == first[own]
        return mask

    @property
    def _others(self) -> tuple[Whole, Whole]:
        """Facility and first day of every record in the other counties."""
        version = table("facility_version").c
        query = select(version.facility_id, cast(version.valid_from, String)).where(
            version.superseded_at.is_(None), in_counties(self.elsewhere)
        )
        ids, days = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for facilities, texts in chunks(self.connection, query) if self.elsewhere else ():
            ids.append(np.array(facilities, dtype=np.int64))
            days.append(np.array([date.fromisoformat(one).toordinal() for one in texts]))
        return np.concatenate(ids), np.concatenate(days)


def in_counties(counties: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a record is of one of these counties."""
    return table("facility_version").c.county_code.in_(counties)


def counties_on_record(connection: Connection) -> list[str]:
    """Return the county codes there are records of, by their own index."""
    code = table("facility_version").c.county_code
    return list(connection.execute(select(code).distinct()).scalars())
