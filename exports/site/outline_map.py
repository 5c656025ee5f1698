"""A sketch of the city: outlines of its counties, drawn here, without a map service or a script."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any, Final

from exports.site.catalogue import Catalogue

WIDTH: Final = 480.0
HEIGHT: Final = 340.0
"""Size the sketch has at most, in its own units; the page scales it."""

MARGIN: Final = 0.12
"""How much of what lies around a county is shown, as a part of its size."""

LABEL_WIDTH: Final = 46.0
"""A county narrower than this has no room for its name; the list beside it has all names."""

Ring = list[list[float]]


@dataclass(frozen=True)
class Shape:
    """One county: its path, where its name goes (None when there is no room), whether chosen."""

    code: str
    path: str
    label: tuple[float, float] | None
    chosen: bool


@dataclass(frozen=True)
class Sketch:
    """The whole drawing; `point` is where a facility is."""

    width: float
    height: float
    shapes: list[Shape]
    point: tuple[float, float] | None


def sketch(
    catalogue: Catalogue, chosen: str | None = None, point: tuple[float, float] | None = None
) -> Sketch | None:
    """Draw the counties that have outlines, or with a point the chosen county and what is near.

    None when nothing can be drawn, or when the point lies outside of the county's frame.
    """
    rings = {code: _outer_rings(geometry) for code, geometry in catalogue.outlines.items()}
    framed = [rings.get(chosen or "", [])] if point else rings.values()
    dots = [dot for outlines in framed for ring in outlines for dot in ring]
    if not dots:
        return None
    frame = _Frame(dots, MARGIN if point else 0.0)
    if point and not frame.holds(point):
        return None
    shapes = [
        _shape(frame, code, outlines, code == chosen)
        for code, outlines in rings.items()
        if any(frame.touches(ring) for ring in outlines)
    ]
    shapes.sort(key=lambda shape: shape.chosen)  # drawn last, its border is on top
    return Sketch(frame.width, frame.height, shapes, frame.place(point) if point else None)


class _Frame:
    """Degrees to drawing units: an equirectangular projection about the middle of the city."""

    def __init__(self, dots: Ring, margin: float) -> None:
        self.west, self.east = _widened([lon for lon, _ in dots], margin)
        self.south, self.north = _widened([lat for _, lat in dots], margin)
        self.squeeze = cos(radians((self.south + self.north) / 2))
        wide, high = (self.east - self.west) * self.squeeze, self.north - self.south
        self.scale = min(WIDTH / wide, HEIGHT / high)
        self.width, self.height = round(wide * self.scale, 1), round(high * self.scale, 1)

    def place(self, dot: tuple[float, float] | list[float]) -> tuple[float, float]:
        lon, lat = dot
        x = (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round((self.north - lat) * self.scale, 1)

    def touches(self, ring: Ring) -> bool:
        lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
        beside = max(lons) < self.west or min(lons) > self.east
        return not (beside or max(lats) < self.south or min(lats) > self.north)

    def holds(self, dot: tuple[float, float]) -> bool:
        return self.west <= dot[0] <= self.east and self.south <= dot[1] <= self.north


def _shape(frame: _Frame, code: str, outlines: list[Ring], chosen: bool) -> Shape:
    placed = [[frame.place(dot) for dot in ring] for ring in outlines]
    path = "".join("M" + " ".join(f"{x:g} {y:g}" for x, y in ring[:-1]) + "Z" for ring in placed)
    largest = max(placed, key=lambda ring: abs(_area(ring)))
    xs = [x for x, _ in largest]
    label = _middle(largest) if max(xs) - min(xs) >= LABEL_WIDTH else None
    return Shape(code, path, label, chosen)


def _widened(values: list[float], margin: float) -> tuple[float, float]:
    more = (max(values) - min(values)) * margin
    return min(values) - more, max(values) + more


def _outer_rings(geometry: dict[str, Any]) -> list[Ring]:
    shapes = geometry["coordinates"]
    return [shape[0] for shape in (shapes if geometry["type"] == "MultiPolygon" else [shapes])]


def _area(ring: list[tuple[float, float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _middle(ring: list[tuple[float, float]]) -> tuple[float, float]:
    area = _area(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return round(x / (6 * area), 1), round(y / (6 * area), 1)
