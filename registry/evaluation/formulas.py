"""Work out the formulas of `codes.formulas` over plain figures, with the working kept.

What was not reported is no zero: a sum is over those who reported, the others are counted and
shown. A division where facilities exist and none reported has no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from codes.capabilities import capabilities
from codes.formula_words import in_words, term_in_words
from codes.formulas import Condition, Formula, Term
from codes.messages import text
from registry.evaluation.figures import NOWHERE, Divisions, Facilities, Floats, Mask, Whole


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
    `counted` facilities went into the value, `not_reported` fit but reported nothing needed.
    """

    formula: Formula
    divisions: tuple[str, ...]
    value: Floats
    numerator: Floats
    denominator: Floats | None
    counted: Whole
    not_reported: Whole
    reason: tuple[Reason | None, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return one plain object a division, with status computed or missing and the working."""
        below = self.denominator
        return [
            {
                "division": code,
                "value": _plain(self.value[row]),
                "status": "missing" if self.reason[row] else "computed",
                "reason": None if self.reason[row] is None else str(self.reason[row]),
                "formula": in_words(self.formula),
                "numerator": _plain(self.numerator[row]),
                "denominator": None if below is None else _plain(below[row]),
                "facilities_counted": int(self.counted[row]),
                "facilities_not_reported": int(self.not_reported[row]),
            }
            for row, code in enumerate(self.divisions)
        ]


@dataclass(frozen=True)
class _Side:
    """One term by division, and the facilities behind it."""

    total: Floats
    counted: Mask | None = None
    silent: Mask | None = None


def work_out(formula: Formula, facilities: Facilities, divisions: Divisions) -> Worked:
    """Return the formula's value for every division, with numerator, denominator and reasons."""
    both = _all_reported(formula, facilities) if formula.paired else None
    above = _side(formula.numerator, facilities, divisions, both)
    below = _side(formula.denominator, facilities, divisions, both) if formula.denominator else None
    sides = [above] if below is None else [above, below]
    counted = _by_division([side.counted for side in sides], facilities, divisions)
    silent = _by_division([side.silent for side in sides], facilities, divisions)
    reason = _reasons(formula, below, counted, silent)
    value = above.total * formula.scale
    if below is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = value / below.total
    return Worked(
        formula=formula,
        divisions=divisions.codes,
        value=np.where([bool(one) for one in reason], np.nan, value),
        numerator=above.total,
        denominator=below.total if below else None,
        counted=counted,
        not_reported=silent,
        reason=reason,
    )


def _side(term: Term, facilities: Facilities, divisions: Divisions, both: Mask | None) -> _Side:
    size = len(divisions.codes)
    if term.kind == "population":
        return _Side(divisions.population.get(str(term.group), np.full(size, np.nan)))
    if term.kind == "units":
        return _Side(_count(_units(divisions, term), size))
    fits = _fits(term, facilities)
    if term.kind == "sum":
        return _sum(term, fits, facilities, size, both)
    if term.kind == "count":
        return _Side(_count(facilities.division[fits], size), fits)
    lies_in = facilities.units.get(str(term.unit), np.full(len(facilities), NOWHERE))[fits]
    covered = np.unique(lies_in[lies_in != NOWHERE])
    return _Side(_count(_units(divisions, term)[covered], size), fits)


def _sum(term: Term, fits: Mask, facilities: Facilities, size: int, both: Mask | None) -> _Side:
    measures = np.array([facilities.reported(name) for name in term.capabilities])
    carrying = fits & _carries(term, facilities)
    spoken = both if both is not None else ~np.isnan(measures).all(axis=0)
    counted = carrying & spoken
    amount = np.nansum(measures[:, counted], axis=0)
    place = facilities.division[counted]
    inside = place != NOWHERE
    total = np.bincount(place[inside], amount[inside], size).astype(np.float64)
    return _Side(total, counted, carrying & ~spoken)


def _reasons(
    formula: Formula, below: _Side | None, counted: Whole, silent: Whole
) -> tuple[Reason | None, ...]:
    nobody = (counted == 0) & (silent > 0)
    return tuple(
        Reason("evaluate.reason.nobody_reported", {"total": int(silent[row])})
        if nobody[row]
        else _denominator_reason(formula.denominator, below.total[row] if below else 1.0)
        for row in range(len(counted))
    )


def _denominator_reason(term: Term | None, total: float) -> Reason | None:
    if term is None or total > 0:
        return None
    if term.kind == "population":
        return Reason("evaluate.reason.no_population", {"group": term_in_words(term)})
    if term.kind == "units":
        return Reason("evaluate.reason.no_units", {"units": term_in_words(term)})
    return Reason("evaluate.reason.nothing_to_share", {})


def _all_reported(formula: Formula, facilities: Facilities) -> Mask:
    reported = np.ones(len(facilities), dtype=np.bool_)
    for name in formula.measures:
        reported &= ~np.isnan(facilities.reported(name))
    return reported


def _fits(term: Term, facilities: Facilities) -> Mask:
    fits = facilities.of_types(term.types)
    if not term.where:
        return fits
    any_of = np.zeros(len(facilities), dtype=np.bool_)
    for condition in term.where:
        any_of |= _has(condition, facilities)
    any_of &= fits
    return any_of


def _carries(term: Term, facilities: Facilities) -> Mask:
    """Only facilities whose type carries a measure can be silent about it."""
    carried = {place for name in term.capabilities for place in capabilities()[name].carried_by}
    return facilities.of_types(tuple(sorted(carried)))


def _has(condition: Condition, facilities: Facilities) -> Mask:
    nothing = np.zeros(len(facilities), dtype=np.bool_)
    if condition.identifier:
        return facilities.identifiers.get(condition.identifier, nothing)
    values = facilities.attributes.get(str(condition.attribute))
    return nothing if values is None else np.asarray(values == condition.value, dtype=np.bool_)


def _units(divisions: Divisions, term: Term) -> Whole:
    return divisions.units.get(str(term.unit), np.empty(0, dtype=np.int64))


def _count(places: Whole, size: int) -> Floats:
    return np.bincount(places[places != NOWHERE], minlength=size).astype(np.float64)


def _by_division(masks: list[Mask | None], facilities: Facilities, divisions: Divisions) -> Whole:
    """How many facilities are in any of the masks, by division."""
    any_of = np.zeros(len(facilities), dtype=np.bool_)
    for mask in masks:
        if mask is not None:
            any_of |= mask
    return _count(facilities.division[any_of], len(divisions.codes)).astype(np.int64)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
