"""Files as programs really leave them, each read or refused with a sentence that helps."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from codes.elements import all_fields
from codes.errors import DataError, StoreError
from registry.uploads.check import check_file
from registry.uploads.normalising.dates import read_date
from registry.uploads.normalising.numbers import read_number
from registry.uploads.read import read_file
from tests.registry.bulk.test_check_large import agree
from tests.registry.uploads.conftest import TODAY, csv_text, row

FILES = Path(__file__).with_name("files")


def _workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sent = row()
    book.worksheets[0].append([all_fields()[key].header_zh for key in sent])
    book.worksheets[0].append(list(sent.values()))
    book.save(path)
    return path


@pytest.mark.parametrize(("given", "kind"), [("表.xls", "xlsx"), ("表.et", "xlsx"), ("表", "xlsx")])
def test_a_workbook_is_read_whatever_its_extension(tmp_path: Path, given: str, kind: str) -> None:
    made = _workbook(tmp_path / "made.xlsx")
    shutil.copy(made, tmp_path / given)
    assert read_file(tmp_path / given).kind == kind


@pytest.mark.parametrize("given", ["names.xls", "names.ods"])
def test_older_workbooks_are_read_when_called_xlsx(tmp_path: Path, given: str) -> None:
    shutil.copy(FILES / given, tmp_path / "表.xlsx")
    assert read_file(tmp_path / "表.xlsx").sheets == read_file(FILES / given).sheets


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_utf16_without_a_mark(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "表.txt"
    path.write_bytes(csv_text([row(name="𠮷祥㑇幼儿园")], delimiter=delimiter).encode(encoding))
    source = read_file(path)
    assert (source.encoding, source.delimiter, source.row_count) == (encoding, delimiter, 1)
    assert source.sheets[0].rows[0].cells[0] == "𠮷祥㑇幼儿园"


@pytest.mark.parametrize(
    "page",
    ['\r\n\r\n <html xmlns:o="urn">', "<table border=1>", '<meta charset="gb2312"><table>'],
)
def test_a_web_page_named_xls_is_told(tmp_path: Path, page: str) -> None:
    (tmp_path / "表.xls").write_text(f"{page}<tr><td>设施名称</td></tr></table>", "gb18030")
    with pytest.raises(StoreError, match="网页"):
        read_file(tmp_path / "表.xls")


def test_a_length_of_time_beyond_all_time_is_said(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_number(0, 0, 1e17, book.add_format({"num_format": "[h]:mm"}))
    with pytest.raises(DataError) as error:
        read_file(path)
    assert error.value.message_id == "read.time_too_long"


def test_data_on_hidden_sheets_alone_are_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_workbook(tmp_path / "表.xlsx"))
    book.worksheets[0].title = "名单"
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("说明").append(["见名单"])
    book.active = 1
    book.save(tmp_path / "表.xlsx")
    with pytest.raises(DataError, match="（名单）"):
        read_file(tmp_path / "表.xlsx")


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00a0", "\u3000"])
def test_what_cannot_be_seen_does_not_spoil_a_figure_or_a_day(unseen: str) -> None:
    assert read_number(f"1,2{unseen}00{unseen}", None).value == 1200
    assert read_date(f"2015.9.1{unseen}").value == "2015-09-01"


def test_a_date_in_the_place_of_a_figure_is_not_said_to_be_tidied(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_workbook(tmp_path / "表.xlsx"))
    sheet = book.worksheets[0]
    at = next(one.column for one in sheet[1] if one.value == all_fields()["floor_area"].header_zh)
    sheet.cell(2, at).value = 42248
    sheet.cell(2, at).number_format = "yyyy-mm-dd"
    book.save(tmp_path / "表.xlsx")
    rules = {one.rule for one in check_file(tmp_path / "表.xlsx", today=TODAY).findings}
    assert "number_reformatted" not in rules and "element_type" in rules


@pytest.mark.parametrize(
    ("form", "groups"), [("csv", ("坐标",)), ("xlsx", ("坐标", "设施名称", "设施类型", "地址"))]
)
def test_a_header_over_two_rows(tmp_path: Path, form: str, groups: tuple[str, ...]) -> None:
    sent = [row(name=f"示例{one}幼儿园", address=f"示例路{one}号") for one in range(3)]
    headers = [all_fields()[key].header_zh for key in sent[0]]
    point = {"经度": "坐标", "纬度": ""}
    if len(groups) == 1:  # all names above, but for the point
        upper = [point.get(one, one) for one in headers]
        lower = [one if one in point else "" for one in headers]
    else:  # all names below, but for those over both rows
        upper = [one if one in groups else point.get(one, "") for one in headers]
        lower = ["" if one in groups else one for one in headers]
    lines = [["一览表"], upper, lower, *(list(one.values()) for one in sent)]
    path = tmp_path / f"表.{form}"
    if form == "csv":
        text = "".join(",".join(map(str, one)) + "\n" for one in lines)
        path.write_text(text, "utf-8")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("表")
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    report = agree(path)
    sheet = report.source.sheets[0]
    assert (sheet.header_row, list(sheet.headers)) == (3, headers)
    assert report.rows == report.outcomes["created"] == 3


def test_rows_above_and_below_a_header_are_not_taken_for_it(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    line = csv_text([row()])
    for odd in ("主管部门,市教育局,数据日期,2026-06-30", "（必填）,（必填）,（六位）,米"):
        path.write_text(odd + "\n" + line, "utf-8")
        assert read_file(path).sheets[0].headers == tuple(line.splitlines()[0].split(","))
        path.write_text(line.replace("\n", "\n" + odd + "\n", 1), "utf-8")
        sheet = read_file(path).sheets[0]
        assert (sheet.header_row, len(sheet.rows)) == (1, 2)
