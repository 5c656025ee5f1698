from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Engine
from stdnum.cn import uscc

from codes.book_check import check_book
from codes.categories import classes
from codes.cross_field_rules import cross_field_rules_of
from codes.divisions import division, in_force
from codes.elements import all_fields, schema_of
from codes.facility_types import facility_types
from codes.place import outline
from exports.workbooks.department_files import write_department_file
from registry.db import reading, writing
from registry.synthetic.allotment import allot
from registry.synthetic.city import SyntheticCity, make_city
from registry.synthetic.ground import lay_ground
from registry.synthetic.mark import is_synthetic, mark_synthetic
from registry.synthetic.uscc import synthetic_uscc
from registry.uploads.check import check_file

BOOKS = ("words", "counts", "naming", "operators", "measures", "departments", "dirt", "settings")
DIGEST = """
import hashlib
from registry.synthetic.city import make_city
city = make_city(7, 240)
print(hashlib.sha256(repr((city.facilities, city.files, city.dirtied)).encode()).hexdigest())
"""


@pytest.mark.parametrize("name", BOOKS)
def test_the_books_are_right(name: str) -> None:
    assert [str(mistake) for mistake in check_book(f"synthetic/{name}")] == []


def test_the_same_seed_makes_the_same_city_in_any_process() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", DIGEST]
    there = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    here = make_city(7, 240)
    shown = repr((here.facilities, here.files, here.dirtied))
    assert there.stdout.strip() == hashlib.sha256(shown.encode()).hexdigest()


def test_another_seed_makes_another_city(clean_city: SyntheticCity) -> None:
    other = make_city(8, 240, dirt=False)
    names = {one.values["name"] for one in clean_city.facilities}
    assert len({one.values["name"] for one in other.facilities} - names) > 40


def test_every_type_and_class_is_there(clean_city: SyntheticCity) -> None:
    seen = {one.type_code for one in clean_city.facilities}
    assert seen == {code for code, one in facility_types().items() if one.valid_to is None}
    assert {one.class_code for one in clean_city.facilities} == set(classes())
    sent = {key for file in clean_city.files for sheet in file.sheets for key in sheet.keys}
    assert {"name", "type", "division", "status", "as_of", "beds", "places"} <= sent


@pytest.mark.parametrize("size", [231, 420, 5000, 20000])
def test_the_size_is_met_as_far_as_every_type_allows(size: int) -> None:
    counts = allot(lay_ground("330100", 1), size)
    assert min(counts.values()) >= 1
    assert abs(sum(counts.values()) - size) <= len(counts)


def test_the_default_size_gives_what_the_sources_count() -> None:
    counts = allot(lay_ground("330100", 1), 5000)
    assert counts["E0201"] / 227 == pytest.approx(counts["A0204"] / 227)
    assert 0.7 < counts["E0201"] / 227 <= 1.05
    assert counts["E0101"] > counts["E0105"]


def test_names_are_not_given_twice(clean_city: SyntheticCity) -> None:
    given = Counter((one.type_code, one.values["name"]) for one in clean_city.facilities)
    assert max(given.values()) == 1
    assert not any(bad in name for _, name in given for bad in ("村村", "社区社区", "{"))


def test_nothing_can_be_taken_for_real(clean_city: SyntheticCity) -> None:
    assert all(file.name.startswith("合成-") for file in clean_city.files)
    for one in clean_city.facilities:
        values = one.values
        assert "示例" in values["operator_name"]
        assert "示例路" in values["address"]
        assert values.get("operator_uscc", "0" * 18)[8:10] == "00"
        assert values.get("phone", "0571-0000").startswith("0571-000")
        assert values.get("contact_phone", "0571-0001").startswith("0571-000")
        assert "示例" in values["contact_name"]
        assert "example.com" in values["website"]


def test_usccs_are_right_in_form_and_one_a_body(clean_city: SyntheticCity) -> None:
    bodies: dict[str, set[str]] = {}
    for one in clean_city.facilities:
        assert uscc.is_valid(one.values["operator_uscc"])
        bodies.setdefault(one.values["operator_uscc"], set()).add(one.values["operator_name"])
    assert all(len(names) == 1 for names in bodies.values())
    assert len(bodies) < len(clean_city.facilities)


@pytest.mark.parametrize("serial", [0, 1, 10, 999_999])
def test_the_organisation_code_inside_has_its_own_check_character(serial: int) -> None:
    body = synthetic_uscc("52", "330106", serial)[8:17]
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    left = sum(int(digit) * weight for digit, weight in zip(body[:8], weights, strict=True))
    check = 10 if body[8] == "X" else int(body[8])
    assert (left + check) % 11 == 0


def test_points_lie_in_their_county_and_divisions_are_in_force(clean_city: SyntheticCity) -> None:
    on = date(2026, 9, 30)
    for one in clean_city.facilities:
        code = one.values["division"]
        assert in_force(code, on)
        assert division(code, on).level == "village"
        assert int(code[6:9]) < 400
        point = shapely.Point(one.values["longitude"], one.values["latitude"])
        assert outline(code[:6]).contains(point), one.values


def test_figures_keep_their_bounds_and_relations(clean_city: SyntheticCity) -> None:
    for one in clean_city.facilities:
        properties = schema_of(one.type_code)["properties"]
        for key, value in one.values.items():
            if isinstance(value, int | float):
                assert value <= properties[key].get("maximum", value), (one.type_code, key)
                assert value >= properties[key].get("minimum", value), (one.type_code, key)
        for rule in cross_field_rules_of(one.type_code):
            left, right = one.values.get(rule.left), one.values.get(rule.right)
            assert left is None or right is None or left <= right, (one.values, rule.code)


def test_every_row_of_a_clean_city_passes(clean_city: SyntheticCity, tmp_path: Path) -> None:
    rows = 0
    for file in clean_city.files:
        path = write_department_file(file, tmp_path)
        report = check_file(path, department_code=file.department_code)
        worse = [one for one in report.findings if one.severity != "note"]
        assert worse == [], (file.name, worse[:3])
        assert report.outcomes["created"] == report.rows == file.row_count
        rows += report.rows
    assert rows == len(clean_city.facilities)


def test_departments_send_what_they_own_in_their_own_manner(clean_city: SyntheticCity) -> None:
    styles = {file.style.encoding for file in clean_city.files if file.style.kind == "csv"}
    assert {"gb18030", "utf-8", "utf-8-sig", "utf-16"} <= styles
    assert {file.style.datum for file in clean_city.files} >= {"GCJ02", "BD09", "CGCS2000", "WGS84"}
    assert any(sheet.titles for file in clean_city.files for sheet in file.sheets)
    english = [file for file in clean_city.files if file.style.headers == "en"]
    assert english[0].sheets[0].headers[0] == all_fields()["name"].header_en


def test_the_mark_stays_in_the_registry(registry: Engine) -> None:
    with reading(registry) as session:
        assert not is_synthetic(session)
    with writing(registry) as session:
        mark_synthetic(session, by="示例管理员", seed=1, size=2)
    with reading(registry) as session:
        assert is_synthetic(session)


def test_public_nurseries_are_inclusive_and_what_is_not_reports_none(
    clean_city: SyntheticCity,
) -> None:
    told = [one for one in clean_city.facilities if "inclusive" in one.values]
    public = [
        one for one in told
        if one.values["ownership"] == "公办" and one.class_code in ("A02", "B01")
    ]  # fmt: skip
    assert public
    assert {one.values["inclusive"] for one in public} == {"是"}
    figures: dict[str, list[int]] = {"是": [], "否": []}
    for one in told:
        parts = (one.values.get(f"inclusive_{of}") for of in ("places", "enrolment", "beds"))
        figures[one.values["inclusive"]] += [part for part in parts if part is not None]
    assert set(figures["否"]) == {0}
    assert min(figures["是"]) > 0
