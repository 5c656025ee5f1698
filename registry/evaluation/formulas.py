"""Work out the formulas of `codes.formulas` over plain figures, with the working kept.

What was not reported is no zero: a sum is over those who reported, the others are counted and
shown. A division where facilities exist and none reported has no value.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from codes.formula_words import term_in_words
from codes.formulas import Formula, Term
from registry.evaluation.figures import NOWHERE, Divisions, Facilities, Floats, Mask, Whole
from registry.evaluation.terms import (
    Side,
    all_reported,
    any_of,
    by_division,
    carrying,
    fitting,
    side_of,
)
from registry.evaluation.worked import Reason, Words, Worked

__all__ = ["Reason", "Worked", "concerned", "is_on_record", "is_reported", "work_out"]

_NEVER: Final = date.max.toordinal()


def work_out(formula: Formula, facilities: Facilities, divisions: Divisions) -> Worked:
    """Return the formula's value for every division, with numerator, denominator and reasons."""
    both = all_reported(formula, facilities) if formula.paired else None
    sides = [side_of(term, facilities, divisions, both) for term in _terms(formula)]
    above, below = sides[0], sides[1] if formula.denominator else None

    def how_many(masks: list[Mask | None]) -> Whole:
        return by_division(any_of(facilities, masks), facilities, divisions)

    went_in = any_of(facilities, [side.counted for side in sides])
    counted, silent = how_many([went_in]), how_many([side.silent for side in sides])
    lost = how_many([side.lost for side in sides])
    reason = _reasons(formula, below, counted, silent, lost)
    oldest, newest = _dates(formula, went_in, facilities, divisions)
    return Worked(
        formula=formula,
        divisions=divisions.codes,
        value=np.where([bool(one) for one in reason], np.nan, _value(formula, above, below)),
        numerator=above.total,
        denominator=below.total if below else None,
        counted=counted,
        not_reported=silent,
        not_placed=lost,
        taken_back=how_many([_taken_back(facilities, went_in)]),
        type_ended=how_many([_type_ended(facilities, went_in)]),
        oldest=oldest,
        newest=newest,
        reason=reason,
    )


def concerned(formula: Formula, facilities: Facilities, divisions: Divisions) -> Whole:
    """Return how many facilities either side of the formula would look at, by division."""
    masks: list[Mask | None] = [
        fitting(term, facilities) & carrying(term, facilities)
        for term in _terms(formula)
        if term.kind in ("sum", "count", "covered")
    ]
    return by_division(any_of(facilities, masks), facilities, divisions)


def is_on_record(formula: Formula, facilities: Facilities) -> bool:
    """Say whether there is any facility the numerator could count, whatever its attributes.

    Without one, nobody can tell "there are none" from "nobody has registered them".
    """
    term = formula.numerator
    if term.kind in ("population", "units"):
        return True
    return bool((facilities.of_types(term.types) & carrying(term, facilities)).any())


def is_reported(formula: Formula, facilities: Facilities) -> bool:
    """Say whether any facility reported a measure the numerator sums; other terms ask for none."""
    term = formula.numerator
    if term.kind != "sum":
        return True
    concerned = facilities.of_types(term.types) & carrying(term, facilities)
    return any((~np.isnan(facilities.reported(one)) & concerned).any() for one in term.capabilities)


def _terms(formula: Formula) -> tuple[Term, ...]:
    return (formula.numerator, *([formula.denominator] if formula.denominator else []))


def _value(formula: Formula, above: Side, below: Side | None) -> Floats:
    amount = above.total * formula.scale
    if below is None:
        return amount
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Floats = amount / below.total
    return value


def _reasons(
    formula: Formula, below: Side | None, counted: Whole, silent: Whole, lost: Whole
) -> tuple[Reason | None, ...]:
    def reason(row: int) -> Reason | None:
        if counted[row] == 0 and silent[row] > 0:
            return Reason("evaluate.reason.nobody_reported", {"total": int(silent[row])})
        if counted[row] == 0 and lost[row] > 0:
            return Reason("evaluate.reason.nobody_placed", {"total": int(lost[row])})
        return _denominator_reason(formula.denominator, below.total[row] if below else 1.0)

    return tuple(reason(row) for row in range(len(counted)))


def _denominator_reason(term: Term | None, total: float) -> Reason | None:
    if term is None or total > 0:
        return None
    if term.kind == "population":
        return Reason("evaluate.reason.no_population", {"group": Words(term_in_words, term)})
    if term.kind == "units":
        return Reason("evaluate.reason.no_units", {"units": Words(term_in_words, term)})
    return Reason("evaluate.reason.nothing_to_share", {})


def _taken_back(facilities: Facilities, went_in: Mask) -> Mask:
    return went_in & (False if facilities.taken_back is None else facilities.taken_back)


def _type_ended(facilities: Facilities, went_in: Mask) -> Mask | None:
    ended = facilities.ended_types
    return went_in & facilities.of_types(ended) if ended else None


def _dates(
    formula: Formula, went_in: Mask, facilities: Facilities, divisions: Divisions
) -> tuple[Whole, Whole]:
    """The first and the last day the figures behind each division's value speak of."""
    size, inside = len(divisions.codes), went_in & (facilities.division != NOWHERE)
    spoken = [facilities.read_on[name] for name in formula.measures if name in facilities.read_on]
    if not formula.measures and facilities.recorded_on is not None:
        spoken = [facilities.recorded_on]
    oldest, newest = np.full(size, _NEVER), np.zeros(size, dtype=np.int64)
    place = facilities.division[inside]
    for days in (days[inside] for days in spoken):
        known = days > 0
        np.minimum.at(oldest, place[known], days[known])
        np.maximum.at(newest, place[known], days[known])
    return np.where(oldest == _NEVER, 0, oldest), newest
