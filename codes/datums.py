"""Coordinate systems met in files, and the way from each to CGCS2000.

CGCS2000 and WGS84 differ by decimetres at most, far less than a facility's point is good for; they
are taken as the same here, and no point is relabelled. GCJ02 (public web maps) and BD09 are WGS84
shifted by formulas that outsiders found, not published ones; they are held to be good to one or two
metres. Nothing is shifted outside a box around China, and nobody knows how well they hold in Hong
Kong, Macau and Taiwan, which the box contains.

Longitude and latitude are decimal degrees, scalars or numpy arrays of one shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from codes.errors import DataError

Degrees = Any
"""A float, or an array of floats."""
Floats = NDArray[np.float64]
Points = tuple[Floats, Floats]

UNKNOWN: Final = "未知"
_SEMI_MAJOR_M: Final = 6378245.0  # Krasovsky 1940, which the GCJ02 formula uses
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_ROUNDS: Final = 8  # a round gains two digits; from the seventh on only the last bit moves


def to_cgcs2000(lon: Degrees, lat: Degrees, datum: str) -> tuple[Degrees, Degrees]:
    """Return the point or points in CGCS2000, floats for floats and arrays for arrays.

    Raises DataError for 未知 and for a datum not in DATUMS.
    """
    return _convert(lambda *shifted: _undo(_formula(datum), *shifted), lon, lat)


def from_cgcs2000(lon: Degrees, lat: Degrees, datum: str) -> tuple[Degrees, Degrees]:
    """Return CGCS2000 points as they stand in `datum`; errors as in `to_cgcs2000`."""
    return _convert(_formula(datum), lon, lat)


def _convert(
    step: Callable[[Floats, Floats], Points], lon: Degrees, lat: Degrees
) -> tuple[Degrees, Degrees]:
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside = (x >= 72.004) & (x <= 137.8347) & (y >= 0.8293) & (y <= 55.8271)
    east, north = step(np.where(inside, x, 105.0), np.where(inside, y, 35.0))
    east, north = np.where(inside, east, x), np.where(inside, north, y)
    return (float(east), float(north)) if east.ndim == 0 else (east, north)


def _undo(forward: Callable[[Floats, Floats], Points], lon: Floats, lat: Floats) -> Points:
    x, y = lon, lat
    for _ in range(_ROUNDS):
        east, north = forward(x, y)
        x, y = x + (lon - east), y + (lat - north)
    return x, y


def _gcj02(lon: Floats, lat: Floats) -> Points:
    x, y = lon - 105.0, lat - 35.0
    common = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north_m += (common + _waves(y, 160, 320)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east_m += (common + _waves(x, 150, 300)) * 2 / 3
    flat = 1 - _ECCENTRICITY_SQUARED * np.sin(np.radians(lat)) ** 2
    parallel = np.radians(_SEMI_MAJOR_M * np.cos(np.radians(lat)) / np.sqrt(flat))
    meridian = np.radians(_SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / flat**1.5)
    return lon + east_m / parallel, lat + north_m / meridian


def _waves(z: Floats, twelfth: float, thirtieth: float) -> Any:
    turn = np.pi * z
    short = 20 * np.sin(turn) + 40 * np.sin(turn / 3)
    return short + twelfth * np.sin(turn / 12) + thirtieth * np.sin(turn / 30)


def _bd09(lon: Floats, lat: Floats) -> Points:
    x, y = _gcj02(lon, lat)
    turn = np.radians(3000.0)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * turn)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * turn)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _same(lon: Floats, lat: Floats) -> Points:
    return lon, lat


_FORMULAS: Final = {"CGCS2000": _same, "WGS84": _same, "GCJ02": _gcj02, "BD09": _bd09}
DATUMS: Final = (*_FORMULAS, UNKNOWN)
"""The values of column datum: those that can be converted, then 未知."""


def _formula(datum: str) -> Callable[[Floats, Floats], Points]:
    if datum not in _FORMULAS:
        raise DataError("place.datum_not_convertible", seen=datum, known=", ".join(_FORMULAS))
    return _FORMULAS[datum]
