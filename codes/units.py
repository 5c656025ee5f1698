"""Units written after figures and in headers, and how they convert (book `units`)."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache
from typing import Final

from codes.book import load_book

_NUMERALS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_SCALED: Final = re.compile(r"(\d[\d,]*)?([十百千万亿]*)(\D.*)")


def conversion(seen: str, wanted: str) -> float | None:
    """Return how many `wanted` one `seen` is, or None when they do not measure the same.

    >>> conversion("万㎡", "平方米")
    10000.0
    >>> conversion("千人", "人"), conversion("10,000人", "万人")
    (1000.0, 1.0)
    >>> conversion("亩", "平方米") is None
    True
    """
    if _fold(seen) == _fold(wanted):
        return 1.0
    this, that = _measure(seen), _measure(wanted)
    if this is None or that is None or this[0] != that[0]:
        return None
    return this[1] / that[1]


def is_unit(seen: str) -> bool:
    """Say whether `seen` is a unit we know.

    >>> is_unit("㎡"), is_unit("必填")
    (True, False)
    """
    return _measure(seen) is not None


def _measure(seen: str) -> tuple[str, float] | None:
    """Return (base, factor) of a unit of the book, or of one with a number before it (千人)."""
    folded = _fold(seen)
    if folded in _units():
        return _units()[folded]
    found = _SCALED.fullmatch(folded)
    if found is None or found[3] not in _units():
        return None
    digits, numerals, unit = found.groups()
    base, factor = _units()[unit]
    scale = math.prod(_NUMERALS[one] for one in numerals) * int((digits or "1").replace(",", ""))
    return (base, factor * scale) if scale else None


@cache
def _units() -> dict[str, tuple[str, float]]:
    return {
        _fold(row["unit"]): (_fold(row["base"]), row["factor"]) for row in load_book("units").rows
    }


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").casefold()
