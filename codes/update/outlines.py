"""Make the book `divisions/outlines` from the package's file; `make docs` runs it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import numpy as np
import shapely

from codes.outline_file import AREA, COUNTRY, Place, source, valid

COLUMNS = ("code", "west", "south", "east", "north", "begin", "end")


def index_rows() -> bytes:
    """Return the rows of the book, by county code, for the file that is installed."""
    content = source().read_bytes()
    places = sorted(_places(content))
    features = np.array([content[begin:end] for _, begin, end in places], dtype=object)
    bounds = shapely.bounds(valid(shapely.from_geojson(features))).tolist()
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    for (code, begin, end), box in zip(places, bounds, strict=True):
        writer.writerow([code, *(repr(degrees) for degrees in box), begin, end])
    return made.getvalue().encode()


def _places(content: bytes) -> Iterator[Place]:
    begins = [found.start() for found in re.finditer(rb'\{"geometry":', content)]
    ends = [begin - 1 for begin in begins[1:]] + [content.rindex(b'],"type":"FeatureCollection"')]
    for begin, end in zip(begins, ends, strict=True):
        feature = json.loads(content[begin:end])
        if feature["geometry"]["type"] == AREA:
            yield feature["properties"]["gb"].removeprefix(COUNTRY), begin, end
