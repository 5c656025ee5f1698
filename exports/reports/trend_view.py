"""Trends of a year's report: a drawing each, and the words that say it."""

from __future__ import annotations

from typing import Any

from codes.messages import text
from exports.reports.marks import ORIGINS
from exports.reports.svg import Chart, Marked, key, line_chart
from exports.reports.year_data import Goal, Trend
from registry.evaluation.wording import (
    figure,
    name_of,
    number_of,
    origin_of,
    target_shown,
    unit_of,
    value_shown,
)


def trend_shown(one: Trend) -> dict[str, Any]:
    """Return a trend as the template shows it."""
    unit = unit_of(one.last.row)
    points = [
        Marked(each.year, each.value.value or 0.0, value_shown(each), origin_of(each))
        for each in one.values
    ]
    goals = [(goal.year, goal.value) for goal in one.targets]
    aim = target_shown(one.last) if goals else ""
    chart = Chart(points, goals, _about(one), text("yearreport.unit", unit=unit), aim)
    return {"number": number_of(one.last), "name": name_of(one.last), "svg": line_chart(chart)}


def trend_keys() -> list[dict[str, str]]:
    """Return the signs of a drawing with their words."""
    names = [*(name for name in ORIGINS if name != "missing"), "target"]
    return [{"svg": key(name), "word": text(f"yearreport.trend_key.{name}")} for name in names]


def goal_from(goal: Goal) -> str:
    """Say where a point of the line of targets is from."""
    if goal.target is None:
        return text("yearreport.base")
    return goal.target.how_shown() or ""


def _about(one: Trend) -> str:
    values = [
        text(
            "yearreport.trend_value",
            year=each.year,
            value=value_shown(each),
            origin=text(f"yearreport.origin.{origin_of(each)}"),
        )
        for each in one.values
    ]
    goals = [
        text("yearreport.trend_goal", year=goal.year, value=figure(goal.value, 3))
        for goal in one.targets
        if goal.target is not None
    ]
    return text(
        "yearreport.trend_about",
        name=name_of(one.last),
        unit=unit_of(one.last.row),
        values=text("yearreport.and").join(values),
        goals=text("yearreport.and").join(goals) or "—",
    )
