"""What the values of indicators can be, by unit (book `value_bounds`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class ValueBounds:
    """The least and the most a value in the unit can be; beyond is a slip, not a value."""

    unit: str
    least: float
    most: float
    note_zh: str = ""
    note_en: str = ""


@cache
def value_bounds() -> dict[str, ValueBounds]:
    """Return the bounds by unit, in book order; not every unit has some."""
    return {row.unit: row for row in typed_rows("value_bounds", ValueBounds)}
