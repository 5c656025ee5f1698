"""The figures of a year's report as CSV that a spreadsheet opens as it is: UTF-8 with BOM."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from codes.divisions.english import shown_name
from codes.messages import text
from exports.formula_guard import guarded
from exports.reports.beside import difference, reported_kind
from exports.reports.trend_view import goal_from
from exports.reports.year_data import Goal, YearReport
from registry.evaluation.result_json import result_json
from registry.evaluation.results import Result
from registry.evaluation.scope import level_name
from registry.evaluation.wording import (
    colour_name,
    name_of,
    named,
    notes_of,
    number_of,
    origin_of,
    target_source,
    unit_of,
)
from registry.evaluation.worked import plain

OUR_WORDS: Final = frozenset({"comparator"})
"""Columns of our own signs: `=` alone is no formula."""

INDICATORS: Final = (
    "plan", "number", "indicator", "unit", "division_code", "division", "year", "value",
    "value_text", "status", "reason", "target", "target_low", "target_high", "comparator",
    "target_from", "met", "achievement",
    "colour", "progress", "time_elapsed", "numerator", "denominator", "facilities_counted",
    "facilities_not_reported", "facilities_taken_back", "data_from", "data_to", "population_year",
    "population_source", "notes", "observed_value", "observed_from", "observed_source",
    "computed_value", "difference", "policy",
)  # fmt: skip
TREND: Final = (
    "plan", "number", "indicator", "unit", "year", "value", "value_text", "status", "source",
    "target", "comparator", "target_from",
)  # fmt: skip
BALANCE: Final = (
    "measure", "level", "index", "index_low", "index_high", "gini", "cv", "theil",
    "division_code", "division", "resource", "people", "people_year", "value",
    "location_quotient", "reason",
)  # fmt: skip


def csv_files(report: YearReport) -> dict[str, bytes]:
    """Return the content of each CSV file by its name's ending."""
    results = [one for evaluation in report.evaluations for one in evaluation.results]
    return {
        "indicators": _file(INDICATORS, map(_indicator, results)),
        "trend": _file(TREND, _trend(report)),
        "balance": _file(BALANCE, _balance(report)),
    }


def _indicator(one: Result) -> list[Any]:
    shown = result_json(one)
    working, reported = shown["working"] or {}, one.value.reported
    people = working.get("population") or {}
    own = {
        **working,
        **shown,
        **_head(one),
        "division_code": one.division.code,
        "division": shown_name(one.division),
        "status": _origin(one),
        "colour": colour_name(one.rating.colour),
        "target_from": target_source(one),
        "notes": notes_of(one),
        **dict(zip(("target_low", "target_high"), one.target.between or (), strict=False)),
        "population_year": people.get("year"),
        "population_source": people.get("source"),
        "observed_value": reported.value if reported else None,
        "observed_from": reported_kind(reported) if reported else None,
        "observed_source": reported.source if reported else None,
        "computed_value": one.value.computed.value if one.value.computed else None,
        "difference": difference(one),
    }
    return [own.get(name) for name in INDICATORS]


def _head(one: Result) -> dict[str, Any]:
    return {
        "plan": named(one.plan),
        "number": number_of(one),
        "indicator": name_of(one),
        "unit": unit_of(one.row),
    }


def _origin(one: Result) -> str:
    return text(f"yearreport.origin.{origin_of(one)}")


def _trend(report: YearReport) -> Iterable[list[Any]]:
    """Every year that has a value or a point of the line of targets, also of the base."""
    for trend in report.trends:
        values = {one.year: one for one in trend.values}
        goals = {goal.year: goal for goal in trend.targets}
        for year in sorted({*values, *goals}):
            own = {**_head(trend.last), "year": year}
            own |= _value(values[year]) if year in values else {}
            own |= _goal(goals[year]) if year in goals else {}
            yield [own.get(name) for name in TREND]


def _value(one: Result) -> dict[str, Any]:
    reported = one.value.reported if one.value.status == "observed" else None
    return {
        "value": plain(one.value.value),
        "value_text": reported.raw if reported else None,
        "status": _origin(one),
        "source": reported.source if reported else None,
    }


def _goal(goal: Goal) -> dict[str, Any]:
    comparator = goal.target.comparator if goal.target else None
    return {"target": goal.value, "comparator": comparator, "target_from": goal_from(goal)}


def _balance(report: YearReport) -> Iterable[list[Any]]:
    for one in report.spreads:
        low, high = one.index_interval() or (None, None)
        theil = one.theil.total if one.theil else None
        figures = [one.index, low, high, one.gini, one.cv, theil]
        head = [named(one.formula), level_name(one.level), *map(plain, figures)]
        if one.reason is not None:
            yield [*head, *[None] * 7, str(one.reason)]
        for share in one.shares:
            unit = share.division
            people = [share.people, share.people_year]
            amounts = [share.resource, *people, share.rate, plain(share.quotient)]
            yield [*head, unit.code, shown_name(unit), *amounts, None]


def _file(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow([text(f"yearreport.csv.{name}") for name in names])
    ours = [name in OUR_WORDS for name in names]
    writer.writerows(map(_cell, row, ours) for row in rows)
    return content.getvalue().encode("utf-8-sig")


def _cell(value: Any, is_ours: bool) -> Any:
    """Return a value as a spreadsheet may have it: words for yes and no, no text run as formula."""
    if isinstance(value, bool):
        return text("yearreport.yes") if value else text("yearreport.no")
    return guarded(value) if isinstance(value, str) and not is_ours else value
