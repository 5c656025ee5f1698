"""How a value stands to its target: degree, whether it is met, progress since the base, colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from codes.indicator_values import meets, parse
from codes.indicators import Indicator
from codes.policy import decimal_of, parameter
from registry.evaluation.achievement import interval, inverse, positive, progress, told
from registry.evaluation.reported import DOCUMENT
from registry.evaluation.targets import Target
from registry.evaluation.values import Value
from registry.evaluation.warnings import colours
from registry.evaluation.worked import Reason

WRITTEN: Final = ("stated", "held")
"""How a target is known that the document itself writes for the year, or for an earlier one."""


@dataclass(frozen=True)
class Rating:
    """`achievement` is the year's level (1 is reached); `progress` the share of the plan's way.

    `elapsed` is the share of the plan's time. `reason` says why there is no achievement, or, of one
    that is `limited`, why it is a bound and not the bare ratio.
    """

    achievement: float | None
    met: bool | None
    progress: float | None
    elapsed: float | None
    bottom_line_failed: bool
    colour: str
    reason: Reason | None
    limited: bool = False


NOT_RATED: Final = Rating(None, None, None, None, False, "", None)


def rate(value: Value, target: Target, row: Indicator, year: int) -> Rating:
    """Return the rating of a value, without its colour (see `coloured`)."""
    reason = _reason(value, target, row)
    if reason is not None or value.value is None or not target.is_set:
        return replace(NOT_RATED, reason=reason, met=_met_as_printed(value, target, row, year))
    degree = _degree(value.value, target, row)
    if np.isnan(degree):
        return replace(NOT_RATED, reason=Reason("evaluate.not_rated.zero_target", {}))
    met = target.met(value.value, row.direction)
    bottom_line = row.attribute == parameter("warning.bottom_line_attribute").value
    limits = float(decimal_of("achievement.floor")), float(decimal_of("achievement.most"))
    shown = told(degree, *limits)
    return Rating(
        achievement=shown,
        met=met,
        progress=_progress(value.value, target),
        elapsed=target.elapsed(year),
        bottom_line_failed=bottom_line and met is False and target.how in WRITTEN,
        colour="",
        reason=None if shown == degree else _limit(degree, shown, value.value),
        limited=shown != degree,
    )


def coloured(ratings: Sequence[Rating]) -> list[Rating]:
    """Return the ratings with their colours, all worked out at once."""
    degrees = [np.nan if one.achievement is None else one.achievement for one in ratings]
    found = colours(
        degrees,
        met=[one.met is not False for one in ratings],
        bottom_line_failed=[one.bottom_line_failed for one in ratings],
    )
    return [replace(one, colour=str(colour)) for one, colour in zip(ratings, found, strict=True)]


def _degree(value: float, target: Target, row: Indicator) -> float:
    if target.between is not None:
        return float(interval(value, target.between, row.zero_at or target.between))
    measure = positive if row.direction == "higher" else inverse
    return float(measure(value, target.value or 0.0))


def _limit(degree: float, shown: float, value: float) -> Reason:
    """Why a degree is told as a bound: there is no ratio to zero, or it says nothing any more."""
    if value == 0:
        return Reason("evaluate.limited.zero", {"most": f"{shown:.0%}"})
    if degree < shown:
        return Reason("evaluate.limited.floor", {"seen": f"{degree:.0%}", "floor": f"{shown:.0%}"})
    return Reason("evaluate.limited.most", {"seen": f"{degree:,.0%}", "most": f"{shown:.0%}"})


def _reason(value: Value, target: Target, row: Indicator) -> Reason | None:
    if value.status == "missing":
        return Reason("evaluate.not_rated.missing", {})
    if target.reason is not None:
        return target.reason
    seen: dict[str, Any] = {"seen": value.reported.raw if value.reported else ""}
    if value.value is None:
        return Reason("evaluate.not_rated.value_words", seen)
    if value.status == "observed" and value.reported and value.reported.bound:
        return Reason("evaluate.not_rated.value_bound", seen)
    if row.direction == "none":
        return Reason("evaluate.not_rated.direction", {})
    return None


def _met_as_printed(value: Value, target: Target, row: Indicator, year: int) -> bool | None:
    """Pairs and figures by place give no degree, but both cells of a year may be compared."""
    reported = value.reported
    if target.reading is None or target.for_year != year or reported is None:
        return None
    if value.status != "observed" or reported.found_in != DOCUMENT or reported.bound:
        return None
    return meets(target.reading, parse(reported.raw), row.direction)


def _progress(value: float, target: Target) -> float | None:
    if target.base is None or target.end is None or target.how == "kept":
        return None
    way = float(progress(value, target.base, target.end))
    return None if np.isnan(way) else way
