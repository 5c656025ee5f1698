"""Marks of a report: colours with their signs, bars, one line of a table."""

from __future__ import annotations

from typing import Any

from codes.policy import missing_colour, policy
from registry.evaluation.results import Result
from registry.evaluation.warning_table import colour_order
from registry.evaluation.wording import (
    colour_name,
    colour_sign,
    name_of,
    number_of,
    percent,
    status_name,
    target_shown,
    unit_of,
    value_shown,
)

BAR_FULL = 1.2
"""A bar is full at 120 %; what is more is in the figure beside it."""


def mark_of(code: str) -> dict[str, Any]:
    """Return a colour with its sign and name."""
    return {"colour": code, "sign": colour_sign(code), "colour_name": colour_name(code)}


def best_first() -> list[str]:
    """Return the colours from the best to the worst, the one for no data last."""
    return [*reversed(colour_order()[:-1]), missing_colour()]


def legend() -> list[dict[str, Any]]:
    """Return every colour, with the degree it begins at where it has one."""
    edges = {row.code.rpartition(".")[2]: row.value for row in policy().values() if row.value}
    return [
        {**mark_of(code), "from": percent(float(edges[code])) if code in edges else ""}
        for code in best_first()
    ]


def colours(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the colours that occur, with how often."""
    return [{**mark_of(code), "count": counts[code]} for code in best_first() if counts[code]]


def line_of(one: Result) -> dict[str, Any]:
    """Return one result as a line of a table."""
    return {
        "number": number_of(one),
        "area": one.row.area,
        "name": name_of(one),
        "value": value_shown(one),
        "unit": unit_of(one.row),
        "status": status_name(one.value.status),
        "target": target_shown(one),
        "how": one.target.how,
        "achievement": percent(one.rating.achievement),
        "bar": bar_width(one.rating.achievement),
        **mark_of(one.rating.colour),
    }


def bar_width(degree: float | None) -> float | None:
    """Return the width of a bar in per cent of its room."""
    return None if degree is None else round(100 * max(0.0, min(degree, BAR_FULL)) / BAR_FULL, 1)
