"""The county an address begins with, of the city in which the row says the facility stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from codes.divisions import counties_of_city, division, full_name
from codes.errors import DataError
from codes.names import fold

ASKED_AGAIN: Final = 16
"""Two rules ask of a row the same."""


@lru_cache(maxsize=ASKED_AGAIN)
def county_named(address: str, county_code: str, today: date) -> str | None:
    """Return the county of the city of `county_code` with which an address begins, else None.

    The province and the city may stand before it; a county named further on (a road, a landmark)
    counts for nothing.
    """
    rest = fold(address)
    counties, above = city_names(county_code, today)
    if rest.startswith(above):
        for name in above:
            rest = rest.removeprefix(name)
    if not rest.startswith(_names(county_code, today)):
        return None  # most addresses begin with a road
    return next(code for code, name in counties if rest.startswith(name))


@lru_cache(maxsize=5_000)
def _names(county_code: str, today: date) -> tuple[str, ...]:
    return tuple(name for _, name in city_names(county_code, today)[0])


@lru_cache(maxsize=5_000)
def city_names(
    county_code: str, today: date
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the counties of a county's city with their names, and the names before them."""
    try:
        city = division(str(division(county_code, today).parent_code), today)
        counties = counties_of_city(city.code, today)
    except DataError:
        return (), ()
    named = tuple((one.code, fold(one.name)) for one in counties)
    return named, tuple(_above(city.code, city.name, today))


def _above(city_code: str, city: str, today: date) -> Iterator[str]:
    province = full_name(city_code, today).removesuffix(city)
    for name in (province, city):
        if name:
            yield fold(name)
            yield fold(name[:-1])
