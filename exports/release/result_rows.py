"""The evaluation's side of a release: every indicator's value with its working, in zh and en.

`result_years` says which plans, years and lines are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from typing import Any, Final

from sqlmodel import Session

from codes.messages import LANGUAGES, speaking
from codes.policy import policy
from exports.release.allow_list import PublicTable
from exports.release.indicator_rows import formula_words
from exports.release.result_years import lines_below, plans_and_years
from registry.evaluation.load import State, load, read_once
from registry.evaluation.people import Count
from registry.evaluation.results import Evaluation, Result, results_of
from registry.evaluation.scope import Area, Scope, scope_of
from registry.evaluation.wording import (
    colour_name,
    notes_of,
    origin_name,
    target_source,
    unit_of,
)
from registry.evaluation.worked import plain

YES_NO: Final = {True: "是", False: "否", None: None}

FROM_WORKING: Final = (
    "numerator", "denominator", "facilities_counted", "facilities_not_reported",
    "facilities_not_placed", "facilities_taken_back", "facilities_type_ended",
    "facilities_not_on_record_then",
    "data_from", "data_to",
)  # fmt: skip


def result_rows(table: PublicTable, session: Session, on: date) -> Iterator[tuple[Any, ...]]:
    """Yield the results as on the day `on`, in order of the table's key."""
    key = table.key
    rows = list(_rows(session, on))
    for row in sorted(rows, key=lambda row: tuple(row[name] for name in key)):
        yield tuple(row[name] for name in table.columns)


def _rows(session: Session, on: date) -> Iterator[dict[str, Any]]:
    cities: dict[str, dict[Area, list[Scope]]] = {}
    for plan, years in plans_and_years(session, on):
        for year in years:
            scope = scope_of(plan.code, year, None, None, on)
            cities.setdefault(plan.city_code, {}).setdefault(scope.area, []).append(scope)
    for areas in cities.values():
        once = read_once(session, areas)
        for area, scopes in areas.items():
            state = load(session, area, once=once)
            for found, one in chain.from_iterable(_of_year(session, one, state) for one in scopes):
                yield _row(found, one)


def _of_year(session: Session, scope: Scope, state: State) -> Iterator[tuple[Evaluation, Result]]:
    city = results_of(session, scope, "city", state)
    yield from ((city, one) for one in city.results)
    if lines_below(session, scope.plan, scope.year, state, "county"):
        counties = results_of(session, scope, "county", state)
        yield from ((counties, one) for one in counties.results)
    if some := lines_below(session, scope.plan, scope.year, state, "township"):
        towns = results_of(session, scope, "township", state, only=some)
        yield from ((towns, one) for one in towns.results if one.value.status != "missing")


def _row(found: Evaluation, one: Result) -> dict[str, Any]:
    value, rating = one.value, one.rating
    reported = value.reported
    return {
        "plan_code": one.plan.code,
        "indicator_code": one.code,
        "division_code": one.division.code,
        "level": one.level,
        "year": one.year,
        "reference_on": found.scope.area.on.isoformat(),
        "status": value.status,
        "value": value.value,
        "value_text": reported.raw if value.status == "observed" and reported else None,
        **_working(found, one),
        "observed_value": reported.value if reported else None,
        "observed_source": reported.source if reported else None,
        "computed_value": value.computed.value if value.computed else None,
        **_target(one),
        "met": YES_NO[rating.met],
        "achievement": plain(rating.achievement),
        "achievement_limited": YES_NO[rating.limited],
        "progress": plain(rating.progress),
        "time_elapsed": plain(rating.elapsed),
        "bottom_line_failed": YES_NO[rating.bottom_line_failed],
        "colour": rating.colour,
        "policy_version": policy()["version"].value,
        **_said(found, one),
    }


def _working(found: Evaluation, one: Result) -> dict[str, Any]:
    computed = one.value.computed
    working = computed.working if computed else {}
    people = _people(found, one)
    return {
        "formula_code": working.get("formula_code"),
        **{name: working.get(name) for name in FROM_WORKING},
        "population_year": people.year if people else None,
        "population_source": people.source if people else None,
        "population_apart": people.persons_apart if people else None,
    }


def _target(one: Result) -> dict[str, Any]:
    target = one.target
    low, high = target.between or (None, None)
    return {
        "target": target.value,
        "target_low": low,
        "target_high": high,
        "comparator": target.comparator,
        "target_raw": target.raw,
        "target_for_year": target.for_year,
        "target_document": one.plan.document_zh,
        "base": target.base,
        "base_year": target.base_year,
    }


def _people(found: Evaluation, one: Result) -> Count | None:
    formula = one.value.computed.formula if one.value.computed else None
    below = formula.denominator if formula else None
    group = below.group if below else None
    return found.people.counts.get((one.division.code, group)) if group else None


def _said(found: Evaluation, one: Result) -> dict[str, Any]:
    people, computed = _people(found, one), one.value.computed
    formula = computed.formula if computed else None
    words: dict[str, Callable[[], str | None]] = {
        "unit": lambda: unit_of(one.row),
        "status": lambda: origin_name(one),
        "reason": lambda: None if one.reason is None else str(one.reason),
        "target_from": lambda: target_source(one),
        "notes": lambda: notes_of(one),
        "population_note": lambda: people.note() if people else None,
        "colour": lambda: colour_name(one.rating.colour),
    }
    said: dict[str, Any] = {}
    for lang in LANGUAGES:
        said[f"formula_{lang}"] = formula_words(formula, lang)
        with speaking(lang):
            said |= {f"{name}_{lang}": say() for name, say in words.items()}
    return said
