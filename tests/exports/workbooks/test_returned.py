"""A dirty file comes back marked, is mended in the workbook that came back, and passes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from exports.workbooks import returned
from exports.workbooks.returned import write_returned
from exports.workbooks.settings import settings
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport

HEADERS = (
    "序号", "设施名称", "设施类型", "区划代码", "运营状态", "数据日期", "地址", "经度",
    "纬度", "坐标系", "运营机构", "举办性质", "开放时间", "启用日期", "无障碍", "备注",
)  # fmt: skip
GOOD: tuple[object, ...] = (
    1, "西湖区试填服务站", "便民服务站", "330106", "运营", date(2026, 6, 30), "示例路1号", 120.13,
    30.26, "CGCS2000", "示例运营单位", "公办", "全天", date(2024, 5, 1), "是", "=1+1",
)  # fmt: skip


def row(**changes: object) -> list[object]:
    cells = list(GOOD)
    for key, value in changes.items():
        cells[HEADERS.index(key)] = value
    return cells


def sent(path: Path, rows: Sequence[Sequence[object]], titles: Sequence[str] = ()) -> Path:
    """Write a department's workbook: titles, header, rows."""
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = workbook.add_worksheet("便民服务站 2026")
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for number, cells in enumerate([*([title] for title in titles), HEADERS, *rows]):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write(number, column, value)
    workbook.close()
    return path


def back(path: Path, **kwargs: Any) -> tuple[CheckReport, Any]:
    """Check a file and return the report and the workbook that goes back."""
    report = check_file(path)
    target = path.with_name("back.xlsx")
    write_returned(report, report.source, target, **kwargs)
    return report, openpyxl.load_workbook(target)


def values(sheet: Any, number: int) -> list[Any]:
    return [cell.value for cell in sheet[number]]


def fill(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb)[2:]


SPLIT = {"区划代码": "330104", "经度": "", "纬度": "", "坐标系": "", "地址": "办公楼二楼"}
DIRTY = (
    row(),
    row(设施名称="西湖区第二服务站", 运营状态="不清楚了"),
    row(设施名称="西湖区第三服务站", 数据日期=""),
    row(设施名称="西湖区第四服务站", **SPLIT),
    row(设施名称=" 西湖区第五服务站"),
    row(设施名称="西湖区第六服务站", 启用日期="2019-02-30", 经度="约120"),
)
"""Good, rejected, rejected, held, tidied, rejected for two cells."""


def test_the_senders_rows_come_back_where_they_were(tmp_path: Path) -> None:
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY, ["杭州市便民服务站", "2026 年"]))
    assert workbook.sheetnames == ["问题汇总", "便民服务站 2026"]
    sheet = workbook["便民服务站 2026"]
    assert values(sheet, 1)[1] == "杭州市便民服务站"
    assert values(sheet, 3)[:3] == ["检查结果", "序号", "设施名称"]
    first = values(sheet, 4)
    assert first[0] == "通过"
    assert isinstance(first[1], int)
    assert first[4] == "330106"
    assert first[6] == datetime(2026, 6, 30)  # noqa: DTZ001  a cell has no zone
    assert sheet["G4"].number_format == "yyyy-mm-dd"
    assert first[8] == 120.13
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref.startswith("A3:")


def test_bad_cells_are_coloured_and_say_what_to_do(tmp_path: Path) -> None:
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    sheet = workbook["便民服务站 2026"]
    colours = settings().colours
    status = sheet["F3"]
    assert fill(status) == colours.must
    assert "运营状态" in status.comment.text
    assert "关闭" in status.comment.text
    assert values(sheet, 3)[0].startswith("退回\n1. ")
    assert fill(sheet["G4"]) == colours.must
    assert fill(sheet["E5"]) == colours.held
    assert values(sheet, 5)[0].startswith("待核\n1. ")
    assert fill(sheet["C6"]) == colours.note
    assert values(sheet, 6)[0].startswith("通过（已整理）")
    assert sheet["C2"].comment is None
    assert fill(sheet["C2"]) == "000000"
    assert fill(sheet["A2"]) == colours.passed


def test_the_worst_finding_of_a_row_stands_first(tmp_path: Path) -> None:
    dirty = row(设施名称=" 西湖区服务站", 开放时间="", 运营状态="不清楚了")
    _, workbook = back(sent(tmp_path / "a.xlsx", [dirty]))
    lines = values(workbook["便民服务站 2026"], 2)[0].split("\n")
    assert lines[0] == "退回"
    assert "运营状态" in lines[1]
    assert "设施名称" in lines[-1]


def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    evil = ['=HYPERLINK("http://x.example","点我")', "+1+1", "-2+3", "@SUM(A1)", "http://x.example"]
    rows = [row(设施名称=f"西湖区服务站{n}", 备注=text, 地址=text) for n, text in enumerate(evil)]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    _, workbook = back(path)
    sheet = workbook.worksheets[1]
    for number, text in enumerate(evil, start=2):
        for cell in (sheet.cell(number, 8), sheet.cell(number, 17)):
            assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_causes_have_totals_and_links_to_their_cells(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    sheet = workbook["问题汇总"]
    table = {row[6].value: row for row in sheet.iter_rows() if row[6].value}
    for cause in report.totals():
        assert cause.rule in table
    held = table["division_split"]
    assert held[0].value == "待核"
    assert held[2].value == "区划代码"
    assert held[3].value == 1
    assert held[7].value == "E5"
    assert held[7].hyperlink.location == "'便民服务站 2026'!E5"
    about = "\n".join(str(row[0].value) for row in sheet.iter_rows(max_row=4))
    assert "a.xlsx" in about
    assert "共6行：新增 2、退回 3、待核 1。" in about


def test_mended_and_sent_again_it_passes(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", DIRTY, ["杭州市便民服务站"]))
    assert report.outcomes["rejected"] == 3
    sheet = workbook["便民服务站 2026"]
    mended = {"F4": "运营", "G5": date(2026, 6, 30), "E6": "330102", "H6": "示例路2号",
              "I6": 120.17, "J6": 30.24, "K6": "CGCS2000", "O8": date(2019, 2, 28),
              "I8": 120.12}  # fmt: skip
    for cell, value in mended.items():
        sheet[cell] = value
    workbook.save(tmp_path / "again.xlsx")
    again = check_file(tmp_path / "again.xlsx")
    assert again.rows == len(DIRTY)
    assert again.clean, [(one.rule, one.row, one.column) for one in again.findings]
    assert again.outcomes["created"] == len(DIRTY)


def test_sent_again_unmended_the_column_is_not_doubled(tmp_path: Path) -> None:
    first, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    workbook.save(tmp_path / "again.xlsx")
    second, again = back(tmp_path / "again.xlsx")
    assert again.sheetnames == workbook.sheetnames
    sheet = again["便民服务站 2026"]
    assert values(sheet, 1)[:2] == ["检查结果", "序号"]
    assert [one.rule for one in second.findings if one.row] == [
        one.rule for one in first.findings if one.row
    ]
    assert fill(sheet["F3"]) == settings().colours.must


def test_in_english(tmp_path: Path) -> None:
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY), lang="en")
    assert workbook.sheetnames == ["Causes", "便民服务站 2026"]
    sheet = workbook["便民服务站 2026"]
    assert values(sheet, 1)[0] == "Check result"
    assert values(sheet, 3)[0].startswith("Rejected\n1. ")


def test_a_gb18030_csv_comes_back_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADERS, *DIRTY])
    report, workbook = back(path)
    assert report.source.encoding == "gb18030"
    assert values(workbook["填报"], 4)[3] == "便民服务站"


def test_a_file_without_findings_passes_whole(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", [row(设施名称="西湖区试填服务站")]))
    assert report.clean
    assert values(workbook["便民服务站 2026"], 2)[0] == "通过"


def test_a_long_file_comes_back_with_its_bad_rows_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = returned.settings().returned.__class__(3, 2, 5000, 10, 46)
    whole = returned.settings().__class__(settings().colours, settings().template, few)
    monkeypatch.setattr(returned, "settings", lambda: whole)
    path = sent(tmp_path / "a.xlsx", DIRTY)
    report = check_file(path)
    done = write_returned(report, report.source, tmp_path / "back.xlsx")
    assert (done.rows, done.complete) == (2, False)
    workbook = openpyxl.load_workbook(tmp_path / "back.xlsx")
    sheet = workbook["便民服务站 2026"]
    assert sheet.max_row == 3
    assert values(sheet, 2)[0].startswith("退回（原第3行）")
    assert values(sheet, 3)[0].startswith("退回（原第4行）")
    about = "\n".join(str(row[0].value) for row in workbook["问题汇总"].iter_rows(max_row=5))
    assert "前2行" in about
    assert "4行" in about


def test_more_comments_than_allowed_are_left_out_but_the_cells_stay_coloured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exports.workbooks import returned_sheet

    few = settings().returned.__class__(10000, 10000, 1, 10, 46)
    whole = settings().__class__(settings().colours, settings().template, few)
    monkeypatch.setattr(returned_sheet, "settings", lambda: whole)
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    sheet = workbook["便民服务站 2026"]
    noted = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(noted) == 1
    assert fill(sheet["G4"]) == settings().colours.must


def test_nothing_is_left_behind_when_the_folder_is_not_there(tmp_path: Path) -> None:
    from codes.errors import StoreError

    report = check_file(sent(tmp_path / "a.xlsx", DIRTY))
    with pytest.raises(StoreError):
        write_returned(report, report.source, tmp_path / "absent" / "back.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
