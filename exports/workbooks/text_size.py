"""How wide a text is on screen, and how to keep within a spreadsheet's limits."""

from __future__ import annotations

from typing import Final

_FIRST_WIDE: Final = "\u2e80"
"""From the CJK radicals on, characters take two columns."""


def display_width(value: str) -> int:
    """Count columns on screen: a Chinese character takes two."""
    return len(value) + sum(map(_FIRST_WIDE.__le__, value))


def shortened(value: str, limit: int) -> str:
    """Cut a text to `limit` characters, the last one an ellipsis when something was cut."""
    return value if len(value) <= limit else value[: limit - 1] + "…"
