"""A formula worked out: the value by division, and everything that stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from codes.formula_words import in_words
from codes.formulas import Formula
from codes.messages import text
from registry.evaluation.figures import Floats, Whole


@dataclass(frozen=True)
class Words:
    """Something that has words of its own in each language: said when it is read, not before."""

    say: Callable[[Any], str]
    of: Any

    def __str__(self) -> str:
        return self.say(self.of)


@dataclass(frozen=True)
class Reason:
    """Why a value cannot be told: a message and what fills it."""

    message_id: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return text(self.message_id, **self.params)


@dataclass(frozen=True)
class Worked:
    """A formula worked out: arrays with one item a division, in the order of `divisions`.

    `value` is NaN where it cannot be told, and `reason` then says why.
    `counted` facilities went into the value, `not_reported` fit but reported nothing needed,
    `not_placed` fit but it is not known in which unit they lie. Of those counted, `taken_back` are
    on record only from a later day on, and `type_ended` are of a type no longer in force; `oldest`
    and `newest` are the days their figures speak of (as `date.toordinal` counts; 0 where there is
    none).
    """

    formula: Formula
    divisions: tuple[str, ...]
    value: Floats
    numerator: Floats
    denominator: Floats | None
    counted: Whole
    not_reported: Whole
    not_placed: Whole
    taken_back: Whole
    type_ended: Whole
    oldest: Whole
    newest: Whole
    reason: tuple[Reason | None, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return one plain object a division, with status computed or missing and the working."""
        return [
            {
                "division": code,
                "value": plain(self.value[row]),
                "status": "missing" if self.reason[row] else "computed",
                "reason": None if self.reason[row] is None else str(self.reason[row]),
                **self.working(row),
            }
            for row, code in enumerate(self.divisions)
        ]

    def working(self, row: int) -> dict[str, Any]:
        """Return what stands behind the value of one division as plain JSON values."""
        below = self.denominator
        return {
            "formula_code": self.formula.code,
            "formula": in_words(self.formula),
            "numerator": plain(self.numerator[row]),
            "denominator": None if below is None else plain(below[row]),
            "facilities_counted": int(self.counted[row]),
            "facilities_not_reported": int(self.not_reported[row]),
            "facilities_not_placed": int(self.not_placed[row]),
            "facilities_taken_back": int(self.taken_back[row]),
            "facilities_type_ended": int(self.type_ended[row]),
            "data_from": _day(self.oldest[row]),
            "data_to": _day(self.newest[row]),
        }


def _day(ordinal: int) -> str | None:
    return date.fromordinal(int(ordinal)).isoformat() if ordinal else None


def plain(value: float | None) -> float | None:
    """Return a number as JSON has it: none for NaN and for what is infinite."""
    return float(value) if value is not None and isfinite(value) else None
