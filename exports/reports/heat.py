"""The heat table: indicators by divisions, each cell a degree with its colour and sign."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any, Final

from codes.divisions import Division
from exports.reports.marks import mark_of
from exports.reports.year_data import YearReport
from registry.evaluation.results import Result
from registry.evaluation.wording import name_of, number_of, percent

MOST_COLUMNS: Final = 14
"""Divisions side by side that still fit on a printed page; more are put in a table below."""


def heat_tables(report: YearReport) -> dict[str, Any]:
    """Indicators by divisions, in as many `tables` as the page's width asks for.

    Each begins with the report's own division. Indicators rated nowhere are left to the table of
    all; `left_out` counts them.
    """
    by_code: dict[str, dict[str, Result]] = {}
    for evaluation in [report.own, *([report.below] if report.below else [])]:
        for one in evaluation.results:
            by_code.setdefault(one.code, {})[one.division.code] = one
    rated = [
        cells
        for cells in by_code.values()
        if any(one.rating.achievement is not None for one in cells.values())
    ]
    below = report.below.divisions if report.below else ()
    tables = [_table((*report.own.divisions, *some), rated) for some in _parted(below)]
    return {"tables": tables if rated else [], "left_out": len(by_code) - len(rated)}


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
    return {"columns": [division.name for division in columns], "rows": rows}


def _heat_cell(one: Result) -> dict[str, Any]:
    shown = percent(one.rating.achievement).rstrip("%")
    return {"text": shown.partition(".")[0] if shown != "—" else "", **mark_of(one.rating.colour)}
