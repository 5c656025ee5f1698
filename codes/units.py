"""Units written after figures and in headers, and how they convert (book `units`)."""

from __future__ import annotations

import unicodedata
from functools import cache

from codes.book import load_book


def conversion(seen: str, wanted: str) -> float | None:
    """Return how many `wanted` one `seen` is, or None when they do not measure the same.

    >>> conversion("万㎡", "平方米")
    10000.0
    >>> conversion("亩", "平方米") is None
    True
    """
    if _fold(seen) == _fold(wanted):
        return 1.0
    this, that = _units().get(_fold(seen)), _units().get(_fold(wanted))
    if this is None or that is None or this[0] != that[0]:
        return None
    return this[1] / that[1]


def is_unit(seen: str) -> bool:
    """Say whether `seen` is a unit we know.

    >>> is_unit("㎡"), is_unit("必填")
    (True, False)
    """
    return _fold(seen) in _units()


@cache
def _units() -> dict[str, tuple[str, float]]:
    return {
        _fold(row["unit"]): (_fold(row["base"]), row["factor"]) for row in load_book("units").rows
    }


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").casefold()
