"""What a city's report of a year rests on: the evaluations, standings, balance and trends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from codes.china_time import today
from codes.divisions import in_force
from codes.formulas import Formula
from exports.reports.on_record import OnRecord, on_record
from registry.evaluation.people import People
from registry.evaluation.results import Evaluation, Result, evaluate
from registry.evaluation.scope import Scope, reference_day, scope_of, start_of
from registry.evaluation.spread import Spread, spread_formulas, spread_of
from registry.evaluation.standing import Standing, standings
from registry.evaluation.targets import Target
from registry.evaluation.values import groups_of
from registry.synthetic.mark import is_synthetic


class Goal(NamedTuple):
    """A point of the line of targets; of the base, where the way begins, `target` is None."""

    year: int
    value: float
    target: Target | None


@dataclass(frozen=True)
class Trend:
    """One indicator over the plan's years: its values, and its targets from the base on."""

    last: Result
    values: tuple[Result, ...]
    targets: tuple[Goal, ...]


@dataclass(frozen=True)
class YearReport:
    """Everything the report shows; `below` are the divisions one level down, if any."""

    scope: Scope
    own: Evaluation
    below: Evaluation | None
    on_record: OnRecord
    standing: Standing
    standings_below: tuple[Standing, ...]
    spreads: tuple[Spread, ...]
    trends: tuple[Trend, ...]
    synthetic: bool

    @property
    def evaluations(self) -> list[Evaluation]:
        """The report's evaluations, its own first."""
        return [self.own, *([self.below] if self.below else [])]


BELOW = {"city": "county", "county": "township"}


def year_report(session: Session, scope: Scope) -> YearReport:
    """Collect a report's figures. Raises as `registry.evaluation.results.evaluate` does."""
    own = evaluate(session, scope, level=scope.area.root.level)
    below_level = BELOW.get(scope.area.root.level)
    below = evaluate(session, scope, level=below_level, state=own.state) if below_level else None
    return YearReport(
        scope=scope,
        own=own,
        below=below,
        on_record=on_record(own.state, scope.area.root, below_level),
        standing=standings(own)[0],
        standings_below=tuple(standings(below)) if below else (),
        spreads=_spreads(session, scope, below) if below else (),
        trends=_trends(session, scope, own),
        synthetic=is_synthetic(session),
    )


def _spreads(session: Session, scope: Scope, below: Evaluation) -> tuple[Spread, ...]:
    formulas = spread_formulas(scope.plan.code)
    people: People = below.state.people(session, scope.year, groups_of(formulas), below.level)
    return tuple(_spread(formula, below, people) for formula in formulas)


def _spread(formula: Formula, below: Evaluation, people: People) -> Spread:
    return spread_of(formula, below.state, below.level, people)


def _trends(session: Session, scope: Scope, own: Evaluation) -> tuple[Trend, ...]:
    """Evaluate the years since the plan's base; an indicator with one value has no trend."""
    root, by_year = scope.area.root, {scope.year: own}
    for year in range(start_of(scope.plan), scope.year):
        if in_force(root.code, reference_day(year, today())):
            earlier = scope_of(scope.plan.code, year, root.code, root.level, today())
            by_year[year] = evaluate(session, earlier)
    found = []
    for place, last in enumerate(own.results):
        results = [by_year[year].results[place] for year in sorted(by_year)]
        known = tuple(one for one in results if one.value.value is not None)
        if len(known) > 1:
            found.append(Trend(last, known, _goals(results)))
    return tuple(found)


def _goals(results: list[Result]) -> tuple[Goal, ...]:
    target = results[-1].target
    goals = [
        Goal(one.year, one.target.value, one.target)
        for one in results
        if one.target.value is not None
    ]
    if target.base_year is None or target.base is None or results[-1].rating.progress is None:
        return tuple(goals)
    return (Goal(target.base_year, target.base, None), *goals)
