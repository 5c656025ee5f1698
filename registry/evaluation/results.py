"""Every indicator of a plan in every division of a level: value, target, achievement, colour."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from codes.divisions import Division
from codes.formulas import formula_of
from codes.indicator_totals import is_total
from codes.indicators import Figure, Indicator, Part, Plan, indicators_of
from registry.evaluation.load import State, load
from registry.evaluation.people import People
from registry.evaluation.ratings import NOT_RATED, Rating, coloured, rate
from registry.evaluation.reported import Reported, reported_of
from registry.evaluation.scope import Scope
from registry.evaluation.targets import Target, target_of
from registry.evaluation.values import Computed, Value, compute, groups_of, inputs_of, value_of
from registry.evaluation.worked import Reason


@dataclass(frozen=True)
class Result:
    """One indicator (or part of a row) in one division and year.

    `rating` is how the value stands to the target; where there is none, `rating.reason` says why.
    """

    plan: Plan
    row: Indicator
    part: Part | None
    division: Division
    level: str
    year: int
    value: Value
    target: Target
    rating: Rating = NOT_RATED

    @property
    def code(self) -> str:
        """The indicator's code, with the part's letter."""
        return self.part.code if self.part else self.row.code

    @property
    def reason(self) -> Reason | None:
        """Why there is no value or else no rating, or why the achievement is a bound."""
        return self.value.reason or self.rating.reason


@dataclass(frozen=True)
class Evaluation:
    """The results of one plan, year and level, by indicator in the table's order, then division."""

    scope: Scope
    level: str
    results: tuple[Result, ...]
    state: State
    people: People

    def of_division(self, code: str) -> tuple[Result, ...]:
        """Return the results of one division."""
        return tuple(one for one in self.results if one.division.code == code)

    @property
    def divisions(self) -> tuple[Division, ...]:
        """The divisions evaluated."""
        return self.state.ground.divisions(self.level)


def evaluate(
    session: Session, scope: Scope, *, level: str | None = None, state: State | None = None
) -> Evaluation:
    """Return the evaluation of a scope, at its own level unless another is named.

    A `state` loaded before for the same area and day is used again. Raises DataError when a formula
    names what no book has, or as `codes.divisions` does.
    """
    state = state or load(session, scope.area)
    return results_of(session, scope, level or scope.area.level, state)


def results_of(
    session: Session,
    scope: Scope,
    level: str,
    state: State,
    *,
    only: Container[str] | None = None,
) -> Evaluation:
    """Return the evaluation of what a state holds; with `only`, of the rows with these codes."""
    rows = [row for row in indicators_of(scope.plan.code) if only is None or row.code in only]
    formulas = [formula for row in rows if (formula := formula_of(row.code))]
    people = state.people(session, scope.year, groups_of(formulas), level)
    given = inputs_of(state, level, people)
    computed = {
        row.code: compute(formula, given) for row in rows if (formula := formula_of(row.code))
    }
    reported = reported_of(session, scope.plan, scope.year, level, state.ground)
    results = [
        result
        for row in rows
        for result in _results(scope, row, level, state, computed.get(row.code), reported)
    ]
    return Evaluation(scope, level, tuple(_coloured(results)), state, people)


def _results(
    scope: Scope,
    row: Indicator,
    level: str,
    state: State,
    computed: Sequence[Computed] | None,
    reported: dict[tuple[str, str], Reported],
) -> Iterator[Result]:
    for part, code, figures in _sides(row):
        target = target_of(row, figures, scope.plan, scope.year)
        if level != "city":
            target = _below_the_city(target, row)
        for place, division in enumerate(state.ground.divisions(level)):
            value = value_of(
                computed[place] if computed else None,
                reported.get((code, division.code)),
                scope.year,
            )
            rating = rate(value, target, row, scope.year)
            yield Result(scope.plan, row, part, division, level, scope.year, value, target, rating)


def _below_the_city(target: Target, row: Indicator) -> Target:
    """The city's target measures its divisions too, unless it is a total; its base does not."""
    if is_total(row.code) and target.reason is None:
        target = replace(target, reason=Reason("evaluate.not_rated.total", {}))
    return replace(target, base=None, base_year=None)


def _sides(row: Indicator) -> list[tuple[Part | None, str, tuple[Figure, ...]]]:
    if row.parts:
        return [(part, part.code, part.figures) for part in row.parts]
    return [(None, row.code, row.figures)]


def _coloured(results: Sequence[Result]) -> list[Result]:
    rated = coloured([one.rating for one in results])
    return [replace(one, rating=rating) for one, rating in zip(results, rated, strict=True)]
