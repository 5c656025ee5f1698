"""Read a longitude or latitude written in degrees, minutes and seconds, or with its hemisphere."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from registry.uploads.normalising.text import INVISIBLE

DEGREES: Final = "度"
"""The unit of the elements that are angles."""

SIXTIETHS: Final = 60
DECIMALS: Final = 6
"""A tenth of a metre: finer than any second that is written."""

_ANGLE: Final = re.compile(
    r"(?:(?P<before>[东西]经|[南北]纬|[EWNS])[:]?)?"
    r"(?P<degrees>\d{1,3}(?:\.\d+)?)[°度]?"
    r"(?:(?<=[°度])(?P<minutes>\d{1,2}(?:\.\d+)?)(?:[′'‘’´`]|分)"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)(?:[″\"“”]|′′|''|’’|秒))?)?"
    r"(?P<after>[EWNS])?",
    re.IGNORECASE,
)
_RINGS: Final = str.maketrans("º˚", "°°")
"""What people take for the sign of degrees, and Unicode for a letter or a space."""

_NEGATIVE: Final = ("西经", "南纬", "W", "S")
_ALONG: Final = ("东经", "西经", "E", "W")


def read_angle(seen: str) -> float | None:
    """Return an angle in decimal degrees, west and south negative; None for what is none.

    >>> read_angle("120°5′30″"), read_angle("北纬30度15分"), read_angle("120.5°E")
    (120.091667, 30.25, 120.5)
    >>> read_angle("120°75′"), read_angle("120.5°5′"), read_angle("120 5 30")
    (None, None, None)
    """
    found = _parts(seen)
    if found is None or (found["before"] and found["after"]):
        return None
    parts = [found["degrees"], found["minutes"], found["seconds"]]
    given = [one for one in parts if one is not None]
    finer = [float(one) for one in given[1:]]
    if any("." in one for one in given[:-1]) or any(one >= SIXTIETHS for one in finer):
        return None
    degrees, minutes, seconds = (float(one or 0) for one in parts)
    angle = degrees + (minutes + seconds / SIXTIETHS) / SIXTIETHS
    word = _hemisphere(found)
    return round(-angle if word in _NEGATIVE else angle, DECIMALS)


def axis_of(seen: str) -> str | None:
    """Return which angle its hemisphere says it is, None where it says none.

    >>> axis_of("30°15′E"), axis_of("北纬30度15分"), axis_of("120°5′30″")
    ('longitude', 'latitude', None)
    """
    found = _parts(seen)
    word = _hemisphere(found) if found else ""
    return ("longitude" if word in _ALONG else "latitude") if word else None


def _parts(seen: str) -> re.Match[str] | None:
    plain = INVISIBLE.sub("", seen).translate(_RINGS)
    return _ANGLE.fullmatch("".join(unicodedata.normalize("NFKC", plain).split()))


def _hemisphere(found: re.Match[str]) -> str:
    return (found["before"] or found["after"] or "").upper()
