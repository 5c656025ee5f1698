"""Warnings on the map: counties in the colour of an indicator, on page, map and in the JSON."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from codes.datums import from_cgcs2000
from exports.site.map_clusters import clusters
from exports.site.options import SiteOptions
from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site, opened_site
from tests.exports.site.test_map import ALL, TILES, points, settings_of

INDICATOR = "hangzhou-145.07"
WARNINGS = f"/map/warnings.json?indicator={INDICATOR}"


def results(snapshot: sqlite3.Connection, year: int) -> dict[str, sqlite3.Row]:
    sql = (
        "SELECT * FROM indicator_result WHERE indicator_code = ? AND level = 'county' AND year = ?"
    )
    found = {row["division_code"]: row for row in snapshot.execute(sql, (INDICATOR, year))}
    assert {row["colour"] for row in found.values()} == {"grey", "red"}
    return found


@pytest.mark.parametrize("year", [2026, 2025])
def test_the_counties_are_those_of_the_release(
    site: Site, snapshot: sqlite3.Connection, year: int
) -> None:
    kept = results(snapshot, year)
    found = site.get(f"{WARNINGS}&year={year}").json()
    assert (found["indicator"], found["year"], found["years"]) == (
        INDICATOR, year, [2020, 2025, 2026],
    )  # fmt: skip
    shown = {one["code"]: one for one in found["counties"]}
    assert shown.keys() == kept.keys()
    for code, row in kept.items():
        assert (shown[code]["value"], shown[code]["colour"]) == (row["value"], row["colour"])
        assert shown[code]["colour_name"] == row["colour_zh"]
        assert site.get(shown[code]["page"]).status_code == 200
    outlines = site.get(f"/map/outlines.geojson?indicator={INDICATOR}&year={year}").json()
    about = [outlines, *(one["properties"] for one in outlines["features"])]
    assert {(one["indicator"], one["year"]) for one in about} == {(INDICATOR, year)}


def test_without_an_indicator_those_with_values_are_listed(site: Site) -> None:
    listed = [one["code"] for one in site.get("/map/warnings.json").json()["indicators"]]
    assert INDICATOR in listed
    assert "hangzhou-145.05" not in listed, "no county has a value"
    without = "indicator=hefei-2022.A01"
    assert site.get(f"/map/outlines.geojson?{without}").status_code == 404
    assert "这个指标没有区县结果" in site.get(f"/map?{without}").text
    assert f'value="{INDICATOR}"' in site.get("/map").text


def test_the_page_shows_them_without_a_script(site: Site, snapshot: sqlite3.Connection) -> None:
    page = site.get(f"/map?indicator={INDICATOR}&paint=warning&page=2").text
    for code, row in results(snapshot, 2026).items():
        drawn = re.search(rf'/division/{code}"[^>]*><path class="([^"]*)"', page)
        assert drawn
        assert f" w-{row['colour']}" in drawn[1]
        assert f'<tr data-code="{code}">' in page
    assert f"indicator={INDICATOR}&amp;paint=warning&amp;placed=no" in page
    assert 'id="legend-categories" aria-label="图例" hidden' in page
    assert 'id="map-warnings" class="card" aria-labelledby="map-warnings-title">' in page
    assert 'aria-labelledby="map-warnings-title" hidden' in site.get("/map").text


def test_outlines_can_carry_the_results(site: Site, snapshot: sqlite3.Connection) -> None:
    kept = results(snapshot, 2026)
    for one in site.get(f"/map/outlines.geojson?indicator={INDICATOR}").json()["features"]:
        about = one["properties"]
        assert about["colour"] == kept[about["code"]]["colour"]
    near = site.get("/map/outlines.geojson?county=330106").json()["features"]
    codes = {one["properties"]["code"] for one in near}
    sql = "SELECT neighbour_code FROM neighbour WHERE county_code = '330106'"
    assert codes == {"330106", *(code for (code,) in snapshot.execute(sql))}
    assert len(codes) < len(kept)


@pytest.mark.parametrize(
    "odd",
    ["<script>alert(1)</script>", "' OR 1=1 --", "hangzhou-145.07%00", "x" * 500, "../../etc"],
)
def test_what_there_is_not_is_said(site: Site, odd: str) -> None:
    answer = site.get(f"/map/warnings.json?indicator={odd}&year={odd}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "indicator")
    assert odd not in answer.text
    for query in (f"indicator={odd}", f"paint={odd}", f"year={odd}", f"placed={odd}"):
        page = site.get(f"/map?{query}")
        assert (page.status_code, "<script>alert" in page.text) == (400, False), query
    for query in (f"county={odd}", f"indicator={odd}", f"indicator={INDICATOR}&year={odd}"):
        outlines = site.get(f"/map/outlines.geojson?{query}")
        assert (outlines.status_code, odd in outlines.text) == (400, False)
    assert site.get(f"{WARNINGS}&year={odd}").status_code == 400
    page = site.get(f"/map?indicator={INDICATOR}&year={odd}").text
    assert "年的区县结果，下面是 2026 年的" in page, "the form kept the year of another indicator"
    assert "<script>alert" not in page


def test_marks_of_two_counties_are_kept_apart_when_asked() -> None:
    many = points(3000)
    every = np.ones(3000, bool)
    together = clusters(many, every, 1e-3, 60)
    apart = clusters(many, every, 1e-3, 60, by_county=True)
    assert {one.county for one in together if one.count > 20} == {None}
    assert {one.county for one in apart} == {"A", "B"}
    assert sum(one.count for one in apart) == 3000


def test_marks_say_their_county(site: Site, snapshot: sqlite3.Connection) -> None:
    found = site.get(f"/map.json?{ALL}&paint=warning").json()
    county = dict(snapshot.execute("SELECT code, county_code FROM facility").fetchall())
    assert found["marks"]
    assert all(one["county"] == county[one["code"]] for one in found["marks"])


def test_a_facility_has_a_map_of_its_own(site: Site, release: Path) -> None:
    path = f"/code/{code_of('nursery')}"
    page = site.get(path).text
    settings = settings_of(page)
    assert settings["county"] == "330106"
    assert settings["spot"]["code"] == code_of("nursery")
    assert "/map/outlines.geojson?county=330106" in page
    assert '<circle class="point"' in page, "the sketch stands there until the script has run"
    assert 'class="live-map"' not in site.get(f"/code/{code_of('home')}").text, "it has no point"
    options = SiteOptions(tiles=TILES, tiles_datum="BD09", tiles_credit="示例")
    with opened_site(release, options) as tiled:
        shifted = settings_of(tiled.get(path).text)
    lon, lat = (settings["spot"][name] for name in ("lon", "lat"))
    spot = shifted["spot"]
    assert (spot["lon"], spot["lat"]) == pytest.approx(from_cgcs2000(lon, lat, "BD09"))
    assert (shifted["tiles"], shifted["credit"]) == (TILES, "示例")


def test_with_an_indicator_only_what_it_counts_is_listed(
    site: Site, snapshot: sqlite3.Connection
) -> None:
    whole = site.get(f"/map.json?{ALL}").json()["total"]
    found = site.get(f"/map.json?{ALL}&indicator={INDICATOR}").json()
    types = dict(snapshot.execute("SELECT code, type_code FROM facility").fetchall())
    kinds = {types[one["code"]][:3] for one in found["facilities"]}
    assert kinds == {"B01"}, "it is about kindergartens"
    assert 0 < found["total"] < whole
    page = site.get(f"/map?indicator={INDICATOR}").text
    assert f"在册设施 {found['total']} 处" in page
    assert 'name="marks" value="yes">' in page
    kept = site.get(f"/map?indicator={INDICATOR}&marks=yes").text
    assert 'name="marks" value="yes" checked>' in kept


def test_an_indicator_leads_to_its_map_and_to_the_neighbours(
    site: Site, snapshot: sqlite3.Connection
) -> None:
    kept = results(snapshot, 2026)
    page = site.get(f"/indicator/{INDICATOR}?division=330106&year=2026").text
    assert f"/map?indicator={INDICATOR}&amp;year=2026" in page
    assert "目标是规划为杭州市全市定的，西湖区按同一目标衡量。" in page
    beside = page[page.index('id="beside"') : page.index("</section>", page.index('id="beside"'))]
    sql = "SELECT neighbour_code FROM neighbour WHERE county_code = '330106'"
    near = {"330106", *(code for (code,) in snapshot.execute(sql))}
    assert set(re.findall(r"division=(\d+)", beside)) == near & kept.keys()
    assert beside.count('aria-current="true"') == 1
    city = site.get(f"/indicator/{INDICATOR}").text
    assert 'id="beside"' not in city
    assert "按同一目标衡量" not in city


def test_a_total_of_five_years_is_said_beside_its_target(site: Site) -> None:
    listed = site.get("/indicators?plan=hangzhou-145").text
    at = listed.index("[125]")
    assert "五年累计" in listed[at : at + 120]
