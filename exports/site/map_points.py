"""Where the facilities of a release are, kept in memory: a million in some fifty megabytes.

Points stand in the datum of the map's tiles. A place on the map is also a number from 0 to 1 from
west to east and from north to south, as web maps cut the world.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from datasette.app import Datasette
from numpy.typing import NDArray

from codes.datums import from_cgcs2000
from codes.statuses import on_register
from exports.site import queries
from exports.site.catalogue import Catalogue
from exports.site.options import DATUM, options_of

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
BATCH: Final = 50_000
MOST_NORTHERN: Final = 85.0
"""Web maps end there."""


@dataclass(frozen=True)
class Kinds:
    """One code for each facility: `place` is its position in `codes`."""

    codes: tuple[str, ...]
    place: NDArray[np.int16]

    def equal(self, code: str) -> Mask:
        """Tell which facilities have the code; all for an empty one."""
        if not code:
            return np.ones(len(self.place), dtype=np.bool_)
        return self.among({code})

    def among(self, codes: Collection[str]) -> Mask:
        """Tell which facilities have one of the codes."""
        places = [place for place, code in enumerate(self.codes) if code in codes]
        return np.isin(self.place, places)


@dataclass(frozen=True)
class Points:
    """All facilities on record, in order of code; lon and lat are NaN for one without a point."""

    row: Numbers
    lon: Floats
    lat: Floats
    east: Floats
    south: Floats
    category: Kinds
    service_class: Kinds
    county: Kinds
    type: Kinds

    @property
    def placed(self) -> Mask:
        """Tell which have a point."""
        return ~np.isnan(self.lon)

    def chosen(
        self,
        *,
        category: str = "",
        service_class: str = "",
        county: str = "",
        types: Collection[str] = (),
    ) -> Mask:
        """Tell which are wanted; an empty code does not limit, nor do no types."""
        wanted = self.category.equal(category) & self.service_class.equal(service_class)
        wanted &= self.county.equal(county)
        return wanted & self.type.among(types) if types else wanted

    def within(self, west: float, south: float, east: float, north: float) -> Mask:
        """Tell which lie in a box of degrees."""
        across = (self.lon >= west) & (self.lon <= east)
        return across & (self.lat >= south) & (self.lat <= north)


_KEPT: Final[WeakKeyDictionary[Datasette, Points]] = WeakKeyDictionary()
_LOCK: Final = threading.Lock()


def points_of(datasette: Datasette, catalogue: Catalogue) -> Points:
    """Return the points of a site's release. The first time takes a moment: ask in a thread."""
    with _LOCK:
        if datasette not in _KEPT:
            datum = options_of(datasette).tiles_datum
            with closing(catalogue.held.connect()) as db:
                _KEPT[datasette] = read_points(db, on_register(), datum)
        return _KEPT[datasette]


def read_points(
    snapshot: sqlite3.Connection, statuses: Sequence[str], datum: str = DATUM
) -> Points:
    """Read the facilities in the statuses from a snapshot, with their points in `datum`."""
    kinds: tuple[dict[str, int], ...] = ({}, {}, {}, {})
    found = snapshot.execute(queries.POINTS, {"statuses": json.dumps(statuses)})
    parts = [_part([], kinds)]
    while batch := found.fetchmany(BATCH):  # all at once would take ten times the memory
        parts.append(_part(batch, kinds))
    row, lon, lat, *placed = (np.concatenate(column) for column in zip(*parts, strict=True))
    if datum != DATUM:
        lon, lat = from_cgcs2000(lon, lat, datum)
    named = [Kinds(tuple(codes), place) for codes, place in zip(kinds, placed, strict=True)]
    return Points(row, lon, lat, *on_web_map(lon, lat), *named)


def _part(batch: list[Any], kinds: tuple[dict[str, int], ...]) -> list[NDArray[Any]]:
    """Turn rows into columns; a code becomes a number, new ones are added to `kinds`."""
    columns: list[Sequence[Any]] = list(zip(*batch, strict=True)) or [()] * (3 + len(kinds))
    numbered = [
        np.array([at.setdefault(code, len(at)) for code in column], dtype=np.int16)
        for at, column in zip(kinds, columns[3:], strict=True)
    ]
    points = [np.array(column, dtype=np.float64) for column in columns[1:3]]
    return [np.array(columns[0], dtype=np.int64), *points, *numbered]


def on_web_map(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Return how far east and south a point is on a web map, from 0 to 1."""
    radians = np.radians(np.clip(lat, -MOST_NORTHERN, MOST_NORTHERN))
    return (lon + 180) / 360, (1 - np.arcsinh(np.tan(radians)) / np.pi) / 2
