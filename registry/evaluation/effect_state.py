"""Facilities as they would be after a batch: what it touches is taken out and put back changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from codes.capabilities import capabilities
from registry.evaluation.figures import NOWHERE, Facilities, Mask
from registry.evaluation.ground import UNITS
from registry.evaluation.load import State
from registry.evaluation.load_places import ATTRIBUTES, Placed
from registry.evaluation.load_rows import OPERATING

Fields = Mapping[str, Any]
"""A facility by the keys of an upload."""


def after_batch(
    state: State, touched: Sequence[int], fields: Sequence[Fields], today: date
) -> State:
    """Return the state with the facilities `touched` as `fields` say, and the new ones among them.

    `touched` are the ids of those on record. What does not operate, or not in the city, stays out.
    """
    standing = state.standing
    kept = ~np.isin(standing.ids, np.array(sorted(touched), dtype=np.int64))
    operating = [one for one in fields if one.get("status") == OPERATING]
    places = [state.ground.place(str(one["division"]), today) for one in operating]
    inside = [(one, place) for one, place in zip(operating, places, strict=True) if place.inside]
    added = _columns([one for one, _ in inside], standing.facilities)
    added = replace(
        added,
        units={
            kind: np.array([getattr(place, kind) for _, place in inside], dtype=np.int64)
            for kind in UNITS
        },
    )
    ids = np.concatenate([standing.ids[kept], np.full(len(inside), NOWHERE)])
    return replace(state, standing=Placed(ids, _joined(standing.facilities, kept, added)))


def _columns(fields: Sequence[Fields], like: Facilities) -> Facilities:
    types = tuple(dict.fromkeys(str(one["type"]) for one in fields))
    rows = {code: row for row, code in enumerate(types)}
    measures = {name for one in fields for name in one if name in capabilities()}
    return Facilities(
        type_codes=types,
        type_row=np.array([rows[str(one["type"])] for one in fields], dtype=np.int64),
        division=np.zeros(len(fields), dtype=np.int64),
        capabilities={
            name: np.array([_number(one.get(name)) for one in fields], dtype=np.float64)
            for name in (*like.capabilities, *measures)
        },
        attributes={
            name: np.array([str(one.get(name) or "") for one in fields], dtype=np.str_)
            for name in ATTRIBUTES
        },
        identifiers={
            scheme: np.array([bool(one.get(scheme)) for one in fields], dtype=np.bool_)
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
