"""What a sizing rule asks of each division, what is there, and what lacks: never netted.

A rule so much per people is worked out as a formula (measures or facilities over people); a rule of
one per county, township or village as coverage of those units. One division's surplus does not help
another, so the city's lack is the sum of its divisions' lacks. Rules of distance, of hours, of one
facility's size are about single facilities and are not summed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any, Final

from codes.capabilities import capabilities
from codes.divisions import Division
from codes.formulas import Formula, Term, Unit
from codes.norms import Norm, Quantity
from codes.unit_names import is_counter
from registry.evaluation.load import State
from registry.evaluation.people import People
from registry.evaluation.values import compute, inputs_of
from registry.evaluation.worked import Reason, plain

GROUPS: Final = {
    "resident": "total",
    "household": "households",
    "child_under_3": "age_0_2",
    "disabled_person": "disabled",
}
"""Whom a rule counts -> group of the population ledger."""

UNITS: Final[dict[str, Unit]] = {
    "county": "county",
    "township": "township",
    "village": "community",
}
SITES: Final = ("处", "家", "个", "所")
"""Units of a rule that asks for facilities themselves."""

AT_LEAST: Final = ("=", ">", ">=")


@dataclass(frozen=True)
class Gap:
    """One division: `needed` by the rule, what `there` is, and the `lack`, in the rule's unit.

    `counted` facilities are in `there`, `not_reported` fit and reported nothing. `reason` says why
    a division cannot be told.
    """

    division: Division
    needed: float | None
    there: float | None
    lack: float | None
    counted: int
    not_reported: int
    reason: Reason | None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "division": self.division.code,
            "division_name": self.division.name,
            "needed": plain(self.needed),
            "there": plain(self.there),
            "lack": plain(self.lack),
            "facilities_counted": self.counted,
            "facilities_not_reported": self.not_reported,
            "reason": None if self.reason is None else str(self.reason),
        }


def can_be_summed(norm: Norm, quantity: Quantity) -> bool:
    """Say whether a rule's figure tells how much divisions need."""
    if quantity.comparator not in AT_LEAST or not norm.type_codes:
        return False
    if quantity.per in UNITS:
        return quantity.unit in SITES and quantity.amount == quantity.per_amount == 1
    if quantity.capability:
        return quantity.per in GROUPS and quantity.capability in capabilities()
    return quantity.per in GROUPS and quantity.unit in SITES


def formula_for(norm: Norm, quantity: Quantity) -> Formula:
    """Return the rule as a formula: what there is over what it is counted by."""
    fits: dict[str, Any] = {"types": norm.type_codes, "where": norm.where}
    if quantity.per in UNITS:
        unit = UNITS[str(quantity.per)]
        above, below = Term("covered", unit=unit, **fits), Term("units", unit=unit)
    else:
        below = Term("population", group=GROUPS[str(quantity.per)])
        above = Term("count", **fits)
        if quantity.capability:
            above = Term("sum", capabilities=(quantity.capability,), **fits)
    return Formula(norm.code, norm.name_zh, norm.name_en, (), 1, above, below)


def gaps_of(
    norm: Norm, quantity: Quantity, state: State, people: People, level: str
) -> tuple[Gap, ...]:
    """Return what each division of a level needs, has and lacks."""
    computed = compute(formula_for(norm, quantity), inputs_of(state, level, people))
    found = []
    for division, one in zip(state.ground.divisions(level), computed, strict=True):
        worked, row = one.worked, one.row
        counted, silent = int(worked.counted[row]), int(worked.not_reported[row])
        base = float(worked.denominator[row]) if worked.denominator is not None else 0.0
        needed = needed_by(norm, quantity, base) if base > 0 else None
        if one.reason is not None or needed is None:
            found.append(Gap(division, needed, None, None, counted, silent, one.reason))
            continue
        there = float(worked.numerator[row])
        lack = whole(max(needed - there, 0.0), quantity.unit)
        found.append(Gap(division, needed, there, lack, counted, silent, None))
    return tuple(found)


def needed_by(norm: Norm, quantity: Quantity, base: float) -> float:
    """Return how much a division needs; where one of a rule's figures is enough, the least.

    A figure of one facility's measure is read as that of the division it serves.
    """
    needed = [quantity.needed_for(Decimal(str(base)))]
    if norm.combine == "any":
        needed += [one.amount for one in norm.quantities if _is_other(one, quantity)]
    return float(min(needed))


def whole(lack: float, unit: str) -> float:
    """Return a lack of what only comes whole rounded up.

    >>> whole(10.2, "个"), whole(10.2, "平方米")
    (11.0, 10.2)
    """
    return float(ceil(round(lack, 9))) if is_counter(unit) else lack


def total_lack(gaps: Sequence[Gap]) -> float:
    """Return the sum of the lacks; who has too much does not help who has too little."""
    return sum(one.lack or 0.0 for one in gaps)


def sites_needed(gaps: Sequence[Gap], size: float) -> int:
    """Return how many facilities of a size the lacks ask for, division by division.

    >>> sites_needed((), 100)
    0
    """
    return sum(ceil(round((one.lack or 0.0) / size, 9)) for one in gaps)


def _is_other(one: Quantity, quantity: Quantity) -> bool:
    same = (one.capability, one.unit) == (quantity.capability, quantity.unit)
    return one.per == "facility" and same and quantity.capability is not None
