"""Achievement degree 实现度: how far a value is towards its target. 1 means reached.

Ratio forms after the statistics bureau's monitoring scheme for a moderately prosperous society
(2008); no formula of the five-year plans is public. A missing value is NaN and stays NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codes.errors import DataError

Floats = NDArray[np.float64]
NAN = float("nan")


def positive(value: ArrayLike, target: ArrayLike) -> Floats:
    """Return value ÷ target, for indicators where more is better; broadcasts.

    NaN where either is missing or the target is not above zero, since nothing is asked then.
    """
    values, targets = _floats(value, target)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(targets > 0, values / targets, np.nan)


def inverse(value: ArrayLike, target: ArrayLike) -> Floats:
    """Return target ÷ value, for indicators where less is better; broadcasts.

    A value of zero reaches any target: infinity (which `told` bounds), or 1 when the target is zero
    as well. Any other value misses a target of zero wholly: 0. NaN where either is missing or
    negative.
    """
    values, targets = _floats(value, target)
    with np.errstate(divide="ignore", invalid="ignore"):
        degree = np.where((values == 0) & (targets == 0), 1.0, targets / values)
    return np.where((values >= 0) & (targets >= 0), degree, np.nan)


def interval(value: ArrayLike, wanted: tuple[float, float], bounds: tuple[float, float]) -> Floats:
    """Return 1 inside `wanted`, falling in a straight line outside, never below 0.

    The slope is the same on both sides: the wider of the two gaps between `wanted` and `bounds`.
    Raises DataError `evaluate.interval_wrong` unless low bound ≤ low ≤ high ≤ high bound with room
    on one side at least.
    """
    (low, high), (lowest, highest) = wanted, bounds
    room = max(low - lowest, highest - high)
    if not (lowest <= low <= high <= highest and room > 0):
        raise DataError(
            "evaluate.interval_wrong", low=low, high=high, lowest=lowest, highest=highest
        )
    values = np.asarray(value, dtype=np.float64)
    outside = np.maximum(np.maximum(low - values, values - high), 0.0)
    return np.maximum(1.0 - outside / room, 0.0)


def told(degree: float, floor: float, most: float) -> float:
    """Return a degree as it is told: within `floor` and `most`, NaN as NaN.

    >>> told(float("inf"), 0, 10), told(1.2, 0, 10), told(-3.0, 0, 10)
    (10, 1.2, 0)
    """
    return degree if np.isnan(degree) else min(max(degree, floor), most)


def progress(value: ArrayLike, base: ArrayLike, target: ArrayLike) -> Floats:
    """Return the share of the way from base to target that is covered; below 0 is going back.

    Not the level of a year; the two must not be mixed. NaN where base and target are the same.
    """
    values, bases, targets = _floats(value, base, target)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(targets != bases, (values - bases) / (targets - bases), np.nan)


@dataclass(frozen=True)
class YearTarget:
    """The target of one year: stated by the plan, on a line between two, or held after the end."""

    value: float
    how: Literal["stated", "linear", "held"]


def target_in(year: int, points: Mapping[int, float]) -> YearTarget | None:
    """Return the target for `year` from values by year (base and targets); None before the first.

    Between two stated years the target runs in a straight line; after the last it stays.
    """
    if year in points:
        return YearTarget(points[year], "stated")
    if not points or year < min(points):
        return None
    if year > max(points):
        return YearTarget(points[max(points)], "held")
    years = sorted(points)
    return YearTarget(float(np.interp(year, years, [points[one] for one in years])), "linear")


@dataclass(frozen=True)
class Overall:
    """Many degrees as one: within floor and cap, missing ones left out.

    `uncapped` is the mean without the cap; the `limited` degrees, which are no true ratios, are
    left out of it (NaN when none is left). `geometric` is the geometric mean, `worst_at` the
    position of the lowest degree (None when all are missing).
    """

    value: float
    uncapped: float
    geometric: float
    worst: float
    worst_at: int | None
    counted: int
    missing: int
    limited: int
    weight_counted: float
    weight_missing: float


def overall(
    degrees: ArrayLike,
    weights: ArrayLike,
    *,
    floor: float,
    cap: float,
    limited: ArrayLike = False,
) -> Overall:
    """Return the weighted mean of `degrees` (one dimension) and what stands behind it.

    Degrees below `floor` count as the floor, those above `cap` as the cap. `limited` marks degrees
    that are bounds, not ratios. Raises ValueError when the shapes differ or a weight is not above
    zero: weights are ours.
    """
    found, weight = np.asarray(degrees, np.float64), np.asarray(weights, np.float64)
    if found.ndim != 1 or found.shape != weight.shape or not (weight > 0).all():
        raise ValueError("degrees and weights: one dimension, same length, weights above zero")
    known = ~np.isnan(found)
    if not known.any():
        return Overall(NAN, NAN, NAN, NAN, None, 0, len(found), 0, 0.0, float(weight.sum()))
    degree, share = np.maximum(found[known], floor), weight[known] / weight[known].sum()
    capped = np.minimum(degree, cap)
    bound = np.broadcast_to(np.asarray(limited, np.bool_), found.shape)[known]
    with np.errstate(divide="ignore"):
        geometric = float(np.exp(share @ np.log(capped)))
    return Overall(
        value=float(share @ capped),
        uncapped=NAN if bound.all() else float(np.average(degree[~bound], weights=share[~bound])),
        geometric=geometric,
        worst=float(np.nanmin(found)),
        worst_at=int(np.nanargmin(found)),
        counted=int(known.sum()),
        missing=int((~known).sum()),
        limited=int(bound.sum()),
        weight_counted=float(weight[known].sum()),
        weight_missing=float(weight[~known].sum()),
    )


def _floats(*values: ArrayLike) -> list[Floats]:
    return [np.asarray(value, dtype=np.float64) for value in values]
