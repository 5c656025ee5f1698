from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from codes.elements import example_row, fields_of
from codes.errors import DataError, StoreError
from codes.facility_types import facility_types
from codes.messages import LANGUAGES, text
from codes.reserved_names import begins_reserved, is_reserved
from exports.workbooks.template import write_template
from registry.uploads.check import check_file
from tests.registry.uploads.conftest import own_row

ONE_OF_EACH_CLASS = list({one.class_code: one.code for one in facility_types().values()}.values())


def written(folder: Path, type_code: str, lang: str = "zh", **kwargs: Any) -> Any:
    path = folder / "template.xlsx"
    write_template(type_code, path, lang, **kwargs)
    return openpyxl.load_workbook(path)


def column_of(sheet: Any, header: str) -> str:
    for cell in sheet[1]:
        if cell.value == header:
            return str(cell.column_letter)
    raise AssertionError(header)


NAME = "西湖区试填设施"


def own_cells(type_code: str, headers: list[str]) -> dict[str, Any]:
    """Return what a facility of one's own has, by column; the rest is as the example has it."""
    example, own = example_row(type_code), {**own_row(type_code), "name": NAME}
    keys = {
        said: one.key for one in fields_of(type_code) for said in (one.header_zh, one.header_en)
    }
    columns = {get_column_letter(at): keys.get(said) for at, said in enumerate(headers, start=1)}
    return {
        column: own.get(key) for column, key in columns.items()
        if key in example and own.get(key) != example[key]
    }  # fmt: skip


def fill_third_row(sheet: Any, type_code: str) -> None:
    """Fill in the row below the example with a facility of one's own."""
    for cell in sheet[2]:
        sheet.cell(3, cell.column).value = cell.value
    for column, value in own_cells(type_code, [cell.value for cell in sheet[1]]).items():
        sheet[f"{column}3"] = value


def with_third_row(path: Path, type_code: str, headers: list[str]) -> Path:
    """Do what `fill_third_row` does in the sheet's XML, ten times as quick as by openpyxl."""
    filled = path.with_name("filled.xlsx")
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(filled, "w") as made:
        for member in given.namelist():
            content = given.read(member)
            if member == "xl/worksheets/sheet1.xml":
                before, row, after = re.split(r'(<row r="2".*</row>)', content.decode())
                third = re.sub(r'r="([A-Z]*)2"', r'r="\g<1>3"', row)
                for column, value in own_cells(type_code, headers).items():
                    cell = _cell(f"{column}3", value)
                    third, times = re.subn(rf'<c r="{column}3".*?</c>', cell, third)
                    assert times == 1
                content = f"{before}{row}{third}{after}".encode()
            made.writestr(member, content)
    return filled


def _cell(at: str, value: Any) -> str:
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{value or ""}</t></is></c>'


@pytest.mark.parametrize("type_code", facility_types())
def test_filled_in_and_sent_back_it_passes(type_code: str, tmp_path: Path) -> None:
    write_template(type_code, tmp_path / "template.xlsx", "zh")
    with CalamineWorkbook.from_path(tmp_path / "template.xlsx") as workbook:
        headers = [str(cell) for cell in workbook.get_sheet_by_name("填报").to_python(nrows=1)[0]]
    filled = with_third_row(tmp_path / "template.xlsx", type_code, headers)
    with CalamineWorkbook.from_path(filled) as workbook:
        rows = workbook.get_sheet_by_name("填报").to_python()
    assert (rows[0][1], rows[2][1]) == ("设施名称", NAME)
    own = own_cells(type_code, headers)
    for at, (example, sent) in enumerate(zip(rows[1], rows[2], strict=True), start=1):
        assert sent == (own.get(get_column_letter(at), example) or ""), at
    report = check_file(filled)
    assert [finding.rule for finding in report.findings] == ["example_row_skipped"]
    assert report.rows == 1
    assert report.outcomes["created"] == 1


@pytest.mark.parametrize("type_code", ONE_OF_EACH_CLASS)
def test_the_english_one_passes_too(type_code: str, tmp_path: Path) -> None:
    workbook = written(tmp_path, type_code, "en")
    sheet = workbook["Data"]
    assert sheet["B1"].value == "Facility name"
    fill_third_row(sheet, type_code)
    workbook.save(tmp_path / "filled.xlsx")
    report = check_file(tmp_path / "filled.xlsx")
    assert [finding.rule for finding in report.findings] == ["example_row_skipped"]


def test_left_as_it_is_it_says_that_nothing_was_filled_in(tmp_path: Path) -> None:
    write_template("B0101", tmp_path / "t.xlsx", "zh")
    with pytest.raises(DataError) as caught:
        check_file(tmp_path / "t.xlsx")
    assert caught.value.message_id == "read.rows_examples"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reader_knows_the_names_the_template_uses(lang: str) -> None:
    assert begins_reserved("example", text("workbook.example_mark", lang=lang) + "某幼儿园")
    assert not begins_reserved("example", "示例幼儿园")
    for sheet in ("guide", "lists", "causes"):
        assert is_reserved("sheet", text(f"workbook.sheet.{sheet}", lang=lang))
    assert not is_reserved("sheet", text("workbook.sheet.data", lang=lang))
    assert is_reserved("header", text("workbook.result.header", lang=lang))


def test_headers_stand_in_order_with_a_note_each(tmp_path: Path) -> None:
    sheet = written(tmp_path, "E0101")["填报"]
    fields = fields_of("E0101")
    assert [cell.value for cell in sheet[1]] == [field.header_zh for field in fields]
    for cell, field in zip(sheet[1], fields, strict=True):
        note = cell.comment.text
        assert field.header_zh in note
        assert {"must": "必填", "should": "应填", "may": "选填"}[field.requirement] in note
        assert field.note_zh in note
        if field.unit_zh:
            assert f"单位：{field.unit_zh}" in note
        if field.private:
            assert note.count("不公开") == 1, "not published, said once"
            assert "不对外公开" not in note


def test_what_must_be_filled_in_is_coloured_apart(tmp_path: Path) -> None:
    sheet = written(tmp_path, "E0101")["填报"]
    colours: dict[str, set[str]] = {"must": set(), "should": set(), "may": set()}
    for cell, field in zip(sheet[1], fields_of("E0101"), strict=True):
        colours[field.requirement].add(cell.fill.fgColor.rgb)
    assert all(len(found) == 1 for found in colours.values())
    assert len(set.union(*colours.values())) == 3


def test_drop_downs_offer_what_the_code_lists_hold(tmp_path: Path) -> None:
    workbook = written(tmp_path, "B0101")
    sheet, lists = workbook["填报"], workbook["代码表"]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            column = str(rule.sqref).split(":")[0].rstrip("0123456789")
            cells = rule.formula1.lstrip("=").partition("!")[2].replace("$", "")
            listed = lists[cells] if ":" in cells else ((lists[cells],),)
            offered[sheet[f"{column}1"].value] = [row[0].value for row in listed]
    assert offered["设施类型"] == ["幼儿园"]
    assert offered["主管部门"] == ["市教育局"]
    assert offered["运营状态"] == ["规划", "在建", "运营", "暂停", "关闭"]
    assert offered["无障碍"] == ["是", "否"]
    assert offered["等级"][0] == "省一级"
    assert {"330106", "330114", "330106109"} <= set(offered["区划代码"])
    assert not {"330103", "330104"} & set(offered["区划代码"])


def test_a_drop_down_lets_9_and_12_digit_codes_and_clearing_through(tmp_path: Path) -> None:
    sheet = written(tmp_path, "B0101")["填报"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    division = rules[f"{column_of(sheet, '区划代码')}2"]
    assert not division.showErrorMessage
    status = rules[f"{column_of(sheet, '运营状态')}2"]
    assert status.showErrorMessage
    assert status.errorStyle == "warning"
    assert "[清空]" in status.error


def test_input_messages_keep_within_what_a_spreadsheet_allows(tmp_path: Path) -> None:
    for type_code in ONE_OF_EACH_CLASS:
        sheet = written(tmp_path, type_code)["填报"]
        for rule in sheet.data_validations.dataValidation:
            assert rule.prompt
            assert len(rule.promptTitle) <= 32
            assert len(rule.prompt) <= 255
            assert len(rule.error or "") <= 255


def test_codes_are_kept_as_text_and_dates_as_dates(tmp_path: Path) -> None:
    sheet = written(tmp_path, "B0101")["填报"]
    for header in ("区划代码", "统一社会信用代码", "公开电话", "学校标识码", "设施名称"):
        column = column_of(sheet, header)
        assert sheet.column_dimensions[column].width > 8
        assert sheet[f"{column}2"].number_format == "@"
    opened = sheet[f"{column_of(sheet, '启用日期')}2"]
    assert opened.number_format == "yyyy-mm-dd"
    assert opened.value.date() == date(2023, 3, 1)
    places = sheet[f"{column_of(sheet, '托位数')}2"]
    assert isinstance(places.value, int)


def test_the_header_stays_in_view_and_can_be_filtered(tmp_path: Path) -> None:
    sheet = written(tmp_path, "B0101")["填报"]
    assert sheet.freeze_panes == "C2"
    last = get_column_letter(len(fields_of("B0101")))
    assert sheet.auto_filter.ref.startswith("A1:") and last in sheet.auto_filter.ref


def test_the_guide_lists_every_column(tmp_path: Path) -> None:
    guide = written(tmp_path, "B0101")["填写说明"]
    shown = {row[0].value: row[1].value for row in guide.iter_rows()}
    for field in fields_of("B0101"):
        assert shown[field.header_zh] in ("必填", "应填", "选填")


def test_another_city_offers_its_own_divisions(tmp_path: Path) -> None:
    lists = written(tmp_path, "B0101", city_code="330900")["代码表"]
    values = {str(cell.value) for row in lists.iter_rows() for cell in row}
    assert "330902" in values
    assert "330106" not in values


def test_an_unknown_type_is_named_with_what_is_near(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        write_template("幼儿院", tmp_path / "t.xlsx", "zh")
    assert "幼儿园" in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("city_code", ["999999", "330106", "x"])
def test_what_is_no_city_is_refused(city_code: str, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        write_template("B0101", tmp_path / "t.xlsx", "zh", city_code)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        write_template("B0101", tmp_path / "absent" / "t.xlsx", "zh")
    assert "absent" in str(caught.value)


@pytest.mark.parametrize(("lang", "sheet"), [("zh", "填写说明"), ("en", "Instructions")])
def test_the_guide_says_which_rows_are_skipped_and_no_command(
    lang: str, sheet: str, tmp_path: Path
) -> None:
    guide = written(tmp_path, "B0101", lang)[sheet]
    lines = [str(cell.value) for cell in guide["A"] if cell.value]
    mark = text("workbook.example_mark", lang=lang).strip()
    assert begins_reserved("example", mark)
    assert not begins_reserved("example", "示例实验幼儿园")
    assert sum(mark in line for line in lines) == 1
    assert not any("fuwuma upload" in line or "--" in line for line in lines)
