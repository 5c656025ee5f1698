"""Which county a point lies in, and when that is left open."""

import csv
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from codes import outline_file
from codes.datums import UNKNOWN, from_cgcs2000
from codes.errors import DataError, StoreError
from codes.outlines import Outlines, indexes_of, outlines
from codes.place import (
    HYPOTHESES,
    check_point,
    county_at,
    distance_to_county_m,
    distances_by_datum,
    outline,
    propose_counties,
    propose_county,
)
from codes.reach import policy

ROOT = Path(__file__).resolve().parents[3]
SCHOOLS = ROOT.parent / "shared" / "data" / "hangzhou_high_schools.csv"

XIXI = (120.134565, 30.280685)  # a school well inside 西湖区
CHANGGANG = (120.191894, 30.263108)  # one beside the line between 上城区 and 拱墅区
SEED_COUNTIES = {
    "3301": "02 05 06 08 09 10 11 12 13 14 22 27 82",
    "3309": "02 03 21 22",
    "3401": "02 03 04 11 21 22 23 24 81",
}


@pytest.mark.parametrize(("city", "counties"), SEED_COUNTIES.items())
def test_outlines_are_the_counties_of_today(city, counties):
    assert sorted(code for code in outlines().codes if code.startswith(city)) == [
        city + county for county in counties.split()
    ]


def test_every_outline_is_valid_and_stands_once():
    found = outlines()
    assert shapely.is_valid(found.shapes(np.arange(len(found.codes)))).all()
    assert Counter(found.codes.tolist()).most_common(1)[0][1] == 1
    assert all(len(code) == 6 and code.isdigit() for code in found.codes)


def test_clear_point_is_certain_in_every_datum():
    for datum in (None, UNKNOWN, "CGCS2000", "WGS84", "GCJ02", "BD09"):
        proposal = propose_county(*XIXI, datum)
        assert (proposal.county_code, proposal.certain, proposal.reason) == (
            "330106",
            True,
            "inside",
        )
        assert proposal.distance_to_border_m > 800
    assert propose_county(*XIXI, None).candidates[0].datums == HYPOTHESES


def test_point_near_a_border_is_held_with_both_counties():
    proposal = propose_county(*CHANGGANG, "GCJ02")
    assert (proposal.county_code, proposal.certain) == (None, False)
    assert proposal.reason == "near_border"
    assert {one.county_code for one in proposal.candidates} == {"330102", "330105"}
    assert [one.distance_m for one in proposal.candidates] == sorted(
        one.distance_m for one in proposal.candidates
    )
    assert proposal.distance_to_border_m == pytest.approx(
        distance_to_county_m(*_cgcs2000(CHANGGANG), proposal.candidates[1].county_code), abs=0.1
    )


def test_tolerance_decides(monkeypatch):
    limits = policy()
    distance = propose_county(*CHANGGANG, "GCJ02").distance_to_border_m
    monkeypatch.setitem(limits, "outline_tolerance_m", distance - 1)
    assert propose_county(*CHANGGANG, "GCJ02").certain
    monkeypatch.setitem(limits, "outline_tolerance_m", distance)
    assert not propose_county(*CHANGGANG, "GCJ02").certain


def test_unstated_datum_that_matters_is_asked_about():
    # 300 m east of the line between 西湖区 and 拱墅区 read as WGS84, west of it read as BD09
    proposal = propose_county(120.153968, 30.266527, UNKNOWN)
    assert (proposal.certain, proposal.reason) == (False, "datum_matters")
    inside = {one.county_code: one.datums for one in proposal.candidates if one.datums}
    assert inside == {"330106": ("GCJ02", "BD09"), "330105": ("WGS84",)}
    assert propose_county(120.153968, 30.266527, "GCJ02").candidates[0].county_code == "330106"


def test_coast_is_no_border():
    # 沈家门, a kilometre from the sea, far from any other county
    proposal = propose_county(122.30, 29.95, "CGCS2000")
    assert (proposal.county_code, proposal.distance_to_border_m) == ("330903", None)
    assert shapely.Point(122.30, 29.95).distance(outline("330903").boundary) * 111_320 < 2000


@pytest.mark.parametrize(
    ("point", "county"),
    [
        ((122.69, 30.195), "330903"),
        ((122.80, 30.85), "330922"),
    ],  # 普陀区东极, and at sea off 嵊泗县
)
def test_outside_every_outline_is_never_certain(point, county):
    proposal = propose_county(*point, "CGCS2000")
    assert (proposal.county_code, proposal.certain, proposal.reason) == (None, False, "outside")
    assert proposal.candidates[0].county_code == county
    assert 100 < proposal.candidates[0].distance_m < 20_000
    assert proposal.candidates[0].datums == ()


def test_high_sea_has_no_candidates():
    proposal = propose_county(128.0, 28.0, "CGCS2000")
    assert (proposal.reason, proposal.candidates) == ("outside", ())


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        ((0.0, 0.0), "point_zero"),
        ((30.28, 120.13), "point_swapped"),
        ((2.35, 48.86), "point_outside_china"),
        ((-120.13, 30.28), "point_outside_china"),
        ((120.13, 0.0), "point_outside_china"),
        ((math.nan, 30.28), "point_not_a_number"),
        ((120.13, math.inf), "point_not_a_number"),
        (XIXI, None),
        ((73.0, 3.0), None),
        ((136.0, 54.0), None),
    ],
)
def test_points_that_cannot_be(point, reason):
    assert check_point(*point) == reason
    proposal = propose_county(*point, None)
    if reason:
        assert (proposal.reason, proposal.certain, proposal.candidates) == (reason, False, ())
    assert re_chinese(proposal.explain())


def test_many_points_are_judged_like_one():
    points = [XIXI, (0.0, 0.0), CHANGGANG, (122.80, 30.85), (30.28, 120.13)]
    lons, lats = zip(*points, strict=True)
    assert propose_counties(lons, lats, None) == [propose_county(*point, None) for point in points]
    assert propose_counties([], [], None) == []


def test_county_at_agrees_with_shapely():
    random = np.random.default_rng(7)
    shapes = outlines().shapes(np.arange(len(outlines().codes)))
    for lon, lat in zip(random.uniform(118.5, 122.5, 60), random.uniform(29, 31, 60), strict=True):
        holding = outlines().codes[shapely.intersects_xy(shapes, lon, lat)].tolist()
        assert county_at(lon, lat) == (holding[0] if holding else None)


@settings(max_examples=60)
@given(st.floats(118.5, 120.6), st.floats(29.3, 30.4), st.floats(0, 360))
def test_distance_is_that_on_the_ground(lon, lat, bearing):
    county = "330106"
    distance = distance_to_county_m(lon, lat, county)
    nearest = shapely.shortest_line(shapely.Point(lon, lat), outline(county))
    (_, _), (east, north) = shapely.get_coordinates(nearest)
    ground = _haversine_m(lon, lat, east, north)
    # the nearest point in degrees is not quite the nearest on the ground
    assert distance <= ground * 1.005 + 1e-6
    assert distance >= ground * 0.86 - 1e-6


def test_certain_points_stay_when_moved_by_less_than_their_distance():
    random = np.random.default_rng(3)
    lons, lats = random.uniform(119, 120.6, 300), random.uniform(29.5, 30.4, 300)
    for lon, lat, one in zip(lons, lats, propose_counties(lons, lats, "CGCS2000"), strict=True):
        if one.certain:
            step = 0.99 * min(one.distance_to_border_m or 5000, 5000) / 111_700
            turns = np.linspace(0, 2 * np.pi, 8)
            easts = lon + step * np.cos(turns) / np.cos(np.radians(lat))
            moved = {
                county_at(x, y) for x, y in zip(easts, lat + step * np.sin(turns), strict=True)
            }
            assert moved <= {one.county_code, None}


def test_wrong_datum_shows():
    inside = outline("330102").representative_point()
    given_as = from_cgcs2000(inside.x, inside.y, "BD09")
    points = np.array([given_as, _cgcs2000(CHANGGANG)]).T
    found = distances_by_datum(*points, indexes_of(["330102", "330105"]))
    assert set(found) == {*HYPOTHESES, "CGCS2000"}
    assert found["BD09"][0] == 0
    assert found["WGS84"][1] == pytest.approx(
        distance_to_county_m(*_cgcs2000(CHANGGANG), "330105"), abs=1e-6
    )


def test_abolished_county_has_no_outline():
    with pytest.raises(DataError) as caught:
        outline("330104")
    assert caught.value.message_id == "place.outline_unknown"
    assert "330104" in str(caught.value)


def test_unknown_datum_is_refused_even_without_points():
    with pytest.raises(DataError):
        propose_counties([], [], "wgs-84")


def test_a_point_reads_only_the_counties_around_it():
    found = outlines.__wrapped__()
    reach = np.array([0.1])
    counties = found.within(np.array([shapely.Point(*XIXI)]), reach)[1]
    assert "330106" in found.codes[counties]
    assert 0 < len(found.read) < 30


def test_answers_are_the_same_from_the_whole_file():
    random = np.random.default_rng(5)
    points = shapely.points(random.uniform(118.5, 122.5, 200), random.uniform(29, 31, 200))
    reach = np.full(200, 0.2)
    (indexed, by_index), (whole, by_whole) = (
        (found.codes, _pairs(found, points, reach)) for found in (outlines(), _read_whole())
    )
    assert sorted(indexed) == sorted(whole)
    assert by_index == by_whole
    assert len(by_index) > 200


def test_another_edition_of_the_file_is_read_whole(monkeypatch, tmp_path):
    other = tmp_path / "district.geojson"
    monkeypatch.setattr(outline_file, "source", lambda: other)
    square = [[[[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.0]]]]
    county = {
        "type": "Feature",
        "properties": {"gb": "156330106"},
        "geometry": {"type": "MultiPolygon", "coordinates": square},
    }
    other.write_text(json.dumps({"type": "FeatureCollection", "features": [county]}))
    found = outlines.__wrapped__()
    assert found.codes.tolist() == ["330106"]
    assert found.bounds.tolist() == [[120.0, 30.0, 120.1, 30.1]]
    other.write_text("{}")
    with pytest.raises(StoreError):
        outlines.__wrapped__()


def test_a_place_that_holds_another_county_is_refused():
    places, _ = outline_file.read_index()
    (_, begin, end), (other, _, _) = places[:2]
    with pytest.raises(StoreError):
        outline_file.read_places([(other, begin, end)])


def test_missing_outline_file_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(outline_file, "source", lambda: tmp_path / "district.geojson")
    with pytest.raises(StoreError) as caught:
        outlines.__wrapped__()
    assert str(tmp_path) in str(caught.value)


def test_home_directory_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    found = outlines.__wrapped__()
    found.shapes(np.arange(3))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not SCHOOLS.exists(), reason="the list of schools is not ours to keep")
def test_schools_of_hangzhou():
    with SCHOOLS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lons, lats = ([float(row[name]) for row in rows] for name in ("经度", "纬度"))
    proposals = dict(
        zip((row["名称"] for row in rows), propose_counties(lons, lats, None), strict=True)
    )
    assert len(proposals) == 57
    assert Counter(one.reason for one in proposals.values()) == {
        "inside": 37,
        "near_border": 11,
        "datum_matters": 9,
    }
    named_after = {
        "富阳": "330111", "临安": "330112", "临平": "330113", "桐庐": "330122", "萧山": "330109",
        "下沙": "330114", "江东": "330114", "玉泉": "330106", "转塘": "330106", "大关": "330105",
    }  # fmt: skip
    for name, proposal in proposals.items():
        for part, county in named_after.items():
            if part in name and proposal.certain:
                assert proposal.county_code == county, name


def _read_whole():
    codes, shapes = outline_file.read_whole()
    found = Outlines(np.array(codes), shapely.bounds(shapes), [])
    found.take(np.arange(len(codes)), shapes)
    return found


def _pairs(found, points, reach):
    point, county = found.within(points, reach)
    return sorted(zip(point.tolist(), found.codes[county].tolist(), strict=True))


def _cgcs2000(gcj02: tuple[float, float]) -> tuple[float, float]:
    from codes.datums import to_cgcs2000

    return to_cgcs2000(*gcj02, "GCJ02")


def _haversine_m(lon: float, lat: float, east: float, north: float) -> float:
    a, b = math.radians(lat), math.radians(north)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(east - lon) / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(half))


def re_chinese(sentence: str) -> bool:
    return any("一" <= character <= "鿿" for character in sentence) and "{" not in sentence
