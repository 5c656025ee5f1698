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
    r"(?P<before>[东西]经|[南北]纬|[EWNS])?[:]?"
    r"(?P<degrees>\d{1,3}(?:\.\d+)?)[°度]?"
    r"(?:(?<=[°度])(?P<minutes>\d{1,2}(?:\.\d+)?)(?:[′'‘’´`]|分)"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)(?:[″\"“”]|′′|''|’’|秒))?)?"
    r"(?P<after>[EWNS])?",
    re.IGNORECASE,
)
_RINGS: Final = str.maketrans("º˚", "°°")
"""What people take for the sign of degrees, and Unicode for a letter or a space."""

_NEGATIVE: Final = ("西经", "南纬", "W", "S")


def read_angle(seen: str) -> float | None:
    """Return an angle in decimal degrees, west and south negative; None for what is none.

    >>> read_angle("120°5′30″"), read_angle("北纬30度15分"), read_angle("120.5°E")
    (120.091667, 30.25, 120.5)
    >>> read_angle("120°75′"), read_angle("120.5°5′"), read_angle("120 5 30")
    (None, None, None)
    """
    plain = INVISIBLE.sub("", seen).translate(_RINGS)
    text = "".join(unicodedata.normalize("NFKC", plain).split())
    found = _ANGLE.fullmatch(text)
    if found is None or (found["before"] and found["after"]):
        return None
    parts = [found["degrees"], found["minutes"], found["seconds"]]
    given = [one for one in parts if one is not None]
    finer = [float(one) for one in given[1:]]
    if any("." in one for one in given[:-1]) or any(one >= SIXTIETHS for one in finer):
        return None
    degrees, minutes, seconds = (float(one or 0) for one in parts)
    angle = degrees + (minutes + seconds / SIXTIETHS) / SIXTIETHS
    word = (found["before"] or found["after"] or "").upper()
    return round(-angle if word in _NEGATIVE else angle, DECIMALS)
