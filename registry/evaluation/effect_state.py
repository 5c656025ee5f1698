"""Facilities as they would be after a batch: what it touches is taken out and put back changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from codes.capabilities import capabilities
from codes.identifier_schemes import identifier_schemes
from registry.evaluation.figures import NOWHERE, Facilities, Mask
from registry.evaluation.ground import UNITS
from registry.evaluation.load import State
from registry.evaluation.load_places import ATTRIBUTES, Placed
from registry.evaluation.load_rows import OPERATING

LOOKED_AT: Final = frozenset({"type", "division", "status", *ATTRIBUTES})
"""Keys of an upload's facility that count, besides capabilities and identifiers."""


class Columns:
    """Facilities by the keys of an upload, column by column; equal values are held once."""

    def __init__(self) -> None:
        self.count = 0
        self._columns: dict[str, list[Any]] = {}
        self._known: dict[Any, Any] = {}
        wanted = LOOKED_AT | capabilities().keys() | identifier_schemes().keys()
        self._wanted = {key: key in identifier_schemes() for key in wanted}

    def take(self, fields: Mapping[str, Any]) -> None:
        """Take in one more facility."""
        for key in self._wanted.keys() & fields.keys():
            value = fields[key]
            if value is None:
                continue
            column = self._columns.setdefault(key, [])
            column += [None] * (self.count - len(column))
            column.append(True if self._wanted[key] else self._known.setdefault(value, value))
        self.count += 1

    def of(self, key: str) -> list[Any]:
        """Return one value a facility, None where nothing is known."""
        column = self._columns.get(key, [])
        return column + [None] * (self.count - len(column))

    def names(self) -> set[str]:
        """Return the keys of which any facility has a value."""
        return set(self._columns)

    def distinct(self, key: str) -> set[Any]:
        """Return the different values of a key."""
        return set(self._columns.get(key, ())) - {None}


def after_batch(state: State, touched: Sequence[int], given: Columns, today: date) -> State:
    """Return the state with the facilities `touched` as `given` has them, and the new ones there.

    `touched` are the ids of those on record. What does not operate, or not in the city, stays out.
    """
    standing = state.standing
    kept = ~np.isin(standing.ids, np.array(sorted(touched), dtype=np.int64))
    places = {code: state.ground.place(str(code), today) for code in given.distinct("division")}
    divisions = given.of("division")
    taken = [
        at
        for at, (status, code) in enumerate(zip(given.of("status"), divisions, strict=True))
        if status == OPERATING and places[code].inside
    ]
    units = {
        kind: np.array([getattr(places[divisions[at]], kind) for at in taken], dtype=np.int64)
        for kind in UNITS
    }
    added = replace(_facilities(given, taken, standing.facilities), units=units)
    ids = np.concatenate([standing.ids[kept], np.full(len(taken), NOWHERE)])
    return replace(state, standing=Placed(ids, _joined(standing.facilities, kept, added)))


def _facilities(given: Columns, taken: Sequence[int], like: Facilities) -> Facilities:
    def column(key: str) -> list[Any]:
        values = given.of(key)
        return [values[at] for at in taken]

    kinds = list(map(str, column("type")))
    types = tuple(dict.fromkeys(kinds))
    rows = {code: row for row, code in enumerate(types)}
    measures = {name for name in given.names() if name in capabilities()}
    return Facilities(
        type_codes=types,
        type_row=np.array([rows[one] for one in kinds], dtype=np.int64),
        division=np.zeros(len(taken), dtype=np.int64),
        capabilities={
            name: np.array(list(map(_number, column(name))), dtype=np.float64)
            for name in dict.fromkeys((*like.capabilities, *sorted(measures)))
        },
        attributes={
            name: np.array([str(one or "") for one in column(name)], dtype=np.str_)
            for name in ATTRIBUTES
        },
        identifiers={
            scheme: np.array(list(map(bool, column(scheme))), dtype=np.bool_)
            for scheme in like.identifiers
        },
    )


def _joined(first: Facilities, kept: Mask, second: Facilities) -> Facilities:
    """Put two sets of facilities together; of the first only those kept. The days are left out."""
    types = (*first.type_codes, *second.type_codes)
    rows = second.type_row + len(first.type_codes)
    names = {*first.capabilities, *second.capabilities}
    return Facilities(
        type_codes=types,
        ended_types=first.ended_types,
        type_row=np.concatenate([first.type_row[kept], rows]),
        division=np.concatenate([first.division[kept], second.division]),
        units={
            kind: np.concatenate([first.units[kind][kept], second.units[kind]]) for kind in UNITS
        },
        capabilities={
            name: np.concatenate([first.reported(name)[kept], second.reported(name)])
            for name in names
        },
        attributes={
            name: np.concatenate([first.attributes[name][kept], second.attributes[name]])
            for name in ATTRIBUTES
        },
        identifiers={
            scheme: np.concatenate([has[kept], second.identifiers[scheme]])
            for scheme, has in first.identifiers.items()
        },
    )


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
