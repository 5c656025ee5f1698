"""Which plan is meant when none is named: the latest of the city asked for, or of the registry."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session

from codes.divisions import normalise
from codes.errors import UsageError
from codes.indicators import plans
from codes.names import listed
from registry.evaluation.scope import city_of, latest_plan
from registry.rows import table


def default_plan(session: Session, division_code: str | None = None) -> str:
    """Return the code of the latest plan of a division's city, else of the city with most records.

    Raises UsageError `evaluate.plan_needed` (param known) when there is none,
    `evaluate.plan_needed_empty` when there is no facility yet to tell the city by, DataError
    `division.shape` for what is no division code.
    """
    cities = [city_of(normalise(division_code))] if division_code else cities_on_record(session)
    found = (latest_plan(city) for city in cities)
    plan = next((plan for plan in found if plan), None)
    if plan is None and not cities:
        raise UsageError("evaluate.plan_needed_empty", known=listed(plans()))
    if plan is None:
        raise UsageError("evaluate.plan_needed", known=listed(plans()))
    return plan.code


def main_city(session: Session) -> str:
    """Return the code of the city with most records, for questions that ask for no plan.

    Raises UsageError `evaluate.division_needed` when the registry is empty.
    """
    cities = cities_on_record(session)
    if not cities:
        raise UsageError("evaluate.division_needed")
    return cities[0]


def cities_on_record(session: Session) -> list[str]:
    """Return the cities on record, the one with most facilities first."""
    version = table("facility_version").c
    query = (
        select(version.county_code, func.count())
        .where(version.superseded_at.is_(None))
        .group_by(version.county_code)
    )
    totals: dict[str, int] = {}
    for county, count in session.connection().execute(query):
        totals[city_of(county)] = totals.get(city_of(county), 0) + count
    return sorted(totals, key=lambda city: (-totals[city], city))
