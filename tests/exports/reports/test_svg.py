"""Line charts: higher is further up, later further right, everything in the frame and named."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from exports.reports.svg import HEIGHT, WIDTH, Chart, Marked, key, line_chart

values = st.floats(-1e9, 1e9)


def drawn(points: list[Marked], targets: list[tuple[int, float]]) -> ElementTree.Element:
    chart = Chart(points, targets, "一 & <二>", "单位：<个>", "≥ 3")
    return ElementTree.fromstring(line_chart(chart))


def words(root: ElementTree.Element, kind: str) -> list[str | None]:
    return [one.text for one in root.findall("text") if one.attrib["class"] == kind]


@given(st.dictionaries(st.integers(2000, 2030), values, min_size=1, max_size=9))
def test_points_lie_within_the_frame_in_order(series: dict[int, float]) -> None:
    points = [Marked(year, series[year], "1", "computed") for year in sorted(series)]
    dots = drawn(points, []).findall("g/circle")
    places = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in dots]
    assert len(places) == len(points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    for (_, y), (_, other), one, two in zip(places, places[1:], points, points[1:], strict=False):
        if one.value < two.value:
            assert y >= other


def test_targets_are_drawn_on_the_same_scale() -> None:
    points = [Marked(2020, 1, "1", "observed"), Marked(2025, 3, "3", "observed")]
    root = drawn(points, [(2020, 1), (2025, 3)])
    lines = {line.attrib["class"]: line.attrib["points"] for line in root.findall("polyline")}
    assert lines["actual"] == lines["target"]
    assert len(root.findall("rect")) == 2
    assert words(root, "aim") == ["≥ 3"]


def test_the_axes_have_figures_years_and_a_unit() -> None:
    root = drawn([Marked(2020, 2, "2", "printed"), Marked(2025, 4.65, "4.65", "computed")], [])
    assert words(root, "at") == ["0", "2", "4", "6"]
    assert words(root, "year") == ["2020", "2021", "2022", "2023", "2024", "2025"]
    assert words(root, "unit") == ["单位：<个>"]
    assert words(root, "value") == ["2", "4.65"]


def test_figures_of_different_origin_look_different_and_are_joined_thinly() -> None:
    points = [
        Marked(2020, 2, "2", "printed"),
        Marked(2024, 3, "3", "observed"),
        Marked(2025, 4, "4", "computed"),
    ]
    root = drawn(points, [])
    dots = [one for group in root.findall("g") for one in group if one.tag != "title"]
    assert [one.attrib["class"] for one in dots] == ["dot printed", "dot observed", "dot computed"]
    assert [line.attrib["class"] for line in root.findall("polyline")] == ["between"] * 2
    for kind in ("printed", "observed", "computed", "target"):
        assert ElementTree.fromstring(key(kind)).attrib["aria-hidden"] == "true"


def test_what_is_said_is_escaped() -> None:
    root = drawn([Marked(2020, 1, "<1", "computed")], [])
    assert root.attrib["aria-label"] == "一 & <二>"
    assert root.findall("polyline") == []


def test_words_do_not_lie_on_each_other_and_the_last_is_always_there() -> None:
    years = (2016, 2025, 2026)
    points = [Marked(year, 87, f"87.0{year % 2}", "computed") for year in years]
    root = drawn(points, [])
    assert words(root, "value") == ["87.00", "87.00"]
    named = [int(year or 0) for year in words(root, "year")]
    assert named[-1] == 2026
    assert 2 < len(named) < 11
    assert len(set(map(int.__sub__, named[1:], named))) == 1
