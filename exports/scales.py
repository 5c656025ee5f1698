"""The scale of a drawing: round figures around those that are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Final

ROOM: Final = 0.15
"""Above the highest and below the lowest value, as a part of the span."""

LEAST_SPAN: Final = 1e-9
"""Figures nearer to each other than this, or than this part of themselves, count as one."""


def levels(figures: Sequence[float], most_steps: int) -> list[float]:
    """Return the round figures of an axis for `figures`, at most two steps more than asked for.

    The scale begins where the figures are, not at zero, and goes below zero only when they do.

    >>> levels([2.5, 3.5, 4.65], 4)
    [2.0, 3.0, 4.0, 5.0]
    """
    low, high = min(figures), max(figures)
    span = high - low
    if span <= LEAST_SPAN * max(abs(high), abs(low), 1.0):
        span = abs(high) if abs(high) > LEAST_SPAN else 1.0
    room = ROOM * span
    step = _step((high - low + 2 * room) / most_steps)
    below = max(0.0, low - room) if low >= 0 else low - room
    first, last = floor(below / step), ceil((high + room) / step)
    decimals = max(0, -floor(log10(step)))
    return [round(number * step, decimals) for number in range(first, last + 1)]


def _step(least: float) -> float:
    """Return the next of 1, 2, 5, 10 and so on that is not smaller."""
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
