"""The readings in force on a day, one array a measure; the first one after it stands in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from codes.policy import integer_of
from registry.evaluation.figures import Floats, Whole
from registry.evaluation.load_rows import Column, readings


@dataclass
class _Read:
    """Readings by column as they come from the registry."""

    keys: list[Whole] = field(default_factory=list)
    facilities: list[Whole] = field(default_factory=list)
    capability: Column = field(default_factory=Column)
    values: list[Floats] = field(default_factory=list)
    day: Column = field(default_factory=Column)


def load_readings(
    connection: Connection, ids: Whole, capabilities: Collection[str], day: date
) -> tuple[dict[str, Floats], dict[str, Whole]]:
    """Return the values by measure in the order of `ids` (ascending), and the days they speak of.

    NaN and 0 where nothing was reported, or where it was reported that nothing is any more.
    """
    until = day + timedelta(days=integer_of("value.backdate_days"))
    read = _read(connection, capabilities, until)
    row, own = _rows(np.concatenate([np.empty(0, np.int64), *read.facilities]), ids)
    keys = np.concatenate([np.empty(0, np.int64), *read.keys])
    values = np.concatenate([np.empty(0), *read.values])
    days, kind = read.day.ordinals(), read.capability.rows
    found: dict[str, Floats] = {}
    spoken: dict[str, Whole] = {}
    for name, number in read.capability.values.items():
        mine = np.flatnonzero(own & (kind == number))
        mine = mine[np.lexsort((keys[mine], days[mine]))]
        found[name], spoken[name] = _in_force(
            len(ids), row[mine], values[mine], days[mine], day.toordinal()
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


def _read(connection: Connection, capabilities: Collection[str], until: date) -> _Read:
    read = _Read()
    for keys, facilities, names, values, days in readings(connection, capabilities, until):
        read.keys.append(np.array(keys, dtype=np.int64))
        read.facilities.append(np.array(facilities, dtype=np.int64))
        read.capability.take(names)
        read.values.append(np.array(values, dtype=np.float64))
        read.day.take(days)
    return read
