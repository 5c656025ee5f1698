"""The check in DuckDB and the check row by row find the same, to the row."""

# ruff: noqa: E501 -- a table of shapes, one a line
from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlglot import exp

from codes.elements import all_fields, example_row, fields_of
from codes.errors import FuwumaError, StoreError
from codes.facility_types import facility_types
from codes.upload_limits import limit
from registry.bulk import opening, repeats
from registry.bulk.check import check_large
from registry.bulk.compile.values import Value
from registry.bulk.conditions import ABSENCE_RULES
from registry.bulk.known_cells import known_cells
from registry.bulk.report import LargeReport, Shown
from registry.bulk.row_conditions import add_row_conditions
from registry.bulk.schema_conditions import schema_conditions
from registry.bulk.table_check import TableCheck
from registry.synthetic.city import make_city
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport, Finding
from registry.uploads.judged import Context
from registry.uploads.rules import row_rules
from registry.uploads.rules.slips import example_cells
from registry.uploads.settings import UploadSettings
from tests.bench.bulk.rows import BREAKERS, COLUMNS, rows, write_csv
from tests.registry.uploads.conftest import csv_text, own_row
from tests.registry.uploads.conftest import row as good_row

ALIKE = "row_alike"
"""The one rule that the check in DuckDB leaves out, and says so."""

TODAY = date(2026, 11, 22)
Check = Callable[..., LargeReport]


def totals(report: CheckReport) -> dict[tuple[str, str, str | None], int]:
    """Return how many findings each cause has."""
    return {(one.rule, one.severity, one.element): one.total for one in report.totals()}


def agree(path: Path, settings: UploadSettings | None = None, **options: Any) -> LargeReport:
    """Check a file both ways, compare all that is reported, and return the large report."""
    small = check_file(path, settings, today=TODAY, **options)
    large = check_large(path, settings, today=TODAY, shown=Shown(50, back=True), **options)
    assert totals(large) == {key: n for key, n in totals(small).items() if key[0] != ALIKE}
    assert list(totals(large)) == [key for key in totals(small) if key[0] != ALIKE]
    assert large.outcomes == _unless_alike(small)
    assert large.rows == small.rows == sum(large.outcomes.values())
    assert large.ignored == small.ignored
    for sheet in small.source.sheets:
        assert large.outcomes_of(sheet.name) == _unless_alike(_of_sheet(small, sheet.name))
    worse = [one for one in small.findings if one.severity != "note" and one.rule != ALIKE]
    assert large.clean == (not worse)
    first = {(one.rule, one.severity, one.element): one.findings for one in large.totals()}
    for one in small.totals():
        if one.rule == ALIKE:
            continue
        assert first[one.rule, one.severity, one.element] == one.findings[:50]
    for name in ("name", "sha256", "size", "kind", "encoding", "delimiter"):
        assert getattr(large.source, name) == getattr(small.source, name)
    rows = {one.name: len(one.rows) for one in small.source.sheets}
    assert {one.name: len(one.rows) for one in large.source.sheets} == rows
    assert set(large.stopped) == _stopped(small)
    failing = {(one.sheet, one.number): _as_said(one.findings) for one in large.failing}
    assert failing == _of_rows(small)
    return large


def _of_rows(small: CheckReport) -> dict[tuple[str, int], set[str]]:
    """What is said of each row that is rejected or held for more than being alike."""
    said: dict[tuple[str, int], list[Finding]] = {row: [] for row in _stopped(small)}
    for one in small.findings:
        if one.rule != ALIKE and one.row and (one.sheet, one.row) in said:
            said[one.sheet, one.row].append(one)
    return {row: _as_said(findings) for row, findings in said.items()}


def _as_said(findings: Iterable[Finding]) -> set[str]:
    return set(map(repr, findings))


def _stopped(small: CheckReport) -> set[tuple[str, int]]:
    """The rows that are rejected or held for more than being alike."""
    return {
        (one.sheet, one.row)
        for one in small.findings
        if one.row and one.severity in ("must", "held") and one.rule != ALIKE
    }


def _of_sheet(small: CheckReport, sheet: str) -> CheckReport:
    findings = tuple(one for one in small.findings if one.sheet == sheet)
    rows = {place: one for place, one in small.row_outcomes.items() if place[0] == sheet}
    return replace(small, findings=findings, row_outcomes=rows, outcomes=small.outcomes_of(sheet))


def _unless_alike(report: CheckReport) -> dict[str, int]:
    """The outcomes if nobody had asked about rows that are merely alike: DuckDB does not."""
    held = [one for one in report.findings if one.severity == "held"]
    asked = {(one.sheet, one.row) for one in held if one.rule == ALIKE}
    only = asked - {(one.sheet, one.row) for one in held if one.rule != ALIKE}
    freed = sum(outcome == "held" and row in only for row, outcome in report.row_outcomes.items())
    outcomes = dict(report.outcomes)
    outcomes["held"] -= freed
    outcomes["created"] += freed
    return outcomes


def csv_bytes(cells: list[list[Any]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(cells)
    return out.getvalue().encode(encoding)


def table(given: list[Mapping[str, Any]], keys: tuple[str, ...] = COLUMNS) -> list[list[Any]]:
    fields = all_fields()
    return [
        [fields[key].header_zh for key in keys],
        *([r.get(key, "") for key in keys] for r in given),
    ]


def test_every_way_of_breaking_a_row(tmp_path: Path) -> None:
    count = 6 * len(BREAKERS)
    report = agree(write_csv(tmp_path / "表.csv", count, 0.7))
    assert len(report.totals()) > 40
    assert report.exact_rows < count


def test_of_fewer_places_the_first_are_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "表.csv", 6 * len(BREAKERS), 0.7)
    many, few = (check_large(path, today=TODAY, shown=Shown(most)) for most in (50, 2))
    assert totals(few) == totals(many)
    assert few.failing == ()
    for one, other in zip(few.totals(), many.totals(), strict=True):
        most = 50 if one.rule in ABSENCE_RULES else 2
        assert one.findings == other.findings[:most]


def test_one_broken_row_at_a_time_stays_the_only_one(tmp_path: Path) -> None:
    report = agree(write_csv(tmp_path / "表.csv", 800, 0.02))
    assert report.exact_rows < 30


def test_types_that_the_first_look_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of such types are not sure, and judged in full in SQL all the same."""
    monkeypatch.setattr("registry.bulk.scanning.types_met", lambda *_: ())
    report = agree(write_csv(tmp_path / "表.csv", 60, 0.1))
    assert report.exact_rows < 6


def test_cells_that_come_again_and_cells_that_no_part_showed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[frozenset[str]] = []

    def spy(*about: Any) -> frozenset[str]:
        found.append(known_cells(*about))
        return found[-1]

    monkeypatch.setattr("registry.bulk.scan.known_cells", spy)
    monkeypatch.setattr("registry.bulk.known_cells.FROM_BYTES", 0)
    monkeypatch.setattr("registry.bulk.known_cells.STRETCHES", 8)
    monkeypatch.setattr("registry.bulk.known_cells.STRETCH_BYTES", 1 << 13)
    agree(write_csv(tmp_path / "rows.csv", 800, 0.08))
    assert {"as_of", "opening_hours", "school_places"} <= found[0]
    assert not {"name", "longitude", "closed_on"} & found[0]


def test_clean_rows_are_all_decided_in_sql(tmp_path: Path) -> None:
    report = agree(write_csv(tmp_path / "表.csv", 500, 0.0))
    assert {one.rule for one in report.totals()} == {"element_recommended"}
    assert report.exact_rows == 0
    assert report.outcomes["created"] == 500


def test_what_is_odd_in_every_row_is_judged_in_sql(tmp_path: Path) -> None:
    """A department's habits (`2015/9/1`, swapped points, words of its own) are read once each."""
    habits: list[dict[str, str]] = [
        {},
        {"type": "幼儿班（民办）"},
        {"type": ""},
        {"name": ""},
        {"status": "正常", "department": "市民政局"},
        {"floor_area": "3,200.5平方米", "enrolment": "１２０"},
        {"address": "清空", "full_time_teachers": "[清空]", "status": "[清空]"},
        {"longitude": "0", "latitude": "0"},
        {"type": "", "status": "[清空]", "as_of": "[清空]"},
        {"phone": "13800000000", "opened_on": "2026/07/15"},
    ]
    given = []
    for at, row in enumerate(rows(10 * len(habits), 0.0)):
        odd = {"opened_on": row["opened_on"].replace("-", "/"), "as_of": "2026年6月30日"}
        turned = {"longitude": row["latitude"], "latitude": row["longitude"]} if at % 2 else {}
        given.append({**row, **odd, **turned, **habits[at % len(habits)]})
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(given)))
    report = agree(path)
    assert report.exact_rows == 0
    assert {"date_reformatted", "point_swapped", "type_unknown"} <= {
        one.rule for one in report.totals()
    }


def test_lines_below_the_table_where_all_else_is_given(tmp_path: Path) -> None:
    given = {"type": "幼儿园", "as_of": "2026-06-30", "status": "运营", "division": "330106"}
    cells = table(list(rows(12, 0.0)))
    at = list(COLUMNS).index
    for said, key, beside in (
        ("王科长", "status", "　"), ("王丽", "type", " "), ("制表人　李丽", "name", ""),
        ("共3家", "name", ""), ("张三", "phone", "-"), ("李四", "address", "示例路1号"),
    ):  # fmt: skip
        cells.append([""] * len(COLUMNS))
        cells[-1][at(key)] = beside
        cells[-1][at("name")] = said
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(cells))
    counted = totals(agree(path, UploadSettings(given=given)))
    assert counted["footer_row_skipped", "note", None] == 2
    assert counted["name_alone", "held", "name"] == 2


def test_the_header_again_where_the_type_is_given_for_all(tmp_path: Path) -> None:
    keys = tuple(key for key in COLUMNS if key != "type")
    cells = table(list(rows(12, 0.0)), keys)
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes([*cells, cells[0], ["合计", *[""] * (len(keys) - 1)]]))
    report = agree(path, UploadSettings(given={"type": "幼儿园"}))
    assert {"header_row_repeated", "footer_row_skipped"} <= {one.rule for one in report.totals()}


@pytest.mark.parametrize(
    "header", [("设施名称", "*运营机构（全称）", "开放时间"), ("名 称", "", "开放时间")]
)
def test_the_header_again_where_all_else_is_given(tmp_path: Path, header: tuple[str, ...]) -> None:
    """No cell of such a line is odd: it was taken for a facility called 设施名称."""
    lines = [[f"示例第{at}幼儿园", f"示例机构{at}", "全天"] for at in range(40)]
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes([["设施名称", "运营机构", "开放时间"], *lines, [*header]]))
    given = {"type": "幼儿园", "as_of": "2026-06-30", "status": "运营", "division": "330106"}
    report = agree(path, UploadSettings(given=given))
    assert (report.rows, report.outcomes["created"]) == (40, 40)


LEFT_OUT = (
    ("name", "address", "longitude", "contact_name", "accessible"),
    ("type", "division", "operator_name", "enrolment", "datum", "opened_on", "floor_area"),
    ("code", "latitude", "status", "as_of", "department", "grade", "school_id", "phone"),
    (*(key for key in COLUMNS if key not in ("name", "type")),),
)
"""Columns that a file does not have: each of ours at least once."""


@pytest.mark.parametrize("absent", LEFT_OUT, ids=["name", "type", "code", "most"])
def test_columns_that_a_file_does_not_have(tmp_path: Path, absent: tuple[str, ...]) -> None:
    assert {key for one in LEFT_OUT for key in one} == set(COLUMNS)
    keys = tuple(key for key in COLUMNS if key not in absent)
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(list(rows(12, 0.2)), keys)))
    assert agree(path).rows == 12


CELLS = (
    "", "无", "暂无", "-", "[清空]", "清空", "【清空】", "/", " ", "　", "2015/9/1", "2015年9月1日",
    "2015-09-01 00:00", "20150901", "42248", "2015-02-30", "2015.9", "２０１５-０９-０１", "2027-01-01",
    "240", "240.5", "２４０", "1,240", "1.2万", "240人", "约240", "1e3", "1.2E+10", "-3", "0",
    "3.5亩", "999999999999999999", "是", "有", "Yes", "公立", "民辦", "正常", "營業", "運營", "幼儿园",
    "幼兒園", "幼稚班", "设施类型", "设施名称", "坐标系", "WGS-84", "火星坐标", "120.08", "30.25", "330106",
    "330 106", "330104", "西湖区", "'330106", '="330106"', "市教育局", "教育局", "市卫健委", "外星局",
    "杭洲市幼儿圆", "A\u200bB", "示例\ue000", "😀园", "名\n称", "合计", "注：说明", "示例“路”,3号",
    "0571-88880000", "13800000000", "+86 138-0000-0000", "０５７１－８８８８", "www.例.cn",
    "91330106MA2B0GYX5L", "12330106MA0000000X", "B0133010600000121", "b01-330106-000001-21",
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 8])
def test_cells_of_every_kind_in_every_column(tmp_path: Path, seed: int) -> None:
    """One to three cells of a row are anything at all: what is mended, is mended as row by row."""
    random = Random(seed)
    given = []
    for row in rows(260, 0.0):
        for key in random.sample(COLUMNS, random.randint(1, 3)):
            row[key] = random.choice(CELLS)
        given.append(row)
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(given)))
    agree(path)


def test_a_synthetic_city_with_files_of_all_types(tmp_path: Path) -> None:
    city = make_city(3, 300)
    sent = [
        dict(zip(sheet.keys, row, strict=True))
        for file in city.files
        for sheet in file.sheets
        for row in sheet.rows
    ]
    keys = tuple(key for key in all_fields() if any(row.get(key) not in (None, "") for row in sent))
    path = tmp_path / "市.csv"
    path.write_bytes(csv_bytes(table(sent, keys)))
    assert agree(path).rows >= len(facility_types())


def test_all_types_with_their_example_and_with_each_cell_spoilt(tmp_path: Path) -> None:
    """Rows of each type: one like its example, and that with a cell of another type's or a bad one."""
    spoilt = ("x", "", "-1", "园" * 300, "2023-02-30", "1e3", "关闭", "0", "无")
    keys = tuple(all_fields())
    given: list[dict[str, Any]] = []
    for at, code in enumerate(facility_types()):
        example = {**own_row(code), "name": f"示例{at}号{code}"}
        fields = fields_of(code)
        given.append(example)
        for step in (0, 7):
            key = fields[(at + step) % len(fields)].key
            given.append(
                {**example, "address": f"示例路{step + 9}号", key: spoilt[(at + step) % 9]}
            )
    path = tmp_path / "全.csv"
    path.write_bytes(csv_bytes(table(given, keys)))
    assert agree(path).rows == 3 * len(facility_types())


def test_so_many_cells_of_the_example_that_it_was_filled_over(tmp_path: Path) -> None:
    telling = [one.key for one in fields_of("B0101") if one.key in example_cells()]
    given = []
    for at in range(2 * len(telling)):
        left = [telling[(at + step) % len(telling)] for step in range(3 + at % 4)]
        given.append({**own_row("B0101"), "name": f"园{at}号", "address": f"路{at}号"})
        given[-1].update((key, example_row("B0101")[key]) for key in left)
    given[0]["floor_area"] = "２，６００平方米"
    path = tmp_path / "例.csv"
    path.write_bytes(csv_bytes(table(given, tuple(given[0]))))
    report = agree(path)
    assert 0 < totals(report)["example_left", "must", None] < len(given)


WRITTEN = [
    *[("utf-8", mark) for mark in ",|"], *[("utf-8-sig", mark) for mark in ",;"],
    *[("gb18030", mark) for mark in "\t|"], ("utf-16", "\t"), ("utf-16-le", ";"), ("utf-16-be", ";"),
]  # fmt: skip
"""Each encoding with two delimiters, each delimiter with two encodings."""


@pytest.mark.parametrize(("encoding", "delimiter"), WRITTEN)
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "表.csv"
    given = list(rows(40, 0.5, seed=4))
    path.write_bytes(csv_bytes(table(given), delimiter, encoding))
    agree(path)


def _raw(tmp_path: Path, change: Callable[[list[str]], list[str]], ending: str = "\n") -> Path:
    lines = csv_bytes(table(list(rows(30, 0.0)))).decode().splitlines()
    path = tmp_path / "表.csv"
    path.write_bytes((ending.join(change(lines)) + ending).encode())
    return path


SHAPES: dict[str, Callable[[list[str]], list[str]]] = {
    "titles above": lambda lines: ["幼儿园报表", "单位：示例局,,", *lines],
    "blank lines": lambda lines: [*lines[:4], "", *lines[4:9], ",,,", "", *lines[9:], "", ""],
    "rows of blanks": lambda lines: [*lines[:4], "," * 29, " ,　" + "," * 28, *lines[4:]],
    "a header again": lambda lines: [*lines[:5], lines[0], *lines[5:]],
    "short and long rows": lambda lines: [*lines[:3], "x,y", lines[3] + ",more", lines[4] + ",,", *lines[5:]],
    "a column that is not ours": lambda lines: [f"{one},{'备注' if at == 0 else at % 3 or ''}" for at, one in enumerate(lines)],
    "a column without a header": lambda lines: [f"{one},{at % 2 or ' '}" if at else f"{one}," for at, one in enumerate(lines)],
    "two columns of a field": lambda lines: [f"{one},{'机构名称' if at == 0 else '别名' if at % 4 == 0 else ''}" for at, one in enumerate(lines)],
    "a quote inside": lambda lines: [*lines[:3], lines[3].replace("示例", '示"例', 1), *lines[4:]],
    "quoted cells": lambda lines: [",".join(f'"{cell}"' for cell in one.split(",")) for one in lines],
    "another unit": lambda lines: [lines[0].replace("建筑面积", "建筑面积(万㎡)"), *lines[1:]],
    "a unit that measures something else": lambda lines: [lines[0].replace("建筑面积", "建筑面积(人)"), *lines[1:]],
    "a header with brackets": lambda lines: [lines[0].replace("设施名称", "设施名称（必填）"), *lines[1:]],
    "no division column": lambda lines: [lines[0].replace("区划代码", "甲"), *lines[1:]],
    "no type column": lambda lines: [lines[0].replace("设施类型", "乙"), *lines[1:]],
    "footers": lambda lines: [*lines, "合计,,3", ",合 计：", "填表人：张三", "（以下空白）", ",注：以上为示例,幼儿园", ",合计幼儿园" + lines[1][lines[1].index(",", 1):]],
    "counts": lambda lines: [*lines, "合计,20", ",共1家", ",总 计：20 所", ",单位负责人：王 13905718888", ",制表人　李丽", ",说明 见附件", "总计,20 家,幼儿园", ",20", ",共二十处,幼儿园"],
    "sep=": lambda lines: ["sep=,", *lines],
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_files(tmp_path: Path, shape: str) -> None:
    agree(_raw(tmp_path, SHAPES[shape]))


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings(tmp_path: Path, ending: str) -> None:
    agree(_raw(tmp_path, lambda lines: lines, ending))


@pytest.mark.parametrize(
    "settings",
    [
        UploadSettings(given={"status": "运营", "as_of": "2026-06-30"}),
        UploadSettings(given={"type": "幼儿园", "datum": "火星坐标"}),
        UploadSettings(mapped={"联系人": "operator_name"}),
        UploadSettings(mode="update"),
    ],
)
def test_what_the_sender_says(tmp_path: Path, settings: UploadSettings) -> None:
    agree(write_csv(tmp_path / "表.csv", 200, 0.5, seed=9), settings)


@pytest.mark.parametrize("each", ["few", "most"])
def test_what_is_given_stands_where_a_cell_only_looks_filled(tmp_path: Path, each: str) -> None:
    looks_filled = (" ", "　", "\u200b", "\ufeff", "\u00a0")
    given = {"type": "幼儿园", "as_of": "2026年6月30日", "status": "运营", "datum": "火星坐标"}
    cells = list(rows(40, 0.0))
    for at, row in enumerate(cells if each == "most" else cells[::9]):
        row.update(dict.fromkeys([*given][: 1 + at % 4], looks_filled[at % 5]))
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(cells)))
    report = agree(path, UploadSettings(given=given))
    assert report.outcomes["created"] == 40


def test_the_sending_department(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "表.csv", 60, 0.3)
    from codes.departments import find_department

    for name in ("市教育局", "市民政局"):
        agree(path, department_code=find_department(name).code)


def test_rows_that_repeat_in_chains(tmp_path: Path) -> None:
    """A row found to repeat by its number does not add its name for others to repeat."""
    base = next(iter(rows(1, 0.0)))
    given = [
        {**base, "name": "甲园", "school_id": "1133000001"},
        {**base, "name": "乙园", "school_id": "1133000001"},
        {**base, "name": "乙 园", "school_id": "1133000002"},
        {**base, "name": "乙园", "school_id": " 1133000002"},
        {**base, "name": "甲-园", "address": "示例路1号"},
        {**base, "name": "甲园", "address": " 示例路1号"},
        {**base, "name": "乙园", "division": "330106001"},
    ]
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(given)))
    assert any(one.rule == "row_repeated" for one in agree(path).totals())


UTF_16 = ("utf-16", "utf-16-le")
"""With a mark and without."""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        "甲,乙\n1,2\n".encode(),
        "设施名称,设施类型\n".encode(),
        "设施名称,设施类型\n示例（请删除或覆盖此行）,幼儿园\n".encode() * 2,
        '设施名称,设施类型\n"甲,幼儿园\n乙,幼儿园\n'.encode(),
        '设施名称,设施类型\n"甲"乙,幼儿园\n'.encode(),
        "设施名称,设施类型\n甲\0,幼儿园\n".encode(),
        "设施名称,设施类型\n甲,幼儿园\n".encode() * 9 + b"\xff\xff\n",
        "设施名称,设施类型\n甲,幼儿园\n".encode() + "甲".encode() * 40_000 + b",x\n",
        b"\x00\x01\x02\x03\x04" * 100,
        *("设施名称,设施类型\n甲,幼儿园\n".encode(one) + b"\x00\xd8" * 2 for one in UTF_16),
        "设施名称,设施类型,备\0注\n甲,幼儿园,\n".encode(),
        "一\0览表,,\n设施名称,设施类型,备注\n甲,幼儿园,\n".encode(),
        f"设施名称,设施类型,备注{'注' * 40_000}\n甲,幼儿园,\n".encode(),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_same_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    with pytest.raises(FuwumaError) as small:
        check_file(path, today=TODAY)
    with pytest.raises(FuwumaError) as large:
        check_large(path, today=TODAY)
    assert str(large.value) == str(small.value)
    assert type(large.value) is type(small.value)


@pytest.mark.parametrize(
    ("content", "message_id"),
    [
        ("设施名称,设施类型\n甲,幼儿园\n".encode("utf-16") + b"\x00\xd8" * 2, "encoding_damaged"),
        ("设施名称,设施类型,备\0注\n甲,幼儿园,\n".encode(), "nul_character"),
        (f"设施名称,设施类型,备注{'注' * 40_000}\n甲,幼儿园,\n".encode(), "cell_too_long"),
    ],
    ids=["utf-16", "nul", "long"],
)
def test_what_cannot_be_read_of_a_file_that_is_too_large_to_ask_the_other_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, message_id: str
) -> None:
    given = {"file_bytes": 1}
    monkeypatch.setattr(opening, "limit", lambda name: given.get(name) or limit(name))
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    with pytest.raises(FuwumaError) as caught:
        check_large(path, today=TODAY)
    assert caught.value.message_id == f"bulk.{message_id}"
    assert str(caught.value)


def test_a_missing_file_and_a_folder_and_a_workbook(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(FuwumaError):
            check_large(path)
    with pytest.raises(FuwumaError) as error:
        check_large(Path(__file__).parents[1] / "uploads" / "files" / "names.ods")
    assert error.value.message_id == "bulk.not_text"


def test_every_rule_on_one_row_is_mirrored_or_left_to_the_exact_path() -> None:
    """A new rule fails here until it is a condition, or rows it may concern are given up."""
    conditions = {
        "type_ended", "type_not_owned", "capability_not_carried", "code_wrong", "uscc_wrong",
        "date_future", "dates_out_of_order", "part_exceeds_whole", "figures_out_of_order",
        "department_not_owner", "opened_after_data", "phone_is_mobile",
        "name_says_nothing", "name_only_type", "text_questioned",
    }  # fmt: skip
    mended = {"clear_required"}
    given_up = {
        "point_outside_division", "point_far_outside", "address_elsewhere", "datum_suspected",
        "clear_without_brackets", "name_is_example", "example_left",
        "name_alone", "address_other_county",
    }  # fmt: skip
    needs_registry = {
        "type_changed", "code_not_registered", "mode_new_only", "mode_update_only", "as_of_older",
    }  # fmt: skip
    assert set(row_rules()) == conditions | mended | given_up | needs_registry


def test_addresses_that_begin_with_a_county(tmp_path: Path) -> None:
    base = next(iter(rows(1, 0.0)))
    heads = (
        "西湖区",
        "杭州市西湖区",
        "浙江省杭州市西湖区",
        "上城区",
        "杭州上城区",
        "浙江杭州市 上城区",
        "示例路上城区",
        "浙江省余杭区",
        "",
    )
    given = [
        {**base, "name": f"示例第{at}幼儿园", "address": f"{head}示例路{at}号", **point}
        for point in ({}, {"longitude": "", "latitude": "", "datum": ""})
        for at, head in enumerate(heads, start=20 * len(point))
    ]
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(given)))
    report = agree(path)
    assert any(one.rule == "address_elsewhere" for one in report.totals())
    assert report.exact_rows < report.rows


def test_no_condition_is_lost_when_objects_come_and_go() -> None:
    """The conditions collected do not depend on which objects the interpreter has thrown away."""
    keys = {key: Value(exp.column(key)) for key in COLUMNS if key != "type"}
    told = []
    for _ in range(5):
        found = schema_conditions(keys)
        add_row_conditions(found, keys, Context(TODAY))
        told.append(sorted((one.cause, len(one.types)) for one in found.conditions()))
    assert all(one == told[0] for one in told)
    assert {cause[2] for cause, _ in told[0]} >= set(keys)


def test_names_and_codes_of_divisions_however_written(tmp_path: Path) -> None:
    written = ["临安市", "江干区", "西湖區", "文新街到", "330106000", " 330106", "没有这样的地方"]
    written += ["330106 西湖区", "330106 上城区"]
    path = tmp_path / "表.csv"
    spot = dict.fromkeys(("longitude", "latitude", "datum"), "")
    path.write_text(
        csv_text(
            [good_row(name=f"第{at}园", division=one, **spot) for at, one in enumerate(written)]
        ),
        encoding="utf-8",
    )
    causes = {rule for rule, _, element in totals(agree(path)) if element == "division"}
    assert causes >= {
        *("division_replaced", "division_split", "division_padded"),
        *("division_name_unclear", "division_name_home", "code_compacted", "division_with_name"),
    }


def test_a_text_written_to_while_it_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes(table(list(rows(12, 0.2)))))
    assert check_large(path).rows == 12
    compare = TableCheck._compare

    def then_written(*given: Any) -> None:
        compare(*given)
        path.write_bytes(csv_bytes(table(list(rows(13, 0.2)))))

    monkeypatch.setattr(TableCheck, "_compare", then_written)
    with pytest.raises(StoreError, match="表"):
        check_large(path)


def test_repeats_are_found_slice_by_slice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten million names DuckDB ran out of its memory when they were grouped at once."""
    monkeypatch.setattr(repeats, "AT_ONCE", 3)
    head, *lines = table(list(rows(20, 0.2)))
    path = tmp_path / "表.csv"
    path.write_bytes(csv_bytes([head, *lines, *lines[::2]]))
    counted = totals(agree(path))
    assert counted["row_repeated", "must", None] >= 8
