"""Small drawings as SVG text: a line over years with its targets. No script, no outside font."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

Point = tuple[int, float]

WIDTH: Final = 232
HEIGHT: Final = 104
LEFT, RIGHT, TOP, BOTTOM = 12, 58, 14, 22
ROOM: Final = 0.12
"""Empty share of the height above and below the figures."""


@dataclass(frozen=True)
class Marked:
    """A point with its label; `hollow` ones were reported, the others computed."""

    year: int
    value: float
    label: str
    hollow: bool


@dataclass(frozen=True)
class _Scale:
    years: tuple[int, int]
    values: tuple[float, float]

    def x(self, year: float) -> float:
        first, last = self.years
        return LEFT + (WIDTH - LEFT - RIGHT) * (year - first) / max(last - first, 1)

    def y(self, value: float) -> float:
        low, high = self.values
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / ((high - low) or 1.0)


def line_chart(points: Sequence[Marked], targets: Sequence[Point], about: str) -> str:
    """Return a chart of values over years (solid) and their targets (dashed).

    `about` says in words what is drawn, for those who cannot see it. Needs one point or target.
    """
    scale = _scale([*((one.year, one.value) for one in points), *targets])
    years = sorted({one.year for one in points} | {year for year, _ in targets})
    parts = [
        _axis(scale, years),
        _path([(scale.x(year), scale.y(value)) for year, value in targets], "target"),
        _path([(scale.x(one.year), scale.y(one.value)) for one in points], "actual"),
        *(_dot(scale, one) for one in points),
        _label(scale, points),
    ]
    return (
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(about)}"><title>{escape(about)}</title>{"".join(parts)}</svg>'
    )


def _scale(points: Sequence[Point]) -> _Scale:
    years = [year for year, _ in points]
    values = [value for _, value in points]
    room = ROOM * (max(values) - min(values) or abs(max(values)) or 1.0)
    return _Scale((min(years), max(years)), (min(values) - room, max(values) + room))


def _axis(scale: _Scale, years: Sequence[int]) -> str:
    base = HEIGHT - BOTTOM
    ends = [(years[0], "start")] if len(years) == 1 else [(years[0], "start"), (years[-1], "end")]
    labels = "".join(
        f'<text class="year" x="{scale.x(year):.1f}" y="{HEIGHT - 7}" text-anchor="{anchor}">'
        f"{year}</text>"
        for year, anchor in ends
    )
    ticks = "".join(
        f'<line class="axis" x1="{scale.x(year):.1f}" x2="{scale.x(year):.1f}"'
        f' y1="{base}" y2="{base + 3}"/>'
        for year in years
    )
    line = f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>'
    return line + ticks + labels


def _path(points: Sequence[tuple[float, float]], kind: str) -> str:
    if len(points) < 2:
        return ""
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="{kind}" points="{drawn}"/>'


def _dot(scale: _Scale, one: Marked) -> str:
    kind = "reported" if one.hollow else "computed"
    x, y = scale.x(one.year), scale.y(one.value)
    said = f"<title>{one.year}: {escape(one.label)}</title>"
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3">{said}</circle>'


def _label(scale: _Scale, points: Sequence[Marked]) -> str:
    if not points:
        return ""
    last = points[-1]
    x, y = scale.x(last.year) + 6, scale.y(last.value) + 4
    return f'<text class="last" x="{x:.1f}" y="{y:.1f}">{escape(last.label)}</text>'
