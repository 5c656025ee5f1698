"""The heat table: indicators by divisions, each cell a degree with its colour and sign."""

from __future__ import annotations

from typing import Any

from exports.reports.marks import mark_of
from exports.reports.year_data import YearReport
from registry.evaluation.results import Result
from registry.evaluation.wording import name_of, number_of, percent


def heat_table(report: YearReport) -> dict[str, Any] | None:
    """Indicators by divisions; those rated nowhere are left to the table of all."""
    levels = [report.own, *([report.below] if report.below else [])]
    columns = [division for one in levels for division in one.divisions]
    by_code: dict[str, dict[str, Result]] = {}
    for evaluation in levels:
        for one in evaluation.results:
            by_code.setdefault(one.code, {})[one.division.code] = one
    rated = {
        code: cells
        for code, cells in by_code.items()
        if any(one.rating.achievement is not None for one in cells.values())
    }
    rows = []
    for cells in rated.values():
        first = next(iter(cells.values()))
        rows.append(
            {
                "number": number_of(first),
                "name": name_of(first),
                "cells": [_heat_cell(cells[division.code]) for division in columns],
            }
        )
    return {
        "columns": [division.name for division in columns],
        "rows": rows,
        "left_out": len(by_code) - len(rated),
    }


def _heat_cell(one: Result) -> dict[str, Any]:
    shown = percent(one.rating.achievement).rstrip("%")
    return {"text": shown.partition(".")[0] if shown != "—" else "", **mark_of(one.rating.colour)}
