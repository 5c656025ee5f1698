"""Which indicators are totals of a city, measuring nothing below it (book `indicator_totals`)."""

from __future__ import annotations

from functools import cache

from codes.book import load_book


def is_total(indicator: str) -> bool:
    """Say whether an indicator (its code) is a total, not a rate.

    >>> is_total("hangzhou-145.13"), is_total("hangzhou-145.15")
    (True, False)
    """
    return indicator in _totals()


@cache
def _totals() -> frozenset[str]:
    return frozenset(row["indicator"] for row in load_book("indicator_totals").rows)
