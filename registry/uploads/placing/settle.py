"""Settle a split division by what else the row says: a township in its address, or its point."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from codes.divisions import children, county_of, division
from codes.errors import DataError
from registry.uploads.placing.placement import Placement


def settle(split: Placement, address: str | None, county: str | None, today: date) -> Placement:
    """Return the placement settled, or as it was when nothing or not all agree.

    `county` is the one in which the row's point lies for certain.
    """
    by_address = _by_address(split.candidates, address or "", today)
    by_point = _by_point(split.candidates, county)
    found = {code for code in (by_address, by_point) if code}
    if len(found) != 1:
        return split
    how = "address" if by_address else "point"
    params = {
        "division_division": split.params["division_division"],
        "successor_division": next(iter(found)),
        "how_evidence": how,
    }
    return Placement(next(iter(found)), "division_settled", params)


def _by_address(candidates: tuple[str, ...], address: str, today: date) -> str | None:
    named = [code for code in candidates if any(name in address for name in _names(code, today))]
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=1000)
def _names(code: str, today: date) -> tuple[str, ...]:
    """The candidate's name and those of its townships (street, town), as an address has them."""
    own = division(code, today)
    try:
        below = children(code, today) if own.level == "county" else ()
    except DataError:
        below = ()
    return (own.name, *(unit.name for unit in below))


def _by_point(candidates: tuple[str, ...], county: str | None) -> str | None:
    within = [code for code in candidates if county_of(code) == county]
    return within[0] if len(within) == 1 else None
