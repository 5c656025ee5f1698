"""Thresholds and parameters of evaluation (book `policy`). All are ours; none is official.

`as_json` is what a result prints beside itself, so that it can be worked out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class Parameter:
    """One row. `value` is text; `typed` reads it as `value_type` says."""

    code: str
    group: str
    value_type: str
    name_zh: str
    name_en: str
    value: str | None = None
    note_zh: str = ""
    note_en: str = ""

    @property
    def typed(self) -> Decimal | int | bool | str | None:
        """The value as a Decimal, int, bool or text; None where the row has none."""
        if self.value is None or self.value_type == "text":
            return self.value
        if self.value_type == "decimal":
            return Decimal(self.value)
        return int(self.value) if self.value_type == "integer" else self.value == "true"


@dataclass(frozen=True)
class Band:
    """A colour and the degrees it holds for: from `lower` (included) to the band above's."""

    code: str
    name_zh: str
    name_en: str
    lower: Decimal | None


@cache
def policy() -> dict[str, Parameter]:
    """Return the parameters by code, in book order."""
    return {row.code: row for row in typed_rows("policy", Parameter)}


def decimal_of(code: str) -> Decimal:
    """Return a decimal parameter. Raises KeyError or TypeError for another one."""
    value = policy()[code].typed
    if not isinstance(value, Decimal):
        raise TypeError(code)
    return value


def integer_of(code: str) -> int:
    """Return an integer parameter. Raises KeyError or TypeError for another one."""
    value = policy()[code].typed
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(code)
    return value


@cache
def bands() -> tuple[Band, ...]:
    """Return the colours from the worst to the best; only the worst has no lower edge."""
    rows = [row for row in policy().values() if row.group == "band"]
    found = [
        Band(
            _last_word(row.code),
            row.name_zh,
            row.name_en,
            Decimal(row.value) if row.value else None,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda band: band.lower or Decimal("-Infinity")))


@cache
def missing_colour() -> str:
    """Return the code of the colour that means: no data."""
    return next(_last_word(row.code) for row in policy().values() if row.group == "missing")


def as_json(*groups: str) -> dict[str, Any]:
    """Return version and parameters of the named groups (all when none is named), as text."""
    rows = policy().values()
    kept = [row for row in rows if not groups or row.group in (*groups, "policy")]
    return {row.code: row.value for row in kept}


def _last_word(code: str) -> str:
    return code.rpartition(".")[2]
