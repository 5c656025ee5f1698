"""Limits of the ledgers: years, persons, percentages (book `ledger_limits`)."""

from __future__ import annotations

from functools import cache

from codes.book import load_book


def ledger_limit(name: str) -> int:
    """Return the limit called `name`, in the unit its row states. Raises KeyError."""
    return _limits()[name]


@cache
def _limits() -> dict[str, int]:
    return {row["name"]: row["value"] for row in load_book("ledger_limits").rows}
