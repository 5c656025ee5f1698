"""Marks of a report: colours with their signs, bars, where a value is from, one line of a table."""

from __future__ import annotations

from codes.messages import language, text
from codes.policy import bands, missing_colour
from registry.evaluation.reported import DOCUMENT
from registry.evaluation.results import Result
from registry.evaluation.wording import (
    colour_name,
    colour_sign,
    figure,
    name_of,
    number_of,
    origin_of,
    percent,
    target_shown,
    unit_of,
    value_shown,
)

BAR_FULL = 1.2
"""A bar is full at 120 %; what is more is in the figure beside it."""

ORIGINS = ("computed", "observed", "printed", "missing")
"""Where a value is from: our ledgers, a department, the plan's document, or nowhere."""


def mark_of(code: str) -> dict[str, str]:
    """Return a colour with its sign and name."""
    return {"colour": code, "sign": colour_sign(code), "colour_name": colour_name(code)}


def best_first() -> list[str]:
    """Return the colours from the best to the worst, the one for no data last."""
    return [*(band.code for band in reversed(bands())), missing_colour()]


def worst_colours() -> set[str]:
    """Return the colours of the worse half of the bands."""
    found = bands()
    return {band.code for band in found[: len(found) // 2]}


def legend(counts: dict[str, int]) -> list[dict[str, object]]:
    """Return every colour, best first, with the degree it begins at and how often it occurs."""
    edges = {band.code: band.lower for band in bands()}
    return [
        {
            **mark_of(code),
            "from": percent(float(edge)) if (edge := edges.get(code)) is not None else "",
            "count": counts[code],
        }
        for code in best_first()
    ]


def line_of(one: Result) -> dict[str, object]:
    """Return one result as a line of a table."""
    return {
        "number": number_of(one),
        "name": name_of(one),
        "note": note_of(one),
        "value": value_shown(one),
        "unit": unit_of(one.row),
        "origin": text(f"yearreport.origin.{origin_of(one)}"),
        "beside": beside_of(one),
        "target": target_shown(one),
        "how": one.target.how,
        "achievement": percent(one.rating.achievement),
        "bar": bar_width(one.rating.achievement),
        **mark_of(one.rating.colour),
    }


def beside_of(one: Result) -> str:
    """Return the value that does not go first with where it is from; empty when there is none."""
    reported, computed = one.value.reported, one.value.computed
    if one.value.status == "computed" and reported is not None:
        which = "printed" if reported.found_in == DOCUMENT else "observed"
        shown = reported.raw if reported.value is None else figure(reported.value)
    elif one.value.status == "observed" and computed is not None and computed.value is not None:
        which, shown = "computed", figure(computed.value)
    else:
        return ""
    return text("yearreport.beside", origin=text(f"yearreport.origin.{which}"), value=shown)


def note_of(one: Result) -> str:
    """Return what the book remarks on the row, at the first of its parts only."""
    if one.part is not None and one.part is not one.row.parts[0]:
        return ""
    return one.row.note_en if language() == "en" else one.row.note_zh


def bar_width(degree: float | None) -> float | None:
    """Return the width of a bar in per cent of its room."""
    return None if degree is None else round(100 * max(0.0, min(degree, BAR_FULL)) / BAR_FULL, 1)
