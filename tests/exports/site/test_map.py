"""The map: the page without a script, the points in view, the outlines, tiles of somebody else."""

from __future__ import annotations

import json
import re
import sqlite3
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codes.datums import from_cgcs2000
from codes.errors import UsageError
from codes.statuses import on_register
from exports.site.map_clusters import clusters
from exports.site.map_points import Kinds, Points, on_web_map, read_points
from exports.site.options import SiteOptions
from exports.site.settings import site_settings
from exports.site.words import static_files
from tests.exports.release.small_registry import code_of
from tests.exports.site.conftest import Site, opened_site

ALL = "bbox=70,10,140,60"
TILES = "https://{s}.tiles.example.org:8443/{z}/{x}/{y}.png"


def facilities(snapshot: sqlite3.Connection) -> list[sqlite3.Row]:
    statuses = on_register()
    marks = ",".join("?" * len(statuses))
    return snapshot.execute(
        f"SELECT * FROM facility WHERE status IN ({marks}) ORDER BY code", statuses
    ).fetchall()


def test_the_page_is_a_list_without_a_script(site: Site, snapshot: sqlite3.Connection) -> None:
    page = site.get("/map").text
    every = facilities(snapshot)
    assert f"在册设施 {len(every)} 处" in page
    assert page.count('class="facility-name"') == site_settings().map["listed"]
    assert "<svg viewBox" in page
    assert "CGCS2000" in page
    assert 'href="/map?page=2"' in page
    assert "<script src" in page
    assert "onclick" not in page


def test_what_has_no_point_is_counted_and_listed(site: Site, snapshot: sqlite3.Connection) -> None:
    without = [row for row in facilities(snapshot) if row["longitude"] is None]
    assert without
    page = site.get("/map").text
    assert f"未标注位置 {len(without)} 处" in page
    listed = site.get("/map?placed=no").text
    shown = set(re.findall(r'href="/code/(\w{17})"', listed))
    assert shown == {row["code"] for row in without[: site_settings().map["listed"]]}
    assert 'id="map"' not in listed


def test_the_points_in_view_are_those_of_the_release(
    site: Site, snapshot: sqlite3.Connection
) -> None:
    every = facilities(snapshot)
    placed = [row for row in every if row["longitude"] is not None]
    found = site.get(f"/map.json?{ALL}").json()
    assert (found["total"], found["unplaced"]) == (len(every), len(every) - len(placed))
    assert found["in_view"] == len(placed) == sum(mark["count"] for mark in found["marks"])
    assert found["datum"] == "CGCS2000"
    assert found["synthetic"] is True
    for mark in found["marks"]:
        if mark["count"] == 1:
            row = next(row for row in placed if row["code"] == mark["code"])
            assert (mark["lon"], mark["lat"]) == (row["longitude"], row["latitude"])
            assert (mark["name"], mark["category"]) == (row["name"], row["category_code"])


@pytest.mark.parametrize(
    ("query", "column", "value"),
    [
        ("county=330106", "county_code", "330106"),
        ("category=B", "category_code", "B"),
        ("class=D01", "class_code", "D01"),
    ],
)
def test_filters_hold_for_page_and_points(
    site: Site, snapshot: sqlite3.Connection, query: str, column: str, value: str
) -> None:
    wanted = [row for row in facilities(snapshot) if row[column] == value]
    placed = [row for row in wanted if row["longitude"] is not None]
    assert wanted
    assert f"在册设施 {len(wanted)} 处" in site.get(f"/map?{query}").text
    found = site.get(f"/map.json?{ALL}&{query}").json()
    assert (found["total"], found["in_view"]) == (len(wanted), len(placed))
    listed = {one["code"] for one in found["facilities"]}
    assert listed == {row["code"] for row in placed[: site_settings().map["listed"]]}
    places = {row["code"]: (row["longitude"], row["latitude"]) for row in placed}
    assert all((one["lon"], one["lat"]) == places[one["code"]] for one in found["facilities"])


def test_only_what_lies_in_the_box_is_in_view(site: Site, snapshot: sqlite3.Connection) -> None:
    row = next(row for row in facilities(snapshot) if row["code"] == code_of("nursery"))
    x, y = row["longitude"], row["latitude"]
    near = f"bbox={x - 1e-4},{y - 1e-4},{x + 1e-4},{y + 1e-4}"
    assert row["code"] in {
        one["code"] for one in site.get(f"/map.json?{near}").json()["facilities"]
    }
    beside = f"bbox={x + 1e-4},{y - 1e-4},{x + 2e-4},{y + 1e-4}"
    codes = {one["code"] for one in site.get(f"/map.json?{beside}").json()["facilities"]}
    assert row["code"] not in codes
    assert site.get("/map.json?bbox=0,0,1,1").json()["marks"] == []


@pytest.mark.parametrize(
    "query",
    ["", "bbox=", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=nan,0,1,1", "bbox=-inf,0,inf,1",
     "bbox=3,3,1,1", "bbox=1,2,3,4,5",
     *(f"{ALL}&columns={odd}" for odd in ("0", "-1", "9" * 30, "x", "４", "1e9")),
     f"{ALL}&county=x", f"{ALL}&category=%3Cscript%3E"],
)  # fmt: skip
def test_a_wrong_question_is_refused(site: Site, query: str) -> None:
    answer = site.get(f"/map.json?{query}")
    assert answer.status_code == 400
    assert "script" not in answer.text


@pytest.mark.parametrize("columns", ["1", "33", "999999"])
def test_odd_columns_do_no_harm(site: Site, columns: str) -> None:
    found = site.get(f"/map.json?{ALL}&columns={columns}").json()
    assert sum(mark["count"] for mark in found["marks"]) == found["in_view"]


def test_an_unknown_code_has_no_map(site: Site) -> None:
    for query in ("county=999999", "county=330100", "county=330106009", "class=zz"):
        assert site.get(f"/map?{query}").status_code == 400, query
    assert site.get("/map?focus=%22%3E%3Cscript%3E").status_code == 200


def test_the_outlines_are_those_of_the_release(site: Site, snapshot: sqlite3.Connection) -> None:
    answer = site.get("/map/outlines.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    kept = dict(snapshot.execute("SELECT county_code, geometry FROM outline").fetchall())
    assert {one["properties"]["code"]: one["geometry"] for one in features} == {
        code: json.loads(geometry) for code, geometry in kept.items()
    }


def test_nothing_hostile_reaches_the_page(site: Site) -> None:
    hostile = code_of("hostile")
    found = site.get(f"/map.json?{ALL}&class={hostile[:3]}")
    assert found.headers["content-type"].startswith("application/json")
    assert found.headers["x-content-type-options"] == "nosniff"
    page = site.get(f"/map?focus={hostile}&class={hostile[:3]}").text
    assert "<script>alert" not in page
    for script in ("basemap.js", "map.js", "place.js", "suggest.js"):
        assert "innerHTML = " not in static_files()[script].decode()


def test_the_map_is_light(site: Site) -> None:
    page = site.get("/map?indicator=hangzhou-145.07")
    assets = re.findall(r'(?:src|rel="stylesheet" href|svg.xml" href)="([^"]+)"', page.text)
    assert {asset.split("?")[0] for asset in assets} >= {"/static/leaflet.js", "/static/map.js"}
    warnings = "/map/warnings.json?indicator=hangzhou-145.07"
    fetched = [*assets, "/map/outlines.geojson", warnings, f"/map.json?{ALL}"]
    assert len(page.content) + sum(len(site.get(path).content) for path in fetched) < 300_000
    facility = site.get(f"/code/{code_of('nursery')}")
    assets = re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', facility.text)
    fetched = [*assets, "/map/outlines.geojson?county=330106"]
    assert len(facility.content) + sum(len(site.get(path).content) for path in fetched) < 300_000
    assert b"leaflet" not in site.get("/").content


def settings_of(page: str) -> dict[str, Any]:
    found = re.search(r'data-settings="([^"]*)"', page)
    assert found
    return json.loads(unescape(found[1]))  # type: ignore[no-any-return]


def test_a_map_can_begin_at_a_facility(site: Site, snapshot: sqlite3.Connection) -> None:
    row = next(row for row in facilities(snapshot) if row["code"] == code_of("nursery"))
    focus = settings_of(site.get(f"/map?focus={row['code']}").text)["focus"]
    assert focus == {
        "code": row["code"], "name": row["name"], "lon": row["longitude"], "lat": row["latitude"]
    }  # fmt: skip
    assert f"/map?focus={row['code']}" in site.get(f"/code/{row['code']}").text
    assert settings_of(site.get(f"/map?focus={code_of('home')}").text)["focus"] is None


def test_tiles_of_another_host_are_let_in_and_points_shifted(
    release: Path, snapshot: sqlite3.Connection
) -> None:
    options = SiteOptions(tiles=TILES, tiles_datum="GCJ02", tiles_credit="<b>示例</b>")
    with opened_site(release, options) as site:
        answer = site.get("/map")
        policy = answer.headers["content-security-policy"]
        assert "img-src 'self' https://*.tiles.example.org:8443;" in policy
        assert "script-src 'self';" in policy
        assert "底图坐标系：GCJ02" in answer.text
        assert "<b>示例" not in answer.text
        assert settings_of(answer.text)["tiles"] == TILES
        found = site.get(f"/map.json?{ALL}&county=330106").json()
        row = next(row for row in facilities(snapshot) if row["code"] == code_of("nursery"))
        lon, lat = from_cgcs2000(row["longitude"], row["latitude"], "GCJ02")
        mark = next(mark for mark in found["marks"] if mark.get("code") == row["code"])
        assert (mark["lon"], mark["lat"]) == pytest.approx((lon, lat), abs=1e-6)
        assert abs(lon - row["longitude"]) > 0.001
        shifted = site.get("/map/outlines.geojson").json()["features"][0]["geometry"]
        kept = json.loads(snapshot.execute("SELECT geometry FROM outline").fetchone()[0])
        assert shifted != kept
        assert site.get("/nope").headers["content-security-policy"] == policy


@pytest.mark.parametrize(
    "options",
    [
        {"tiles": "https://tiles.example.org/"},
        {"tiles": "ftp://tiles.example.org/{z}/{x}/{y}"},
        {"tiles": "javascript:alert(1)//{z}{x}{y}"},
        {"tiles": "https://a.example/{z}/{x}/{y}; script-src *"},
        {"tiles": "https://a.example;script-src/{z}/{x}/{y}"},
        {"tiles": "https://*/{z}/{x}/{y}"},
        {"tiles": "https://a@b.example/{z}/{x}/{y}"},
        {"tiles": "//a.example/{z}/{x}/{y}"},
        {"tiles": TILES, "tiles_datum": "WGS72"},
        {"tiles_datum": "GCJ02"},
        {"tiles_credit": "谁"},
    ],
)
def test_unfit_tiles_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        SiteOptions(**options)
    assert str(caught.value)


def test_tiles_of_this_site_need_no_other_policy(release: Path) -> None:
    assert SiteOptions(tiles="/tiles/{z}/{x}/{y}.png").image_source == ""


def points(count: int, seed: int = 1) -> Points:
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(119, 121, count), random.uniform(29, 31, count)
    east, south = on_web_map(lon, lat)
    kinds = Kinds(("A", "B"), random.integers(0, 2, count).astype(np.int16))
    return Points(np.arange(1, count + 1), lon, lat, east, south, kinds, kinds, kinds, kinds)


@pytest.mark.parametrize("cell", [1e-9, 1e-4, 1e-3, 1.0])
def test_clusters_lose_nothing(cell: float) -> None:
    many = points(5000)
    wanted = many.category.equal("B")
    drawn = clusters(many, wanted, cell, 60)
    assert sum(one.count for one in drawn) == int(wanted.sum())
    assert all(one.category == "B" for one in drawn)
    total = sum(one.lon * one.count for one in drawn)
    assert total == pytest.approx(float(many.lon[wanted].sum()))
    single = [one for one in drawn if one.count == 1]
    assert all(many.lon[one.row - 1] == one.lon for one in single if one.row)
    assert len({one.row for one in single}) == len(single)


def test_a_cluster_of_several_categories_has_none() -> None:
    drawn = clusters(points(500), np.ones(500, bool), 1e-3, 60)
    assert {one.category for one in drawn if one.count > 20} == {None}
    assert any(one.count > 20 for one in drawn)


def test_cells_stay_where_they_are_when_the_map_moves() -> None:
    many = points(3000)
    whole = {(one.lon, one.lat) for one in clusters(many, np.ones(3000, bool), 1e-4, 0)}
    part = clusters(many, many.within(119.5, 29.5, 120.5, 30.5), 1e-4, 0)
    inner = {
        (one.lon, one.lat) for one in part if 119.6 < one.lon < 120.4 and 29.6 < one.lat < 30.4
    }
    assert inner
    assert inner <= whole


def test_a_release_without_facilities_has_a_map(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE TABLE facility"
            " (longitude, latitude, category_code, class_code, county_code, type_code, status)"
        )
        points = read_points(db, ["运营"], "GCJ02")
    db.close()
    assert clusters(points, points.chosen(), 1e-4, 60) == []
