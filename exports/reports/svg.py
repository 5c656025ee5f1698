"""Small drawings as SVG text: values over years with their targets. No script, no outside font."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil
from typing import Final

from exports.scales import levels

Point = tuple[int, float]

WIDTH: Final = 280
HEIGHT: Final = 150
LEFT, RIGHT, TOP, BOTTOM = 46, 46, 28, 22
"""Room for the words around the drawing."""

INSET: Final = 22
"""The first and last year stand so far inside, for the words at their values."""

MOST_STEPS: Final = 3
YEAR_ROOM: Final = 28
"""Room a year's name takes; where years are nearer only some are named, the last one always."""

LABEL_ABOVE, LABEL_BELOW = -8, 15
DIGIT, LINE = 7.0, 12.0
"""Width of a digit and height of a line of the words at a value."""


@dataclass(frozen=True)
class Marked:
    """A point with its label; `kind` (computed, observed, printed) says where it is from."""

    year: int
    value: float
    label: str
    kind: str


@dataclass(frozen=True)
class Chart:
    """What is drawn: values (solid), their targets (dashed), and the words at the drawing.

    `about` says all of it in words, for those who cannot see it; `unit` is the axis's.
    `target` stands at the last target. There is one point or target at least.
    """

    points: Sequence[Marked]
    targets: Sequence[Point]
    about: str
    unit: str
    target: str


class _Scale:
    def __init__(self, points: Sequence[Point]) -> None:
        self.years = sorted({year for year, _ in points})
        self.levels = levels([value for _, value in points], MOST_STEPS)

    def x(self, year: float) -> float:
        first, last = self.years[0], self.years[-1]
        room = WIDTH - LEFT - RIGHT - 2 * INSET
        return LEFT + INSET + room * (year - first) / max(last - first, 1)

    def y(self, value: float) -> float:
        low, high = self.levels[0], self.levels[-1]
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)


def line_chart(chart: Chart) -> str:
    """Return the drawing as one `svg` element."""
    points = [(one.year, one.value) for one in chart.points]
    scale = _Scale([*points, *chart.targets])
    parts = [
        _levels(scale, chart.unit),
        _years(scale),
        _path(scale, chart.targets, "target"),
        *(_square(scale, one) for one in chart.targets),
        *_joined(scale, chart.points),
        *(_dot(scale, one) for one in chart.points),
        *_labels(scale, chart),
    ]
    about = escape(chart.about)
    return (
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{about}"><title>{about}</title>{"".join(parts)}</svg>'
    )


def key(kind: str) -> str:
    """Return the sign of a kind of point, or of the target, for a legend."""
    shape = '<rect class="goal" x="8" y="3" width="6" height="6"/>'
    if kind != "target":
        shape = _shape(kind, 11, 6)
    line = f'<path class="{"target" if kind == "target" else "actual"}" d="M0 6H22"/>'
    return f'<svg class="trend key-sign" viewBox="0 0 22 12" aria-hidden="true">{line}{shape}</svg>'


def _levels(scale: _Scale, unit: str) -> str:
    lines = "".join(
        f'<line class="level" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="at" x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{level:,g}</text>'
        for level in scale.levels
        for y in [scale.y(level)]
    )
    return f'{lines}<text class="unit" x="{LEFT - 5}" y="11">{escape(unit)}</text>'


def _years(scale: _Scale) -> str:
    first, last = scale.years[0], scale.years[-1]
    apart = scale.x(last) - scale.x(last - 1) if last > first else YEAR_ROOM
    named = range(last, first - 1, -ceil(YEAR_ROOM / apart))
    return "".join(
        f'<text class="year" x="{scale.x(year):.1f}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{year}</text>"
        for year in reversed(named)
    )


def _path(scale: _Scale, points: Sequence[Point], kind: str) -> str:
    if len(points) < 2:
        return ""
    drawn = " ".join(f"{scale.x(year):.1f},{scale.y(value):.1f}" for year, value in points)
    return f'<polyline class="{kind}" points="{drawn}"/>'


def _joined(scale: _Scale, points: Sequence[Marked]) -> list[str]:
    """Join neighbours; where their figures are from different hands the line is thin."""
    return [
        _path(
            scale,
            [(one.year, one.value), (other.year, other.value)],
            "actual" if one.kind == other.kind else "between",
        )
        for one, other in pairwise(points)
    ]


def _square(scale: _Scale, point: Point) -> str:
    x, y = scale.x(point[0]) - 2.5, scale.y(point[1]) - 2.5
    return f'<rect class="goal" x="{x:.1f}" y="{y:.1f}" width="5" height="5"/>'


def _dot(scale: _Scale, one: Marked) -> str:
    shape = _shape(one.kind, scale.x(one.year), scale.y(one.value))
    return f"<g><title>{one.year}: {escape(one.label)}</title>{shape}</g>"


def _shape(kind: str, x: float, y: float) -> str:
    if kind == "printed":
        corners = f"{x:.1f},{y - 4.5:.1f} {x + 4.5:.1f},{y:.1f} {x:.1f},{y + 4.5:.1f} {x - 4.5:.1f}"
        return f'<polygon class="dot printed" points="{corners},{y:.1f}"/>'
    return f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>'


def _labels(scale: _Scale, chart: Chart) -> list[str]:
    """Name the values, and the last target at its end."""
    found = [
        f'<text class="value" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">'
        f"{escape(one.label)}</text>"
        for one, x, y in _places(scale, chart)
    ]
    if chart.targets:
        year, value = chart.targets[-1]
        x, y = scale.x(year) + 7, scale.y(value) + 3.5
        found.append(f'<text class="aim" x="{x:.1f}" y="{y:.1f}">{escape(chart.target)}</text>')
    return found


def _places(scale: _Scale, chart: Chart) -> list[tuple[Marked, float, float]]:
    """Return the values that are named and where, in order of their years.

    Each stands on the side of its point that its target is not on, clear of the years. The last is
    always named, then the first; others where there is room.
    """
    goals = dict(chart.targets)
    taken: list[tuple[Marked, float, float]] = []
    for one in (*chart.points[-1:], *chart.points[:-1]):
        below = scale.y(one.value) + LABEL_BELOW
        above = one.value >= goals.get(one.year, one.value) or below > HEIGHT - BOTTOM
        x, y = scale.x(one.year), scale.y(one.value) + LABEL_ABOVE if above else below
        if not any(_touch(one, x, y, other) for other in taken):
            taken.append((one, x, y))
    return sorted(taken, key=lambda place: place[0].year)


def _touch(one: Marked, x: float, y: float, other: tuple[Marked, float, float]) -> bool:
    wide = DIGIT * (len(one.label) + len(other[0].label)) / 2
    return abs(x - other[1]) < wide and abs(y - other[2]) < LINE
