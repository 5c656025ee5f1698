"""Rows that are wrong in every row of a file are decided in SQL, as the check row by row would."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from codes import facility_code
from codes.elements import all_fields, example_row
from codes.place import PlaceProposal
from registry.bulk import mending, rest
from registry.bulk.check import check_large
from registry.bulk.points import ADDRESS, BEHIND, DATUM, FAR, OUTSIDE, Points
from registry.uploads.placing.points import propose_all, strays
from tests.bench.bulk.rows import BREAKERS, rows, write_csv
from tests.registry.bulk.test_check_large import agree, csv_bytes, table

ROAD = "示例路1号"
EXAMPLE = "示例（请删除或覆盖此行）"


def _agree(path: Path, given: list[dict[str, Any]]) -> Any:
    path.write_bytes(csv_bytes(table(given)))
    return agree(path)


def _rules(report: Any) -> set[str]:
    return {one.rule for one in report.totals()}


def test_every_row_broken_leaves_none_to_the_exact_path(tmp_path: Path) -> None:
    report = agree(write_csv(tmp_path / "表.csv", 3 * len(BREAKERS), 1.0))
    assert report.exact_rows == 0


def test_rows_judged_at_once_are_as_those_left_by_the_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where most rows are odd none is called sure; what is said of them is the same."""
    path = write_csv(tmp_path / "表.csv", 2 * len(BREAKERS), 0.6)
    reports = []
    for mostly in (0.0, 1.0):
        monkeypatch.setattr(rest, "MOSTLY", mostly)
        reports.append(check_large(path))
    assert reports[0] == reports[1]


def test_cells_that_come_again_are_read_as_those_that_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which cells come again is guessed by the first rows, and only time depends on it."""
    path = write_csv(tmp_path / "表.csv", 2 * len(BREAKERS), 1.0)
    reports = []
    for guessed in (set(), set(all_fields())):
        monkeypatch.setattr(mending, "_come_again", lambda *_, guessed=guessed: guessed)
        reports.append(check_large(path))
    assert reports[0] == reports[1]


def test_points_near_borders_far_off_and_at_sea(tmp_path: Path) -> None:
    """With and without a code, an address of another county, and in every datum or none."""
    random = Random(4)
    base = next(iter(rows(1, 0.0)))
    boxes = (
        [(119.98, 120.22, 30.15, 30.35)] * 3
        + [(120.13, 120.17, 30.2, 30.27)] * 4
        + [(121.5, 122.9, 29.2, 30.8), (73, 135, 4, 53)]
    )
    given = []
    for at in range(240):
        west, east, south, north = boxes[at % len(boxes)]
        lon, lat = random.uniform(west, east), random.uniform(south, north)
        division = random.choice(["330106", "330102", "330108", "330921", ""])
        code = facility_code.make("B01", "330106", at + 1) if at % 5 == 0 else ""
        given.append({
            **base,
            "name": f"示例第{at}幼儿园",
            "code": facility_code.format(code) if code and at % 2 else code,
            "division": division,
            "longitude": f"{lon:.6f}",
            "latitude": f"{lat:.6f}",
            "datum": random.choice(["CGCS2000", "WGS84", "GCJ02", "BD09", "未知", "", "乱写"]),
            "address": random.choice(["", "杭州市上城区", "西湖区"]) + ROAD,
        })  # fmt: skip
    report = _agree(tmp_path / "表.csv", given)
    assert report.exact_rows == 0
    assert {
        "point_outside_division", "point_far_outside", "datum_suspected", "address_elsewhere",
        "address_other_county",
        "division_proposed", "division_uncertain",
    } <= _rules(report)  # fmt: skip


def test_split_divisions_by_address_and_point(tmp_path: Path) -> None:
    base = next(iter(rows(1, 0.0)))
    addresses = ["", ROAD, "四季青街道示例路", "上城区、钱塘区之间", "白杨街道示例路", "路" * 90]
    points = [("120.19", "30.25"), ("120.36", "30.30"), ("120.08", "30.25"), ("", "")]
    given = [
        {
            **base, "name": f"示例第{at}幼儿园", "division": division, "address": address,
            "longitude": lon, "latitude": lat, "datum": "CGCS2000" if lon else "",
        }
        for at, (division, address, (lon, lat)) in enumerate(
            (one, two, three)
            for one in ("330104", "330103")
            for two in addresses
            for three in points
        )
    ]  # fmt: skip
    report = _agree(tmp_path / "表.csv", given)
    assert {"division_split", "division_settled"} <= _rules(report)
    assert report.exact_rows == len(points)  # of 330104, with an address longer than SQL keeps


def test_words_that_sql_reads_as_we_do_and_words_it_does_not(tmp_path: Path) -> None:
    """Texts beyond plain Chinese are decided in SQL where nothing is compared by them."""
    base = next(iter(rows(1, 0.0)))
    kept = [
        {"operator_name": "示例①运营é"},
        {"school_id": "2-33(1)/号"},
        {"name": "示例×幼儿园"},
        {"division": "3.30106E+11"},
        {"division": "[清空]"},
        {"division": "[清空]", "longitude": "", "latitude": "", "datum": ""},
        {"name": EXAMPLE},
        {"name": ""},
        {"name": "-"},
    ]
    compared = [
        {"name": "示例é幼儿园"},
        {"name": "示例幼儿园"},
        {"address": "①号"},
        {"name": "合计"},
    ]
    given = [{**base, "name": f"示例第{at}园", **one} for at, one in enumerate([*kept, *compared])]
    report = _agree(tmp_path / "表.csv", given)
    assert report.exact_rows == 2  # é in a name, ① in an address: SQL folds them otherwise


TYPED_BROKEN = (
    ("name", "#REF!"), ("name", "=VLOOKUP(A2,Sheet2!A:B,2,0)"), ("operator_name", "#name?"),
    ("address", ' =CONCATENATE(B5,"1号")'), ("address", "\u3000#VALUE!"), ("phone", "=B2"),
    ("operator_name", "\u200b=-B2"), ("division", "=B2"), ("division", "#NUM!"),
    ("type", "#DIV/0!"), ("type", "='表 2'!A1"),
    ("status", "=B2"), ("opened_on", "=TODAY()"), ("floor_area", "#NULL!"),
    ("department", "#REF!"), ("name", '="示例园"'), ("address", '=HYPERLINK("http://x","点")'),
)  # fmt: skip
"""Cells of a text file that was saved from a spreadsheet which could not calculate."""


def test_errors_and_formulas_typed_as_text_are_no_content(tmp_path: Path) -> None:
    base = next(iter(rows(1, 0.0)))
    good = [
        {"division": '="330106"'},
        {"operator_name": "#N/A"},
        {"name": "#1示例园", "address": "＃REF！"},
    ]
    cells = [{key: cell} for key, cell in TYPED_BROKEN]
    given = [{**base, "name": f"示例第{at}园", **one} for at, one in enumerate([*cells, *good])]
    report = _agree(tmp_path / "表.csv", given)
    rules = ("cell_error", "formula_uncalculated")
    told = {at: one.rule for one in report.findings if (at := one.row) and one.rule in rules}
    wanted = [rules["=" in cell] for _, cell in TYPED_BROKEN]
    assert told == dict(enumerate(wanted, start=2))
    assert report.outcomes["rejected"] == len(cells)
    assert report.exact_rows == 0


DITTO = (
    ("name", "同上"), ("operator_name", "=同上"), ("address", " 同 上"), ("division", "同上"),
    ("type", "同上"), ("status", "如上"), ("opened_on", "〃"), ("floor_area", "Ditto"),
    ("department", "同上"), ("school_id", "=同上"),
)  # fmt: skip
NARROW = (("operator_uscc", "######"), ("opened_on", "########"), ("address", "##"))
ERR = (("name", "Err:502"), ("floor_area", "err:508"), ("school_id", "Err:522"))


def test_words_that_stand_for_no_content_are_said_as_what_they_are(tmp_path: Path) -> None:
    base = next(iter(rows(1, 0.0)))
    good = [
        {"name": "同上城区示例园"},
        {"type": "B0101 幼儿园"},
        {"address": "#1楼"},
        {"address": "Err路"},
    ]
    cells = [{key: cell} for key, cell in (*DITTO, *NARROW, *ERR)]
    given = [{**base, "name": f"示例第{at}园", **one} for at, one in enumerate([*cells, *good])]
    report = _agree(tmp_path / "表.csv", given)
    rules = ("cell_ditto", "cell_too_narrow", "cell_error")
    told = {at: one.rule for one in report.findings if (at := one.row) and one.rule in rules}
    counts = zip(rules, (len(DITTO), len(NARROW), len(ERR)), strict=True)
    wanted = [rule for rule, count in counts for _ in range(count)]
    assert told == dict(enumerate(wanted, start=2))
    assert report.outcomes["rejected"] == len(cells)
    assert report.exact_rows == 0


def test_the_worked_example_itself_is_skipped(tmp_path: Path) -> None:
    example = {key: str(one) for key, one in example_row("B0101").items()}
    told = {**dict.fromkeys(next(iter(rows(1, 0.0))), ""), **example, "name": EXAMPLE}
    given = [*rows(3, 0.0), told, {**told, "address": ROAD * 2}]
    report = _agree(tmp_path / "表.csv", given)
    assert {"example_row_skipped", "name_is_example"} <= _rules(report)


def test_a_file_of_which_every_row_says_the_same(tmp_path: Path) -> None:
    base = next(iter(rows(1, 0.0)))
    given = [{**base, "school_id": f"11330{at % 7:05d}"} for at in range(40)]
    given += [{**base, "name": "[清空]", "school_id": f"11330{at % 3:05d}"} for at in range(9)]
    report = _agree(tmp_path / "表.csv", given)
    assert sum(one.total for one in report.totals() if one.rule == "row_repeated") == 39 + 9


@pytest.mark.parametrize("datum", ["GCJ02", "未知"])
def test_points_in_arrays_are_judged_as_one_by_one(datum: str) -> None:
    random = np.random.default_rng(11)
    lon, lat = random.uniform(119.9, 120.4, 300), random.uniform(30.05, 30.5, 300)
    points = [(float(x), float(y), datum) for x, y in zip(lon, lat, strict=True)]
    counties = random.choice(["330106", "330110", "330102"], 300).tolist()
    proposals = [one for one in propose_all(points) if isinstance(one, PlaceProposal)]
    found = strays(list(zip(points, proposals, counties, strict=True)))
    many = Points.of(lon.tolist(), lat.tolist(), [datum] * 300)
    assert many.counties() == [one.county_code for one in proposals]
    is_new = np.arange(300) % 2 == 0
    said = many.said(counties, is_new, np.ones(300, dtype=bool)).tolist()
    for at, (stray, proposal) in enumerate(zip(found, proposals, strict=True)):
        near = {one.county_code for one in proposal.candidates if one.distance_m == 0}
        elsewhere = ADDRESS if counties[at] not in near else BEHIND
        expected = elsewhere if is_new[at] else 0
        if stray:
            asked = stray.far and is_new[at]
            expected |= DATUM if stray.fitting else FAR if asked else OUTSIDE
        assert said[at] == expected
