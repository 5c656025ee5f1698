"""The figures of a year's report as CSV that a spreadsheet opens as it is: UTF-8 with BOM."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from codes.messages import text
from exports.formula_guard import guarded
from exports.reports.year_data import YearReport
from exports.reports.year_view import evaluations
from registry.evaluation.result_json import result_json
from registry.evaluation.results import Result
from registry.evaluation.wording import colour_name, name_of, named, number_of, status_name, unit_of
from registry.evaluation.worked import plain

OUR_WORDS: Final = frozenset({"comparator"})
"""Columns of our own signs: `=` alone is no formula."""

INDICATORS: Final = (
    "plan", "number", "indicator", "unit", "division_code", "division", "year", "value",
    "value_text", "status", "reason", "target", "comparator", "target_from", "met", "achievement",
    "colour", "progress", "time_elapsed", "numerator", "denominator", "facilities_counted",
    "facilities_not_reported", "facilities_taken_back", "data_from", "data_to", "population_year",
    "population_source", "observed_source", "beside", "policy",
)  # fmt: skip
TREND: Final = ("plan", "number", "indicator", "unit", "year", "value", "status", "target")
BALANCE: Final = (
    "measure", "level", "index", "index_low", "index_high", "gini", "cv", "theil",
    "division_code", "division", "resource", "people", "value", "location_quotient", "reason",
)  # fmt: skip


def csv_files(report: YearReport) -> dict[str, bytes]:
    """Return the content of each CSV file by its name's ending."""
    results = [one for evaluation in evaluations(report) for one in evaluation.results]
    return {
        "indicators": _file(INDICATORS, map(_indicator, results)),
        "trend": _file(TREND, _trend(report)),
        "balance": _file(BALANCE, _balance(report)),
    }


def _indicator(one: Result) -> list[Any]:
    shown = result_json(one)
    working, observed = shown["working"] or {}, shown["observed"] or {}
    people = working.get("population") or {}
    own = {
        **working,
        **shown,
        "plan": named(one.plan),
        "number": number_of(one),
        "indicator": name_of(one),
        "unit": unit_of(one.row),
        "division_code": one.division.code,
        "division": one.division.name,
        "status": status_name(one.value.status),
        "colour": colour_name(one.rating.colour),
        "target_from": one.target.how_shown(),
        "population_year": people.get("year"),
        "population_source": people.get("source"),
        "observed_source": observed.get("source"),
    }
    return [own.get(name) for name in INDICATORS]


def _trend(report: YearReport) -> Iterable[list[Any]]:
    for trend in report.trends:
        for one in trend.values:
            target = one.target.value
            head = [named(one.plan), number_of(one), name_of(one), unit_of(one.row), one.year]
            yield [*head, plain(one.value.value), status_name(one.value.status), target]


def _balance(report: YearReport) -> Iterable[list[Any]]:
    for one in report.spreads:
        low, high = one.index_interval() or (None, None)
        theil = one.theil.total if one.theil else None
        figures = [one.index, low, high, one.gini, one.cv, theil]
        head = [named(one.formula), one.level, *map(plain, figures)]
        if one.reason is not None:
            yield [*head, None, None, None, None, None, None, str(one.reason)]
        for share in one.shares:
            unit = share.division
            amounts = [share.resource, share.people, share.rate, plain(share.quotient)]
            yield [*head, unit.code, unit.name, *amounts, None]


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
