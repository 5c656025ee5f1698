"""What is said of a value or a day that is no share of a plan's way: gone back, past it, over.

Loads no database: pages of a release say it too. A per cent of the way below 0 or far above 1 would
be read as a change of the value itself.
"""

from __future__ import annotations

from collections.abc import Callable

from codes.messages import text


def off_the_way(
    progress: float, value: float, base: float, shown: Callable[[float], str] = str
) -> str:
    """Say of a value that went back or past the target how far, measured by the way planned.

    `progress` is below 0 or above 1; `shown` writes a number.

    >>> from codes.messages import speaking
    >>> with speaking("zh"):
    ...     off_the_way(-5.5, 87.0, 89.2), off_the_way(1.5, 95.0, 80.0)
    ('低于基期值，降幅为规划增幅的 5.5 倍', '已超过规划目标，实际变幅为规划变幅的 1.5 倍')
    """
    if progress > 1:
        return text("evaluate.progress.past", times=shown(progress))
    side = "below" if value < base else "above"
    return text(f"evaluate.progress.{side}", times=shown(-progress))


def period_over(elapsed: float, shown: Callable[[float], str] = str) -> str:
    """Say that a plan's time is over (`elapsed` is 1 or more of it), and by how much."""
    if elapsed == 1:
        return text("evaluate.elapsed.full")
    return text("evaluate.elapsed.over", times=shown(elapsed))
