"""A dirty file comes back marked, is mended in the workbook that came back, and passes."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from codes.messages import LANGUAGES, text
from codes.rules import rule_title, rules
from exports.upload_report import write_report
from exports.workbooks import returned
from exports.workbooks.marks import sentences
from exports.workbooks.returned import write_returned
from exports.workbooks.returned_causes import outcomes_text
from exports.workbooks.returned_layout import layout_of
from exports.workbooks.saving import add_sheet, new_workbook
from exports.workbooks.settings import settings
from exports.workbooks.template import write_template
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport
from registry.uploads.read import read_file

COMMAND = re.compile(r"fuwuma|--[a-z]|uv run|\bCLI\b")
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
    assert workbook.sheetnames == ["问题汇总", "便民服务站 2026", "代码表"]
    sheet = workbook["便民服务站 2026"]
    assert values(sheet, 1)[2] == "杭州市便民服务站"
    assert values(sheet, 3)[:4] == ["处理结果", "检查结果", "序号", "设施名称"]
    first = values(sheet, 4)
    assert first[:2] == ["新增", "通过"]
    assert isinstance(first[2], int)
    assert first[5] == "330106"
    assert first[7] == datetime(2026, 6, 30)  # noqa: DTZ001  a cell has no zone
    assert sheet["H4"].number_format == "yyyy-mm-dd"
    assert first[9] == 120.13
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref.startswith("A3:")


def test_bad_cells_are_coloured_and_say_what_to_do(tmp_path: Path) -> None:
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    sheet = workbook["便民服务站 2026"]
    colours = settings().colours
    status = sheet["G3"]
    assert fill(status) == colours.must
    assert "运营状态" in status.comment.text
    assert "关闭" in status.comment.text
    assert values(sheet, 3)[0] == "退回"
    assert values(sheet, 3)[1].startswith("1. ")
    assert fill(sheet["H4"]) == colours.must
    assert fill(sheet["F5"]) == colours.held
    assert values(sheet, 5)[0] == "待核"
    assert fill(sheet["D6"]) == colours.note
    assert values(sheet, 6)[:2] == ["新增", "已整理：设施名称"]
    assert sheet["D2"].comment is None
    assert fill(sheet["D2"]) == "000000"
    assert fill(sheet["A2"]) == colours.passed


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rule", rules())
def test_no_rule_speaks_of_commands_to_somebody_with_a_workbook(rule: str, lang: str) -> None:
    known = rules()[rule]
    message, remedy = (getattr(known, f"{name}_{lang}") for name in ("message", "remedy"))
    said = text(f"workbook.remedy.{rule}", lang=lang) if COMMAND.search(remedy) else remedy
    assert not COMMAND.search(message + said)
    assert parameters(said) <= parameters(message + remedy) | {"header"}


def parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_the_workbook_names_no_command(tmp_path: Path) -> None:
    away = {"经度": "", "纬度": "", "坐标系": ""}
    dirty = [*DIRTY, row(设施类型="", 区划代码="", **away), row(设施类型="不清楚了")]
    _, workbook = back(sent(tmp_path / "a.xlsx", dirty))
    for sheet in workbook:
        for cell in (cell for line in sheet.iter_rows() for cell in line):
            note = cell.comment.text if cell.comment else ""
            assert not COMMAND.search(f"{cell.value} {note}"), cell


def about(workbook: Any) -> str:
    return "\n".join(str(line[0].value) for line in workbook.worksheets[0].iter_rows(max_row=8))


def test_it_says_where_formulas_became_values(tmp_path: Path) -> None:
    path = sent(tmp_path / "a.xlsx", [row(), row(设施名称="西湖区第二服务站")])
    assert "公式" not in about(back(path)[1])
    workbook = openpyxl.load_workbook(path)
    for number in (2, 3):
        workbook.active.cell(number, HEADERS.index("备注") + 1).value = "=1+1"
    workbook.save(path)
    assert "2个单元格是公式" in about(back(path)[1])


def test_a_cell_without_content_has_none_when_the_workbook_comes_back(tmp_path: Path) -> None:
    path = sent(tmp_path / "a.xlsx", [row(设施名称=f"西湖区第{n}服务站") for n in range(6)])
    workbook = openpyxl.load_workbook(path)
    for number, (header, value) in enumerate(BROKEN, start=2):
        workbook.active.cell(number, HEADERS.index(header) + 1).value = value
    workbook.save(path)
    report, marked = back(path)
    assert report.outcomes["rejected"] == len(BROKEN)
    assert marked.worksheets[1].cell(3, 4).value == "=#REF!"
    again = check_file(path.with_name("back.xlsx"))
    assert again.outcomes == report.outcomes
    assert {(one.row, one.rule, one.value) for one in again.findings if one.severity == "must"} == {
        (one.row, one.rule, one.value) for one in report.findings if one.severity == "must"
    }


BROKEN = (
    ("设施名称", '=VLOOKUP(A2,Sheet2!A:B,2,0)&"站"'), ("设施名称", "#REF!"), ("运营机构", "#N/A"),
    ("地址", "=-(B5)"), ("区划代码", "#NAME?"),
)  # fmt: skip


def test_it_says_how_the_columns_moved_and_which_are_new(tmp_path: Path) -> None:
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    assert "A列在这里是C列" in about(workbook)
    assert "橙色表头的列" not in about(workbook)
    sheet = workbook["便民服务站 2026"]
    assert sheet["C1"].value == HEADERS[0]


def test_the_name_never_grows_and_what_was_sent_is_never_replaced(tmp_path: Path) -> None:
    path = sent(tmp_path / "园所.xlsx", DIRTY)
    names = []
    for _ in range(4):
        before = path.read_bytes()
        written = write_report(check_file(path), tmp_path).workbook
        assert written is not None
        assert path.read_bytes() == before
        assert written != path
        names.append(written.name)
        path = written
    assert names == ["园所-检查结果.xlsx", "园所-检查结果(2).xlsx"] * 2


def test_every_row_says_one_word_of_the_outcomes(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    column = [cell.value for cell in workbook["便民服务站 2026"]["A"]][1:]
    assert column == ["新增", "退回", "退回", "待核", "新增", "退回"]
    for outcome, total in report.outcomes.items():
        assert column.count(text(f"report.outcome_{outcome}", lang="zh")) == total


def test_how_to_mend_stands_in_the_cells_note_only(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    sheet = workbook["便民服务站 2026"]
    must = [one for one in report.findings if one.severity == "must"]
    assert len(must) >= 4
    for one in must:
        _, remedy = sentences(one, "zh")
        place = layout_of(report.source.sheets[0], report.findings).place(one)
        assert place is not None
        assert remedy not in sheet.cell(one.row, 2).value
        note = sheet.cell(one.row, place + 1).comment.text
        assert remedy in note
        assert "。 " not in note


def test_what_is_merely_not_filled_in_is_named_with_the_causes_only(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", [row(举办性质="")]))
    assert "element_recommended" in [one.rule for one in report.findings]
    assert values(workbook["便民服务站 2026"], 2)[:2] == ["新增", "通过"]
    assert "举办性质" in [cell.value for cell in workbook["问题汇总"]["C"]]


def test_a_row_stays_low_and_its_note_says_the_rest(tmp_path: Path) -> None:
    bad = dict.fromkeys(
        ("运营状态", "坐标系", "举办性质", "无障碍", "经度", "数据日期"), "不清楚了"
    )
    report, workbook = back(
        sent(tmp_path / "a.xlsx", [row(**bad), row(设施名称="西湖区第二服务站")])
    )
    sheet = workbook["便民服务站 2026"]
    assert len(values(sheet, 2)[1].split("\n")) >= 5
    assert sheet.row_dimensions[2].height == settings().returned.result_height <= 60
    for one in report.findings:
        if one.severity == "must":
            assert sentences(one, "zh")[0] in sheet["B2"].comment.text


def test_a_column_that_is_asked_for_is_there_to_be_filled_in(tmp_path: Path) -> None:
    place = HEADERS.index("区划代码")
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        away = {"经度": "", "纬度": "", "坐标系": ""}
        rows = [HEADERS, row(**away), row(设施名称="西湖区第二服务站", 地址="示例路9号", **away)]
        csv.writer(file).writerows([*one[:place], *one[place + 1 :]] for one in rows)
    report, workbook = back(path)
    assert report.outcomes["created"] == 0
    sheet = workbook["填报"]
    column = len(HEADERS) + 2
    assert sheet.cell(1, column).value == "区划代码"
    assert "请在这里补填：区划代码" in about(workbook)
    assert "区划代码" in sheet.cell(2, column).comment.text
    for number in (2, 3):
        sheet.cell(number, column).value = "330106"
    workbook.save(tmp_path / "again.xlsx")
    again, second = back(tmp_path / "again.xlsx")
    assert again.outcomes["created"] == 2
    headers = values(second["填报"], 1)
    assert headers.count("区划代码") == headers.count("处理结果") == headers.count("检查结果") == 1


def test_the_letters_said_are_those_of_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*HEADERS, "地址"], [*row(), "示例路2号"]])
    report, workbook = back(path)
    assert {"header_repeated", "cells_conflict"} <= {one.rule for one in report.findings}
    sheet = workbook["填报"]
    assert (sheet["I1"].value, sheet["S1"].value) == ("地址", "地址")
    said = "\n".join(str(cell.value) for cell in workbook["问题汇总"]["E"])
    assert "I 列" in said
    assert "S 列" in said
    assert "G 列" not in said
    assert "Q 列" not in said


def test_the_worst_finding_of_a_row_stands_first(tmp_path: Path) -> None:
    dirty = row(设施名称=" 西湖区服务站", 开放时间="", 运营状态="不清楚了")
    _, workbook = back(sent(tmp_path / "a.xlsx", [dirty]))
    lines = values(workbook["便民服务站 2026"], 2)[1].split("\n")
    assert lines[0].startswith("1. “运营状态”")
    assert lines[1:] == ["已整理：设施名称"]


def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    evil = ['=HYPERLINK("http://x.example","点我")', "+1+1", "-2+3", "@SUM(A1)", "http://x.example"]
    rows = [row(设施名称=f"西湖区服务站{n}", 备注=one, 地址=one) for n, one in enumerate(evil)]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    _, workbook = back(path)
    sheet = workbook.worksheets[1]
    for number, evil_text in enumerate(evil, start=2):
        for cell in (sheet.cell(number, 9), sheet.cell(number, 18)):
            assert (cell.value, cell.data_type, cell.hyperlink) == (evil_text, "s", None)


def test_columns_of_lists_have_their_drop_downs_again(tmp_path: Path) -> None:
    path = sent(tmp_path / "a.xlsx", DIRTY, titles=["标题"])
    report, workbook = back(path)
    sheet = workbook["便民服务站 2026"]
    offered = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    headers = {cell.value: cell.column_letter for cell in sheet[2]}
    last = sheet.max_row
    status = offered[f"{headers['运营状态']}3:{headers['运营状态']}{last}"]
    assert (status.formula1, status.errorStyle) == ('"规划,在建,运营,暂停,关闭"', "warning")
    types = offered[f"{headers['设施类型']}3:{headers['设施类型']}{last}"]
    assert types.formula1.startswith("'代码表'!$") or types.formula1.startswith("代码表!$")
    listed = workbook["代码表"]
    assert listed.sheet_state == "hidden"
    assert "便民服务站" in {cell.value for column in listed.columns for cell in column}
    assert f"{headers['设施名称']}3:{headers['设施名称']}{last}" not in offered
    again = check_file(path.with_name("back.xlsx"))
    assert again.rows == report.rows
    assert {one.name for one in again.source.skipped} == {"问题汇总", "代码表"}


def test_causes_have_totals_and_links_to_their_cells(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    sheet = workbook["问题汇总"]
    rows = [tuple(row) for row in sheet.iter_rows(min_row=5)]
    table = {(row[1].value, row[2].value): row for row in rows if row[3].value}
    for cause in report.totals():
        assert rule_title(cause.rule, "zh") in [problem for problem, _ in table]
        assert cause.rule not in [cell.value for row in rows for cell in row]
    held = table[rule_title("division_split", "zh"), "区划代码"]
    assert held[0].value == "待核"
    assert held[2].value == "区划代码"
    assert held[3].value == 1
    assert held[6].value == "全部1处"
    assert held[7].value == "F5"
    assert held[7].hyperlink.location == "'便民服务站 2026'!F5"
    assert "a.xlsx" in about(workbook)
    assert "共6行：新增 2、退回 3、待核 1。" in about(workbook)


def test_mended_and_sent_again_it_passes(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", DIRTY, ["杭州市便民服务站"]))
    assert report.outcomes["rejected"] == 3
    sheet = workbook["便民服务站 2026"]
    mended = {"G4": "运营", "H5": date(2026, 6, 30), "F6": "330102", "I6": "示例路2号",
              "J6": 120.17, "K6": 30.24, "L6": "CGCS2000", "P8": date(2019, 2, 28),
              "J8": 120.12}  # fmt: skip
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
    assert values(sheet, 1)[:3] == ["处理结果", "检查结果", "序号"]
    assert [one.rule for one in second.findings if one.row] == [
        one.rule for one in first.findings if one.row
    ]
    assert fill(sheet["G3"]) == settings().colours.must


def test_in_english(tmp_path: Path) -> None:
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY), lang="en")
    assert workbook.sheetnames == ["Causes", "便民服务站 2026", "Codes"]
    assert "filter the column 'Outcome' for rejected and held" in about(workbook)
    sheet = workbook["便民服务站 2026"]
    assert values(sheet, 1)[:2] == ["Outcome", "Check result"]
    assert values(sheet, 3)[0] == text("report.outcome_rejected", lang="en")
    assert values(sheet, 3)[1].startswith("1. ")
    workbook.save(tmp_path / "again.xlsx")
    assert {one[3] for one in check_file(tmp_path / "again.xlsx").ignored} == {"ours", "unknown"}


def test_a_gb18030_csv_comes_back_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADERS, *DIRTY])
    report, workbook = back(path)
    assert report.source.encoding == "gb18030"
    assert values(workbook["填报"], 4)[4] == "便民服务站"


def test_a_file_without_findings_passes_whole(tmp_path: Path) -> None:
    report, workbook = back(sent(tmp_path / "a.xlsx", [row(设施名称="西湖区试填服务站")]))
    assert report.clean
    assert values(workbook["便民服务站 2026"], 2)[1] == "通过"


def test_a_long_file_comes_back_with_its_bad_rows_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(settings().returned, full_rows=3)
    whole = replace(settings(), returned=few)
    monkeypatch.setattr(returned, "settings", lambda: whole)
    monkeypatch.setattr(returned, "limit", {"failing_rows_kept": 2}.__getitem__)
    path = sent(tmp_path / "a.xlsx", DIRTY)
    report = check_file(path)
    done = write_returned(report, report.source, tmp_path / "back.xlsx")
    assert (done.rows, done.complete) == (2, False)
    workbook = openpyxl.load_workbook(tmp_path / "back.xlsx")
    sheet = workbook["便民服务站 2026"]
    assert sheet.max_row == 3
    assert values(sheet, 2)[1].startswith("原第3行\n1. ")
    assert values(sheet, 3)[1].startswith("原第4行\n1. ")
    assert "前2行" in about(workbook)
    assert "4行" in about(workbook)


def test_more_comments_than_allowed_are_left_out_but_the_cells_stay_coloured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exports.workbooks import returned_sheet

    few = replace(settings().returned, comments=1)
    whole = replace(settings(), returned=few)
    assert _noted(back(sent(tmp_path / "a.xlsx", DIRTY))[1]) == 8
    monkeypatch.setattr(returned_sheet, "settings", lambda: whole)
    _, workbook = back(sent(tmp_path / "a.xlsx", DIRTY))
    sheet = workbook["便民服务站 2026"]
    assert _noted(workbook) == 1
    assert fill(sheet["H4"]) == settings().colours.must
    assert "批注最多写1个，另有7个格子只涂了颜色" in about(workbook)


def test_notes_go_to_the_senders_cells_first_and_only_these_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of which the result does not show everything has a note on the result, too."""
    from exports.workbooks import returned_sheet

    keys = ("运营状态", "坐标系", "举办性质", "无障碍", "经度", "数据日期")
    path = sent(tmp_path / "a.xlsx", [row(**dict.fromkeys(keys, "不清楚了"))] * 2)
    for most, on_cells, on_rows in ((14, 12, 2), (13, 12, 1), (5, 5, 0)):
        few = replace(settings(), returned=replace(settings().returned, comments=most))
        monkeypatch.setattr(returned_sheet, "settings", lambda few=few: few)
        _, workbook = back(path)
        sheet = workbook["便民服务站 2026"]
        noted_rows = sum(1 for cell in sheet["B"] if cell.comment)
        assert (_noted(workbook) - noted_rows, noted_rows) == (on_cells, on_rows)
    assert "批注最多写5个，另有7个格子只涂了颜色" in about(workbook)


def _noted(workbook: Any) -> int:
    cells = (cell for row in workbook["便民服务站 2026"].iter_rows() for cell in row)
    return sum(1 for cell in cells if cell.comment)


def test_what_is_not_in_it_is_said(tmp_path: Path) -> None:
    path = sent(tmp_path / "a.xlsx", [*(row(运营状态="?") for _ in range(12)), HEADERS, ["合计"]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("说明")["A1"] = "无"
    book.create_sheet("旧表")["A1"] = "无"
    book["旧表"].sheet_state = "hidden"
    book.worksheets[0].row_dimensions[4].hidden = True
    book.save(path)
    _, workbook = back(path)
    assert "没有读、也没有带回的工作表：说明、旧表" in about(workbook)
    assert "共2行没有当作数据，也没有带回" in about(workbook)
    assert "原表有1行数据是隐藏的，也检查了" in about(workbook)
    marked = {line[1]: line[6] for line in workbook["问题汇总"].values if line[6]}
    assert marked[rule_title("element_choice", "zh")] == "首10处，共12处，都已标出"
    assert marked[rule_title("header_unknown", "zh")] == "没有标在格子里，共2处"


def test_nothing_is_left_behind_when_the_folder_is_not_there(tmp_path: Path) -> None:
    from codes.errors import StoreError

    report = check_file(sent(tmp_path / "a.xlsx", DIRTY))
    with pytest.raises(StoreError):
        write_returned(report, report.source, tmp_path / "absent" / "back.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_the_instructions_come_back_too(tmp_path: Path) -> None:
    path = tmp_path / "报.xlsx"
    write_template("幼儿园", path, "zh")
    book = openpyxl.load_workbook(path)
    headers = {cell.value: cell.column for cell in book["填报"][1]}
    for header, value in (("设施名称", "甲园"), ("设施类型", "幼儿园"), ("区划代码", "330106")):
        book["填报"].cell(3, headers[header], value)
    book.save(path)
    _, returned = back(path)
    assert set(returned.sheetnames) == {"问题汇总", "填报", "代码表", "填写说明"}
    said = [cell.value for line in returned["填写说明"].iter_rows() for cell in line]
    assert "设施名称" in said
    again = read_file(tmp_path / "back.xlsx")
    assert [one.name for one in again.sheets] == ["填报"]


@pytest.mark.filterwarnings("ignore:Title is more than 31 characters")
def test_sheets_whose_names_excel_refuses_come_back(tmp_path: Path) -> None:
    long = "幼" * 30
    path = sent(tmp_path / "a.xlsx", [row(运营状态="?")])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].title = f"{long}园甲"
    for title in (f"{long}园乙", "'园'"):
        book.copy_worksheet(book.worksheets[0]).title = title
    book.save(path)
    report, workbook = back(path)
    names = [f"{long}园", f"{long[:27]} (2)", "园"]
    assert workbook.sheetnames == ["问题汇总", names[0], "代码表", *names[1:]]
    for name in names:
        assert workbook[name]["A2"].value == "退回"
        assert "?" in workbook[name]["B2"].value
    cells = (cell for line in workbook["问题汇总"].iter_rows() for cell in line)
    links = {str(cell.hyperlink.location) for cell in cells if cell.hyperlink}
    assert {one.partition("!")[0].strip("'") for one in links} == {*names}
    assert [one.name for one in report.source.sheets] == [f"{long}园甲", f"{long}园乙", "'园'"]


def test_a_name_keeps_what_a_sheet_may_be_called(tmp_path: Path) -> None:
    with new_workbook(tmp_path / "a.xlsx") as book:
        names = ("甲/乙:[1]", "A", "a", "'", "''", "𠮷" * 16, "二" * 30 + "'三")
        given = [add_sheet(book, name).get_name() for name in names]
    assert given == ["甲_乙__1_", "A", "a (2)", "_", "_ (2)", "𠮷" * 15, "二" * 30]


def test_an_identity_number_does_not_come_back(tmp_path: Path) -> None:
    number = "11010119900307109X"
    sent(tmp_path / "in.xlsx", [row(设施名称=number), row(地址=f"找张三 {number}")])
    _, workbook = back(tmp_path / "in.xlsx")
    data = workbook["便民服务站 2026"]
    shown = [cell.value for line in data for cell in line]
    notes = [cell.comment.text for line in data for cell in line if cell.comment]
    assert number not in repr((shown, notes))
    assert any("像是身份证号码" in note for note in notes)
    assert (data["D2"].value, data["I3"].value) == (None, None)


def test_counts_are_written_one_way_on_the_first_sheet(tmp_path: Path) -> None:
    report, _ = back(sent(tmp_path / "a.xlsx", [row()]))
    counted = dict.fromkeys(report.outcomes, 0) | {"created": 24604, "rejected": 32288}
    many = replace(report, outcomes=counted, rows=56892)
    for lang in LANGUAGES:
        said = outcomes_text(many, lang)
        assert "24,604" in said and "32,288" in said
        ids = ("notes_out", "part_first", "part_first_all", "part_cut", "marked_part")
        words = dict.fromkeys(("notes", "count", "shown", "total", "links", "marked"), 1234)
        for one in ids:
            assert "1234" not in text(f"workbook.cause.{one}", lang=lang, **words)
