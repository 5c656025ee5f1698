"""What follows from what was given: class, county, township, and the point in CGCS2000."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np

from codes import datums, divisions
from codes.errors import DataError
from codes.facility_types import facility_types

NO_DATUM: Final = frozenset({None, datums.UNKNOWN})


def derive(versions: Iterable[dict[str, Any]]) -> None:
    """Fill the derived columns of versions in place.

    Raises DataError for an unknown division and a point with one coordinate.
    """
    points: dict[str, list[dict[str, Any]]] = {}
    for version in versions:
        version["class_code"] = facility_types()[version["type_code"]].class_code
        place = place_of(version["division_code"])
        version["county_code"], version["township_code"] = place
        version["lon_2000"] = version["lat_2000"] = None
        if _has_point(version) and version.get("datum") not in NO_DATUM:
            points.setdefault(version["datum"], []).append(version)
    for datum, placed in points.items():
        _convert(datum, placed)


@lru_cache(maxsize=100_000)
def place_of(division_code: str) -> tuple[str, str | None]:
    """Return the county and the township (None above that level) of a division of any day."""
    return divisions.county_of(division_code), divisions.township_of(division_code)


@lru_cache(maxsize=100_000)
def county_at_issue(division_code: str, on: date) -> str:
    """Return the county to print in a code; the division has to be in force on the day.

    Raises DataError when it is unknown or not in force then.
    """
    divisions.division(division_code, on)
    return divisions.county_of(division_code)


def _has_point(version: dict[str, Any]) -> bool:
    longitude, latitude = version.get("longitude"), version.get("latitude")
    if (longitude is None) != (latitude is None):
        raise DataError("facility.point_incomplete", longitude=longitude, latitude=latitude)
    return longitude is not None


def _convert(datum: str, placed: list[dict[str, Any]]) -> None:
    longitude = np.array([version["longitude"] for version in placed])
    latitude = np.array([version["latitude"] for version in placed])
    converted = zip(placed, *datums.to_cgcs2000(longitude, latitude, datum), strict=True)
    for version, east, north in converted:
        version["lon_2000"], version["lat_2000"] = float(east), float(north)
