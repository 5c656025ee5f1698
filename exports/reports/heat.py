"""The heat table: indicators by divisions, each cell a degree with its colour and sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil
from typing import Any, Final

from codes.divisions import Division
from codes.divisions.english import short_name, shown_name
from exports.reports.marks import mark_of
from exports.reports.year_data import YearReport
from registry.evaluation.results import Result
from registry.evaluation.wording import name_of, number_of, percent

MOST_COLUMNS: Final = 14
"""Divisions side by side that still fit on a printed page; more are put in a table below."""


def heat_tables(report: YearReport) -> dict[str, Any]:
    """Indicators by divisions, in as many `tables` as the page's width asks for.

    Each begins with the report's own division. None where nothing below it is rated. Indicators
    rated nowhere are left to the table of all; `left_out` counts them.
    """
    by_code: dict[str, dict[str, Result]] = {}
    for evaluation in report.evaluations:
        for one in evaluation.results:
            by_code.setdefault(one.code, {})[one.division.code] = one
    rated = [cells for cells in by_code.values() if any(map(_is_rated, cells.values()))]
    below = report.below
    if below is None or not any(map(_is_rated, below.results)):
        return {"tables": [], "left_out": len(by_code) - len(rated)}
    own = report.own.divisions
    tables = [_table((*own, *some), rated) for some in _parted(below.divisions)]
    return {"tables": tables, "left_out": len(by_code) - len(rated)}


def _is_rated(one: Result) -> bool:
    return one.rating.achievement is not None


def _parted(divisions: Sequence[Division]) -> list[Sequence[Division]]:
    """Part divisions evenly into groups that fit a page."""
    parts = max(ceil(len(divisions) / MOST_COLUMNS), 1)
    width = ceil(len(divisions) / parts)
    return [divisions[part * width : (part + 1) * width] for part in range(parts)]


def _table(columns: Sequence[Division], rated: Sequence[dict[str, Result]]) -> dict[str, Any]:
    rows = []
    for cells in rated:
        first = next(iter(cells.values()))
        shown = [_heat_cell(cells[division.code]) for division in columns]
        rows.append({"number": number_of(first), "name": name_of(first), "cells": shown})
    return {"columns": _heads(columns), "rows": rows}


def _heads(columns: Sequence[Division]) -> list[str]:
    """Return short names, but the whole ones of two that would read alike."""
    times = Counter(map(short_name, columns))
    return [short_name(one) if times[short_name(one)] == 1 else shown_name(one) for one in columns]


def _heat_cell(one: Result) -> dict[str, Any]:
    shown = percent(one.rating.achievement) if _is_rated(one) else ""
    return {"text": shown.rstrip("%"), **mark_of(one.rating.colour)}
