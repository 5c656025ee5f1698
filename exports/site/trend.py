"""The course of an indicator over the years, as points and lines of a small drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from exports.scales import levels
from exports.site.catalogue import Row
from exports.site.results import short

WIDTH: Final = 480.0
HEIGHT: Final = 238.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 28.0, 44.0, 30.0
"""Room for the words around the drawing, in its own units."""

INSET: Final = 44.0
"""The first and last year stand so far inside the axes, for the words at their values."""

MOST_STEPS: Final = 4
ABOVE, BELOW = -11.0, 22.0
"""Where the words at a point stand."""


@dataclass(frozen=True)
class Dot:
    """One figure: where it is drawn, what stands beside it, and at which height.

    `kind` says of a value where it is from: computed or observed.
    """

    x: float
    y: float
    label: str
    label_y: float = 0.0
    kind: str = ""


@dataclass(frozen=True)
class Trend:
    """The drawing: values and targets in order of years, and the words at the axes."""

    values: list[Dot]
    targets: list[Dot]
    years: list[Dot]
    levels: list[Dot]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT

    @property
    def value_line(self) -> str:
        """The line through the values."""
        return _line(self.values)

    @property
    def target_line(self) -> str:
        """The line through the targets."""
        return _line(self.targets)


def trend(results: Sequence[Row]) -> Trend | None:
    """Draw the values and targets of one division by year; None when there is no value.

    The scale begins where the figures are, not at zero; the words at the axis say so.
    """
    values = {row["year"]: row["value"] for row in results if row["value"] is not None}
    targets = {row["year"]: row["target"] for row in results if row["target"] is not None}
    if not values:
        return None
    years = sorted({*values, *targets})
    known = (row for row in results if row["value"] is not None)
    rows = sorted(known, key=lambda row: int(row["year"]))
    place = _Place(years, [*values.values(), *targets.values()])
    return Trend(
        values=[_value(place, row, targets.get(row["year"])) for row in rows],
        targets=[
            Dot(*place.at(year, targets[year]), short(targets[year])) for year in sorted(targets)
        ],
        years=[Dot(place.x(year), HEIGHT - 8, str(year)) for year in years],
        levels=[Dot(LEFT, place.y(level), short(level)) for level in place.levels],
    )


def _value(place: _Place, row: Row, target: float | None) -> Dot:
    """Draw one value, its words on the side of the point that the target is not on."""
    x, y = place.at(row["year"], row["value"])
    below = target is not None and row["value"] < target and y + BELOW < HEIGHT - BOTTOM
    label_y = y + (BELOW if below else ABOVE)
    return Dot(x, y, short(row["value"]), label_y, row["status"])


class _Place:
    """Years and figures to drawing units."""

    def __init__(self, years: list[int], figures: list[float]) -> None:
        self.first, self.last = years[0], years[-1]
        self.levels = levels(figures, MOST_STEPS)
        self.low, self.high = self.levels[0], self.levels[-1]

    def x(self, year: int) -> float:
        if self.first == self.last:
            return (LEFT + WIDTH - RIGHT) / 2
        part = (year - self.first) / (self.last - self.first)
        return round(LEFT + INSET + part * (WIDTH - RIGHT - LEFT - 2 * INSET), 1)

    def y(self, figure: float) -> float:
        part = (figure - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP), 1)

    def at(self, year: int, figure: float) -> tuple[float, float]:
        return self.x(year), self.y(figure)


def _line(dots: list[Dot]) -> str:
    return "M" + " L".join(f"{dot.x:g} {dot.y:g}" for dot in dots) if len(dots) > 1 else ""
