"""The registry's own city (book `home`), and what a name means that several cities have."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from typing import Final

from codes.book import load_book
from codes.divisions import Division, division, find_by_name, full_name
from codes.divisions.shape import CITY
from codes.errors import DataError, UsageError
from codes.names import fold, listed

VARIABLE: Final = "FUWUMA_CITY"

MOST: Final = 6
"""Choices that are named in a refusal."""


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


def code_at_home(written: str, on: date, option: str) -> str:
    """Return the code of the division an option names on a day; a code is returned as it is.

    A name may lack its ending (上城), if the registry's own city has one so called. Raises
    UsageError `division.option_unknown` or `option_several` (params option, seen, choices).
    """
    if fold(written).isdigit():
        return written
    meant, found = named_at_home(written, on)
    own = [unit for unit in found if unit.code.startswith(home_city()[:CITY])]
    short = [unit for unit in own if fold(unit.name)[:-1] == fold(written)]
    chosen = [meant] if meant else short or own
    if len(chosen) == 1:
        return chosen[0].code
    choices = [f"{unit.code} {full_name(unit.code, on)}" for unit in chosen or found]
    which = "several" if choices else "unknown"
    raise UsageError(
        f"division.option_{which}", option=option, seen=written, choices=listed(choices[:MOST])
    )


@lru_cache(maxsize=8)
def _city(written: str) -> str:
    try:
        unit = division(written)
    except DataError:
        raise UsageError("place.home_unknown", seen=written, variable=VARIABLE) from None
    if unit.level != "city":
        raise UsageError("place.home_unknown", seen=written, variable=VARIABLE)
    return unit.code
