"""Line charts: higher is further up, later further right, everything within the frame."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from exports.reports.svg import HEIGHT, WIDTH, Marked, line_chart

values = st.floats(-1e9, 1e9)


def drawn(points: list[Marked], targets: list[tuple[int, float]]) -> ElementTree.Element:
    return ElementTree.fromstring(line_chart(points, targets, "一 & <二>"))


@given(st.dictionaries(st.integers(2000, 2030), values, min_size=1, max_size=9))
def test_points_lie_within_the_frame_in_order(series: dict[int, float]) -> None:
    points = [Marked(year, series[year], "1", hollow=False) for year in sorted(series)]
    dots = drawn(points, []).findall("circle")
    places = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in dots]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    for (_, y), (_, other), one, two in zip(places, places[1:], points, points[1:], strict=False):
        if one.value < two.value:
            assert y >= other


def test_targets_are_drawn_on_the_same_scale() -> None:
    points = [Marked(2020, 1, "1", hollow=True), Marked(2025, 3, "3", hollow=False)]
    root = drawn(points, [(2020, 1), (2025, 3)])
    lines = {line.attrib["class"]: line.attrib["points"] for line in root.findall("polyline")}
    assert lines["actual"] == lines["target"]
    assert [dot.attrib["class"] for dot in root.findall("circle")] == ["reported", "computed"]


def test_what_is_said_is_escaped() -> None:
    root = drawn([Marked(2020, 1, "<1", hollow=False)], [])
    assert root.attrib["aria-label"] == "一 & <二>"
    assert root.findall("polyline") == []
