"""Balance 资源均衡 of measures over divisions of one level: how evenly people are served.

Each is about one measure and one group of people. A division that cannot be told is left out and
named; figures of different levels must not be compared, so every result says its level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from codes.divisions import Division
from codes.formulas import Formula, Term, formula_of
from codes.indicators import indicators_of
from codes.policy import as_json as policy_json
from registry.evaluation.balance import (
    Interval,
    TheilParts,
    balance_index,
    bootstrap,
    gini,
    location_quotient,
    theil_parts,
    weighted_cv,
)
from registry.evaluation.load import State
from registry.evaluation.people import People
from registry.evaluation.values import Computed, compute, inputs_of
from registry.evaluation.worked import Reason

LEAST = 2
"""Fewer divisions cannot differ."""


@dataclass(frozen=True)
class Share:
    """One division's resource and people; `quotient` is its share of one over that of the other.

    The people are counted in `people_year`.
    """

    division: Division
    resource: float
    people: float
    rate: float
    quotient: float
    people_year: int | None = None


@dataclass(frozen=True)
class Spread:
    """The balance of one measure; without figures when `reason` says why.

    `theil` is taken apart by county where the level is below it, else its parts are all within.
    """

    formula: Formula
    level: str
    shares: tuple[Share, ...]
    left_out: tuple[tuple[Division, Reason], ...]
    reason: Reason | None = None
    gini: float | None = None
    index: float | None = None
    interval: Interval | None = None
    cv: float | None = None
    theil: TheilParts | None = None

    def people_years(self) -> dict[int, list[Division]]:
        """The divisions by the year their people are counted in, the earliest year first."""
        found: dict[int, list[Division]] = {}
        for share in self.shares:
            if share.people_year is not None:
                found.setdefault(share.people_year, []).append(share.division)
        return dict(sorted(found.items()))

    def index_interval(self) -> tuple[float, float] | None:
        """The interval of the index, which falls as the Gini coefficient rises."""
        if self.interval is None:
            return None
        return balance_index(self.interval.high), balance_index(self.interval.low)


def by_people(formula: Formula) -> bool:
    """Say whether a formula tells a resource per head, so that balance means something."""
    below = formula.denominator
    return below is not None and below.kind == "population" and formula.numerator.kind != "units"


def spread_formulas(plan: str) -> list[Formula]:
    """Return the formulas of a plan's indicators that tell a resource per head."""
    found = (formula_of(row.code) for row in indicators_of(plan))
    return [one for one in found if one is not None and by_people(one)]


def measure_formula(
    capabilities: Sequence[str], types: Sequence[str], group: str, names: tuple[str, str]
) -> Formula:
    """Return the formula of measures per 1,000 people of a group, over the types (none: all)."""
    return Formula(
        code="+".join(capabilities),
        name_zh=names[0],
        name_en=names[1],
        indicators=(),
        scale=1000,
        numerator=Term("sum", capabilities=tuple(capabilities), types=tuple(types)),
        denominator=Term("population", group=group),
    )


def spread_of(formula: Formula, state: State, level: str, people: People) -> Spread:
    """Return the balance of a formula by people over the divisions of a level."""
    computed = compute(formula, inputs_of(state, level, people))
    shares, left_out = [], []
    for division, one in zip(state.ground.divisions(level), computed, strict=True):
        if one.value is None:
            left_out.append((division, one.reason or Reason("evaluate.not_rated.missing", {})))
        else:
            shares.append((division, one))
    return _spread(formula, level, state, shares, left_out)


def _spread(
    formula: Formula,
    level: str,
    state: State,
    known: Sequence[tuple[Division, Computed]],
    left_out: Sequence[tuple[Division, Reason]],
) -> Spread:
    resources = np.array([one.working["numerator"] for _, one in known], dtype=np.float64)
    persons = np.array([one.working["denominator"] for _, one in known], dtype=np.float64)
    apart = tuple(left_out)
    if len(known) < LEAST:
        few = Reason("evaluate.balance.too_few", {"total": len(known)})
        return Spread(formula, level, (), apart, few)
    if not resources.any():
        return Spread(formula, level, (), apart, Reason("evaluate.balance.nothing", {}))
    parent = dict(zip(state.ground.codes(level), state.ground.parents(level), strict=True))
    coefficient = gini(resources, persons)
    quotients = location_quotient(resources, persons)
    shares = tuple(
        Share(division, resource, count, float(one.value or 0.0), quotient, _year(one, division))
        for (division, one), resource, count, quotient in zip(
            known, resources.tolist(), persons.tolist(), quotients.tolist(), strict=True
        )
    )
    groups = [parent[division.code] if level == "township" else "" for division, _ in known]
    return Spread(
        formula,
        level,
        shares,
        apart,
        gini=coefficient,
        index=balance_index(coefficient),
        interval=bootstrap(resources, persons),
        cv=weighted_cv(resources, persons),
        theil=theil_parts(resources, persons, groups),
    )


def mean_index(spreads: Sequence[Spread]) -> float | None:
    """Return the plain mean of the indices that could be worked out, None when there are none."""
    known = [one.index for one in spreads if one.index is not None]
    return sum(known) / len(known) if known else None


def parameters() -> dict[str, Any]:
    """Return the parameters balance rests on."""
    return policy_json("balance", "value")


def _year(one: Computed, division: Division) -> int | None:
    below = one.formula.denominator
    count = one.people.counts.get((division.code, str(below.group if below else None)))
    return count.year if count else None
