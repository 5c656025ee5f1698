"""What is evaluated: a plan's year in one division, and at which level the figures are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from codes.divisions import Division, division
from codes.errors import UsageError
from codes.indicators import Plan, indicators_of, plans
from codes.ledger_limits import ledger_limit
from codes.messages import text
from codes.names import listed

LEVELS: Final = ("city", "county", "township")
"""From the widest to the narrowest."""

CITY_DIGITS: Final = 4


@dataclass(frozen=True)
class Area:
    """One division (`root`) of a city on one day, told at `level`: its own or one below.

    The whole city is always looked at, so that a county's figures are the same whether one asks for
    it alone or among the others.
    """

    city: Division
    root: Division
    level: str
    on: date


@dataclass(frozen=True)
class Scope:
    """A plan's year in an area. A year that has not ended yet is told as of today."""

    plan: Plan
    year: int
    area: Area


def scope_of(
    plan_code: str, year: int | None, division_code: str | None, level: str | None, today: date
) -> Scope:
    """Return the scope; by default the plan's last year (or this one) in the plan's city.

    Raises UsageError `evaluate.plan_unknown`, `year_out_of_range`, `outside_plan`, `level_unknown`
    or `level_above`, DataError as `codes.divisions.division` does.
    """
    indicators_of(plan_code)  # refuses a plan there is not
    plan = plans()[plan_code]
    year = min(plan.end_year, today.year) if year is None else year
    first = start_of(plan)
    if not first <= year <= today.year:
        raise UsageError(
            "evaluate.year_out_of_range", seen=year, first=first, last=today.year, plan=plan.code
        )
    area = area_of(division_code or plan.city_code, level, reference_day(year, today))
    if area.city.code != plan.city_code:
        raise UsageError(
            "evaluate.outside_plan", seen=area.root.code, plan=plan.code, city=plan.city_code
        )
    return Scope(plan, year, area)


def area_of(division_code: str, level: str | None, on: date) -> Area:
    """Return a division on a day, told at its own level unless another is named.

    Raises UsageError `evaluate.level_unknown` and `level_above`, `evaluate.division_too_wide` or
    `division_too_narrow`, DataError as `codes.divisions.division` does.
    """
    root = division(division_code, on)
    if root.level not in LEVELS:
        which = "narrow" if root.level == "village" else "wide"
        raise UsageError(f"evaluate.division_too_{which}", seen=root.code, name=root.name)
    level = level or root.level
    if level not in LEVELS:
        raise UsageError("evaluate.level_unknown", seen=level, known=listed(LEVELS))
    if LEVELS.index(level) < LEVELS.index(root.level):
        raise UsageError(
            "evaluate.level_above", seen=level, division=root.code, own=level_name(root.level)
        )
    return Area(division(city_of(root.code), on), root, level, on)


def level_compared(area: Area, named: str | None) -> str:
    """Return the level at which divisions are compared: a city's counties unless one is named."""
    return "county" if named is None and area.root.level == "city" else area.level


def reference_day(year: int, today: date) -> date:
    """Return the last day of a year, today for the year that is running."""
    return min(date(year, 12, 31), today)


def refuse_year(year: int, today: date) -> None:
    """Raise UsageError `evaluate.year_unfit` for a year the ledgers cannot know of."""
    earliest = ledger_limit("year_earliest")
    if not earliest <= year <= today.year:
        raise UsageError("evaluate.year_unfit", seen=year, first=earliest, last=today.year)


def start_of(plan: Plan) -> int:
    """Return the base year; for a plan that states none, five years before its end."""
    return plan.start_year


def latest_plan(city_code: str) -> Plan | None:
    """Return the plan of a city that ends last, None when no book has one."""
    own = [plan for plan in plans().values() if plan.city_code == city_code]
    return max(own, key=lambda plan: plan.end_year, default=None)


def city_of(division_code: str) -> str:
    """Return the code of the city a division is or lies in."""
    return division_code[:CITY_DIGITS] + "00"


def level_name(level: str) -> str:
    """Return what a level is called in the language in use."""
    return text(f"evaluate.level.{level}")
