"""What people write, what we read, and that we say so each time."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from codes.messages import speaking
from registry.uploads.assess import assess
from registry.uploads.check import check_file, context_of
from registry.uploads.findings import CheckReport
from registry.uploads.settings import upload_settings
from tests.registry.uploads.conftest import (
    GOOD,
    TODAY,
    csv_text,
    headers_of,
    only,
    own_row,
    row,
    rules_of,
)

IDENTITY = "11010119900307109X"
"""Of nobody."""


def read_as(path: Path, key: str) -> Any:
    """Return what the first row's field is read as."""
    settings = upload_settings()
    judged = assess(path, settings, context_of(settings, False, None, TODAY), None).rows[0]
    return judged.row.fields.get(key)


@pytest.mark.parametrize(
    ("key", "written", "read", "rule"),
    [
        ("name", "　示例 幼儿园\n", "示例幼儿园", "text_cleaned"),
        ("name", "示例幼儿园Ａ１", "示例幼儿园A1", "text_cleaned"),
        ("name", "示例\u200b幼儿园\u00a0", "示例幼儿园", "text_cleaned"),
        ("name", "示例幼儿圆", "示例幼儿园", "spelling_fixed"),
        ("name", "示例幼兒園", "示例幼儿园", "script_simplified"),
        ("name", "　示例幼兒圆", "示例幼儿园", "spelling_fixed"),
        ("address", "西湖區示例路１號", "西湖区示例路1号", "script_simplified"),
        ("phone", "０５７１－８８８８１００２", "0571-88881002", "spelling_fixed"),
        ("contact_phone", "0571——88881002", "0571-88881002", "spelling_fixed"),
        ("opening_hours", "8:30—17:00", "8:30—17:00", None),
        ("type", "幼兒園", "B0101", "script_simplified"),
        ("type", "　幼儿园", "B0101", "text_cleaned"),
        ("status", "運營", "运营", "script_simplified"),
        ("ownership", "公辦", "公办", "script_simplified"),
        ("opening_hours", "周一　8:00\n周二 9:00", "周一 8:00 周二 9:00", "text_cleaned"),
        ("address", "杭洲市示例路1号", "杭州市示例路1号", "spelling_fixed"),
        ("division", "３３０１０６", "330106", "code_compacted"),
        ("division", "330106.0", "330106", "code_compacted"),
        ("division", "'330106", "330106", "code_compacted"),
        ("division", '="330106"', "330106", "code_compacted"),
        ("operator_uscc", " 12330199ma0000000y ", "12330199MA0000000Y", "code_compacted"),
        ("opened_on", "2015/9/1", "2015-09-01", "date_reformatted"),
        ("opened_on", "2015.9.1", "2015-09-01", "date_reformatted"),
        ("opened_on", "2015年9月1日", "2015-09-01", "date_reformatted"),
        ("opened_on", "20150901", "2015-09-01", "date_reformatted"),
        ("opened_on", "42248", "2015-09-01", "date_reformatted"),
        ("opened_on", "2015-09-01 00:00:00", "2015-09-01", "date_reformatted"),
        ("name", "示例&nbsp;幼儿园<br>", "示例幼儿园", "markup_removed"),
        ("operator_name", "示例A&amp;B公司", "示例A&B公司", "markup_removed"),
        ("address", "示例路1号<P class=x>东</P>", "示例路1号东", "markup_removed"),
        ("longitude", "120°5′30″", 120.091667, "angle_converted"),
        ("longitude", "120º5'30\"", 120.091667, "angle_converted"),
        ("longitude", "120.08°E", 120.08, "angle_converted"),
        ("longitude", "E120.08", 120.08, "angle_converted"),
        ("longitude", "东经１２０度５．５分", 120.091667, "angle_converted"),
        ("latitude", "北纬30度15分", 30.25, "angle_converted"),
        ("latitude", "30°15’30”N", 30.258333, "angle_converted"),
        ("latitude", "30°75′", "30°75′", None),
        ("latitude", "30°15′E", "30°15′E", None),
        ("longitude", ":120.1", ":120.1", None),
        ("floor_area", "3200°5′", "3200°5′", None),
        ("floor_area", "3,200", 3200, "number_reformatted"),
        ("floor_area", "３２００", 3200, "number_reformatted"),
        ("floor_area", "3200平方米", 3200, "number_reformatted"),
        ("floor_area", "3200.5㎡", 3200.5, "number_reformatted"),
        ("floor_area", "0.32万平方米", 3200, "unit_converted"),
        ("floor_area", "1.2万", 12000, "unit_converted"),
        ("beds", "0.1万张", 1000, "unit_converted"),
        ("enrolment", "240人", 240, "number_reformatted"),
        ("status", "营业", "运营", "value_alias"),
        ("status", "operating", "运营", "value_alias"),
        ("inclusive", "√", "是", "value_alias"),
        ("inclusive", "Y", "是", "value_alias"),
        ("datum", "火星坐标", "GCJ02", "value_alias"),
        ("type", "B0101", "B0101", None),
        ("type", "Ｂ0101　幼儿园", "B0101", "value_alias"),
        ("floor_area", "3200平", 3200, "number_reformatted"),
        ("department", "市教育局", "D02", None),
        ("website", "暂无", None, "placeholder_blank"),
        ("grade", "无等级", "未定级", "value_alias"),
        ("grade", "未评定", "未定级", "value_alias"),
        ("division", "330106000", "330106000", "division_padded"),
    ],
)
def test_written_so_read_so_and_said(
    key: str, written: str, read: Any, rule: str | None, write_csv: Callable[..., Path]
) -> None:
    path = write_csv(row(**{key: written}))
    value = read_as(path, key)
    assert value == read if key != "department" else isinstance(value, str)
    notes = [one for one in check_file(path, today=TODAY).findings if one.element == key]
    assert [one.rule for one in notes if one.severity == "note"] == ([rule] if rule else [])
    if rule:
        # csv gives what was written, and the finding shows it to the sender unchanged
        assert notes[0].value == written
        assert notes[0].row == 2
        assert notes[0].header == headers_of([key])[0]


def test_a_zero_is_no_blank_and_a_blank_is_no_zero(write_csv: Callable[..., Path]) -> None:
    assert read_as(write_csv(row(inclusive_enrolment="0")), "inclusive_enrolment") == 0
    assert read_as(write_csv(row(inclusive_enrolment="")), "inclusive_enrolment") is None
    assert read_as(write_csv(row(inclusive_enrolment="无")), "inclusive_enrolment") is None


@pytest.mark.parametrize(
    ("key", "written", "rule"),
    [
        ("opened_on", "2015年9月", "element_date"),
        ("opened_on", "2015", "element_date"),
        ("opened_on", "1/9/2015", "element_date"),
        ("opened_on", "2015-02-30", "element_date"),
        ("floor_area", "约3000", "element_type"),
        ("floor_area", "3亩", "element_type"),
        ("floor_area", "1e3", "element_type"),
        ("floor_area", "nan", None),
        ("floor_area", "3,20", "element_type"),
        ("operator_uscc", "1.2330199E+17", "value_scientific"),
        ("phone", "1.38E+10", "value_scientific"),
        ("division", "3.30106E+05", "value_scientific"),
        ("name", "示例\ue000幼儿园", "text_unprintable"),
        ("name", "[清空]", "clear_required"),
        ("type", "B0101 养老院", "type_unknown"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_was_written(
    key: str, written: str, rule: str | None, check: Callable[..., CheckReport]
) -> None:
    report = check(row(**{key: written}))
    must = [one for one in report.findings if one.severity == "must"]
    assert [(one.rule, one.value) for one in must] == ([(rule, written)] if rule else [])


def test_numbers_and_dates_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(headers_of(list(GOOD)))
    cells = row(
        division=330106.0,
        opened_on=date(2015, 9, 1),
        as_of=date(2026, 6, 30),
        phone=57100000000.0,
        operator_uscc=123301990000000000.0,
        inclusive=True,
    )
    sheet.append(list(cells.values()))
    book.save(tmp_path / "表.xlsx")
    assert read_as(tmp_path / "表.xlsx", "division") == "330106"
    assert read_as(tmp_path / "表.xlsx", "opened_on") == "2015-09-01"
    assert read_as(tmp_path / "表.xlsx", "phone") == "57100000000"
    assert read_as(tmp_path / "表.xlsx", "inclusive") == "是"
    report = check_file(tmp_path / "表.xlsx", today=TODAY)
    assert only(report, "value_scientific").element == "operator_uscc"
    assert "text_cleaned" not in rules_of(report)


def test_errors_and_formulas_of_a_workbook_reject_the_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(headers_of(list(GOOD)))
    sheet.append(list(row().values()))
    sheet["D2"] = "#N/A"
    sheet["D2"].data_type = "e"
    sheet["H2"] = "=H1"
    book.save(tmp_path / "表.xlsx")
    report = check_file(tmp_path / "表.xlsx", today=TODAY)
    assert (only(report, "cell_error").value, only(report, "cell_error").column) == ("#N/A", "D")
    assert only(report, "formula_uncalculated").value == "=H1"
    assert report.outcomes["rejected"] == 1


def test_units_in_headers_are_honoured(tmp_path: Path) -> None:
    keys = [key for key in GOOD if key != "floor_area"]
    for header, cell, area in [
        ("建筑面积(㎡)", "3200", 3200),
        ("建筑面积\n（万平方米）", "0.32", 3200),
        ("* 建筑面积 (必填)", "3200", 3200),
    ]:
        path = tmp_path / "表.csv"
        lines = [[*headers_of(keys), header], [str(GOOD[key]) for key in keys] + [cell]]
        path.write_text("\n".join(",".join(f'"{c}"' for c in line) for line in lines), "utf-8")
        assert read_as(path, "floor_area") == area


def test_a_unit_in_a_header_that_cannot_be_converted(tmp_path: Path) -> None:
    header, line = csv_text([row()]).splitlines()
    path = tmp_path / "表.csv"
    path.write_text(f"{header.replace('建筑面积', '建筑面积(亩)')}\n{line}\n", "utf-8")
    found = only(check_file(path, today=TODAY), "header_unit_unknown")
    assert (found.value, found.params["unit"], found.severity) == ("3200", "亩", "must")


def test_one_value_for_the_whole_file_fills_blanks_only(write_csv: Callable[..., Path]) -> None:
    settings = upload_settings(sets=["运营状态=暂停", "grade=省一级"])
    path = write_csv(row(status="", grade="省三级"), row(name="别的幼儿园", status="营业"))
    judged = assess(path, settings, context_of(settings, False, None, TODAY), None).rows
    assert [(one.row.fields["status"], one.row.fields["grade"]) for one in judged] == [
        ("暂停", "省三级"),
        ("运营", "省二级"),
    ]


def test_the_raw_cells_are_kept(write_csv: Callable[..., Path]) -> None:
    settings = upload_settings()
    path = write_csv(row(name="　示例　", phone=""))
    judged = assess(path, settings, context_of(settings, False, None, TODAY), None).rows[0]
    assert judged.row.raw["A"] == "　示例　"
    assert "N" not in judged.row.raw


def test_what_is_remembered_of_a_cell_is_said_in_the_language_in_use(
    check: Callable[..., CheckReport],
) -> None:
    said = {}
    for lang in ("zh", "en", "zh"):
        with speaking(lang):
            report = check(row(type="幼稚班级", department="市教育"))
        said[lang] = [one.params["near"] for one in report.findings if "near" in one.params]
    assert len(said["zh"]) == len(said["en"]) == 2
    assert all(zh != en for zh, en in zip(said["zh"], said["en"], strict=True))


def test_a_number_and_a_tick_that_are_equal_are_read_apart(write_xlsx: Callable[..., Path]) -> None:
    path = write_xlsx(*(row(name=f"示例{n}号幼儿园", staff=n) for n in (1, True, 1.0)))
    settings = upload_settings()
    rows = assess(path, settings, context_of(settings, False, None, TODAY), None).rows
    assert [one.row.seen["staff"] for one in rows] == ["1", "TRUE", "1"]
    assert [one.row.fields["staff"] for one in rows] == [1, "TRUE", 1]


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [("A0201", "未定级", None), ("A0201", "未评级", None), ("E0101", "未定级", "未评级")],
)
def test_no_grade_is_read_as_the_type_says_it(
    kind: str, written: str, read: str | None, write_csv: Callable[..., Path]
) -> None:
    path = write_csv(own_row(kind) | {"grade": written})
    assert read_as(path, "grade") == read
    findings = [one for one in check_file(path, today=TODAY).findings if one.element == "grade"]
    note = "placeholder_blank" if read is None else "value_alias"
    assert [one.rule for one in findings if one.severity in ("note", "must")] == [note]


@pytest.mark.parametrize("cell", [IDENTITY, f"张三{IDENTITY}", 110101199003071000.0])
def test_an_identity_number_is_neither_kept_nor_shown(
    cell: object, write_xlsx: Callable[..., Path]
) -> None:
    path = write_xlsx(row(contact_name=cell, phone=cell))
    settings = upload_settings()
    (judged,) = assess(path, settings, context_of(settings, False, None, TODAY), None).rows
    assert [one.rule for one in judged.findings if one.severity == "must"] == 2 * [
        "identity_number"
    ]
    assert not {"contact_name", "phone"} & set(judged.row.fields)
    for kept in (judged.row.raw, judged.row.seen, judged.findings):
        assert "19900307" not in repr(kept)
