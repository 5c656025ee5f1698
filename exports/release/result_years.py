"""Which plans, years and lines of evaluation a release keeps.

* Plans: those of the cities with facilities or observations on record.
* Years: the plan's last year (the release's own, while the plan runs); for the city's latest plan
  the release's year too; every year of the plan for which its table prints a value or the ledger
  has an observation. No year before the plan, none to come.
* Divisions: the city with every line, missing ones with the reason; the counties with every line in
  the years in which any county can have a value; townships only with the lines that have a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from codes.formulas import formula_of
from codes.indicators import Plan, find_indicator, indicators_of, plans
from registry.evaluation.default_plan import cities_on_record
from registry.evaluation.load import State
from registry.evaluation.scope import latest_plan, start_of
from registry.ledgers.known import known
from registry.ledgers.lookup import observations
from registry.ledgers.plan_totals import plan_totals
from registry.rows import table

PRINTED: Final = ("base", "actual")


def plans_and_years(session: Session, on: date) -> Iterator[tuple[Plan, tuple[int, ...]]]:
    """Yield the plans a release is about, each with its years, in the book's order."""
    observed = _observed_years(session)
    cities = {*cities_on_record(session), *(plans()[code].city_code for code in observed)}
    for plan in plans().values():
        if plan.city_code in cities:
            years = _years(plan, observed.get(plan.code, set()), on)
            if years:
                yield plan, years


def lines_below(session: Session, plan: Plan, year: int, state: State, level: str) -> set[str]:
    """Return the plan's rows that may have a value somewhere at a level below the city."""
    codes = state.ground.codes(level)
    found = {find_indicator(code).code for code, _ in observations(session, plan.code, year, codes)}
    found |= {code for code, _ in plan_totals(session, plan, year, codes)}
    if len(state.standing.facilities):
        found |= {row.code for row in indicators_of(plan.code) if formula_of(row.code)}
    return found


def _years(plan: Plan, observed: set[int], on: date) -> tuple[int, ...]:
    printed = {
        figure.column_year
        for row in indicators_of(plan.code)
        for figures in (row.figures, *(part.figures for part in row.parts))
        for figure in figures
        if figure.role in PRINTED
    }
    wanted = {min(plan.end_year, on.year), *printed, *observed}
    if latest_plan(plan.city_code) == plan:
        wanted.add(on.year)
    return tuple(year for year in sorted(wanted) if start_of(plan) <= year <= on.year)


def _observed_years(session: Session) -> dict[str, set[int]]:
    columns = table("observation").c
    query = select(columns.plan_code, columns.year).where(known("observation")).distinct()
    found: dict[str, set[int]] = {}
    for plan, year in session.connection().execute(query):
        found.setdefault(plan, set()).add(year)
    return {plan: years for plan, years in found.items() if plan in plans()}
