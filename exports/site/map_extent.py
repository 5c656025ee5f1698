"""Where a map begins: the box it shows first, the spot it is asked for."""

from __future__ import annotations

from typing import Any, Final

from codes.datums import from_cgcs2000
from exports.site.catalogue import Catalogue, Row
from exports.site.map_points import Mask, Points
from exports.site.options import DATUM

CHINA: Final = (73.5, 18.0, 135.1, 53.6)
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def placed(row: Row, datum: str) -> dict[str, Any]:
    """Return where a facility is, in the datum of the map."""
    lon, lat = row["longitude"], row["latitude"]
    lon, lat = (lon, lat) if datum == DATUM else from_cgcs2000(lon, lat, datum)
    return {"code": row["code"], "name": row["name"], "lon": lon, "lat": lat}


def extent(catalogue: Catalogue, points: Points, wanted: Mask, county: str) -> Box:
    """Return the box of the county, else of all that has an outline, else of the wanted points."""
    chosen = catalogue.outlines.get(county)
    drawn = [chosen] if chosen else list(catalogue.outlines.values())
    dots = [dot for shape in drawn for dot in _dots(shape["coordinates"])]
    if not dots:
        at = wanted & points.placed
        dots = list(zip(points.lon[at].tolist(), points.lat[at].tolist(), strict=True))
    if not dots:
        return CHINA
    lons, lats = zip(*dots, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def _dots(coordinates: Any) -> list[Any]:
    if isinstance(coordinates[0], (int, float)):
        return [coordinates]
    return [dot for part in coordinates for dot in _dots(part)]
