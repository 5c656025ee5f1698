"""The registry's own city (book `home`), and what a name means that several cities have."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from typing import Final

from codes.book import load_book
from codes.divisions import Division, division, find_by_name
from codes.divisions.shape import CITY
from codes.errors import DataError, UsageError
from codes.names import fold

VARIABLE: Final = "FUWUMA_CITY"


def home_city() -> str:
    """Return the code of the city whose registry this is: FUWUMA_CITY's, else the book's.

    Raises UsageError `place.home_unknown` for what is no city.
    """
    return _city(os.environ.get(VARIABLE) or load_book("home").by_key()["city"]["value"])


def named_at_home(name: str, on: date) -> tuple[Division | None, tuple[Division, ...]]:
    """Return the division a name means on a day, None when that is open, and all it may mean.

    Of several with that whole name it is the only one in the registry's own city, if one is.
    """
    found = find_by_name(name, None, on)
    whole = [unit for unit in found if fold(name).endswith(fold(unit.name))]
    if len(found) == len(whole) == 1:
        return whole[0], found
    own = [unit for unit in whole if unit.code.startswith(home_city()[:CITY])]
    return (own[0] if len(own) == 1 else None), found


@lru_cache(maxsize=8)
def _city(written: str) -> str:
    try:
        unit = division(written)
    except DataError:
        raise UsageError("place.home_unknown", seen=written, variable=VARIABLE) from None
    if unit.level != "city":
        raise UsageError("place.home_unknown", seen=written, variable=VARIABLE)
    return unit.code
