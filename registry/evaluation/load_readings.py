"""The readings in force on a day, one array a measure; the first one after it stands in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from codes.policy import integer_of
from registry.evaluation.figures import Floats, Whole
from registry.evaluation.load_rows import Column, readings


@dataclass
class Readings:
    """Readings by column as they come from the registry; `days` are as `date.toordinal` counts."""

    keys: Whole
    facilities: Whole
    capability: Column
    values: Floats
    days: Whole

    def chosen(self, capabilities: Collection[str], until: date) -> Readings:
        """Return those of some measures up to a day."""
        kept = np.flatnonzero(
            (self.days <= until.toordinal()) & self.capability.among(capabilities)
        )
        return Readings(
            self.keys[kept],
            self.facilities[kept],
            Column(self.capability.values, [self.capability.rows[kept]]),
            self.values[kept],
            self.days[kept],
        )


def last_reading_day(day: date) -> date:
    """Return until when a reading may stand in for one of the day."""
    return day + timedelta(days=integer_of("value.backdate_days"))


def load_readings(
    read: Readings, ids: Whole, day: date
) -> tuple[dict[str, Floats], dict[str, Whole]]:
    """Return the values by measure in the order of `ids` (ascending), and the days they speak of.

    NaN and 0 where nothing was reported, or where it was reported that nothing is any more.
    """
    row, own = _rows(read.facilities, ids)
    kind = read.capability.rows
    found: dict[str, Floats] = {}
    spoken: dict[str, Whole] = {}
    for name, number in read.capability.values.items():
        of_kind = kind == number
        if not of_kind.any():
            continue
        mine = np.flatnonzero(own & of_kind)
        mine = mine[np.lexsort((read.keys[mine], read.days[mine]))]
        found[name], spoken[name] = _in_force(
            len(ids), row[mine], read.values[mine], read.days[mine], day.toordinal()
        )
    return found, spoken


def _in_force(size: int, row: Whole, value: Floats, days: Whole, day: int) -> tuple[Floats, Whole]:
    """Lay readings, in order of their days, one over the other; the last up to the day counts."""
    found, spoken = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    known = np.zeros(size, dtype=np.bool_)
    past = days <= day
    found[row[past]], spoken[row[past]], known[row[past]] = value[past], days[past], True
    later = np.flatnonzero(~past & ~np.isnan(value))[::-1]  # so that the first is laid last
    later = later[~known[row[later]]]
    found[row[later]], spoken[row[later]] = value[later], days[later]
    spoken[np.isnan(found)] = 0
    return found, spoken


def _rows(facilities: Whole, ids: Whole) -> tuple[Whole, NDArray[np.bool_]]:
    """Return the place of each facility in `ids`, and whether it is there at all."""
    if not len(ids):
        return np.zeros(len(facilities), np.int64), np.zeros(len(facilities), np.bool_)
    row = np.minimum(np.searchsorted(ids, facilities), len(ids) - 1)
    return row, ids[row] == facilities


def read_readings(connection: Connection, capabilities: Collection[str], until: date) -> Readings:
    """Return the readings of some measures up to a day."""
    keys, facilities = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    values, capability, day = [np.empty(0)], Column(), Column()
    for numbers, owners, names, figures, days in readings(connection, capabilities, until):
        keys.append(np.array(numbers, dtype=np.int64))
        facilities.append(np.array(owners, dtype=np.int64))
        capability.take(names)
        values.append(np.array(figures, dtype=np.float64))
        day.take(days)
    return Readings(
        np.concatenate(keys),
        np.concatenate(facilities),
        capability,
        np.concatenate(values),
        day.ordinals(),
    )
