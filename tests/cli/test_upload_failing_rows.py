"""Of a large file the failing rows come back: as text, by their own numbers, mended they pass."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from codes.elements import all_fields
from tests.registry.uploads.conftest import csv_text, row

Fuwuma = Callable[..., tuple[int, str, str]]
SHEET = "xl/worksheets/sheet1.xml"
CODE_LIKE = "0571-0001"


def rows() -> list[dict[str, Any]]:
    good = [row(name=f"第{n}园", address=f"示例路{n}号") for n in range(40)]
    good[7] |= {"status": "很好", "enrolment": "很多", "address": "两行的\n地址"}
    good[20] |= {"division": "330104", "longitude": "", "latitude": "", "datum": ""}
    good[30] |= {"name": "=1+1", "as_of": "", "phone": CODE_LIKE, "floor_area": "007"}
    good[35] |= {"phone": ""}
    good[39] = {**good[38], "places": 21}
    return good


@pytest.fixture
def back(fuwuma: Fuwuma, tmp_path: Path) -> tuple[Any, Path, Any]:
    """Check by DuckDB into a folder; give the sheet, its path and the document."""
    path, folder = tmp_path / "大表.csv", tmp_path / "报告"
    path.write_bytes(b"sep=,\r\n" + csv_text(rows()).encode("gb18030"))
    at = ["--engine", "duckdb", "--db", "none.db"]
    code, out, err = fuwuma("upload", "check", str(path), *at, "--report", str(folder))
    assert code == 1, out + err
    assert "有其中 4 行（退回和待核共 4 行）" in out
    workbook = folder / "大表-检查结果.xlsx"
    document = json.loads((folder / "report.json").read_text("utf-8"))
    return openpyxl.load_workbook(workbook), workbook, document


def test_failing_rows_have_their_numbers_their_text_and_all_that_is_wrong(
    back: tuple[Any, Path, Any],
) -> None:
    book, _, document = back
    causes, sheet = book["问题汇总"], book.worksheets[1]
    assert document["rows"] == 40
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[0][:3] == ["处理结果", "检查结果", "设施名称"]
    assert [line[0] for line in lines[1:]] == ["退回", "待核", "退回", "退回"]
    starts = [line[1].splitlines()[0] for line in lines[1:]]
    assert starts == ["原第9行", "原第22行", "原第32行", "原第41行"]
    assert "很好" in lines[1][1] and "很多" in lines[1][1]
    third = dict(zip(lines[0], lines[3], strict=True))
    assert (third["设施名称"], third["公开电话"], third["建筑面积"]) == ("=1+1", CODE_LIKE, "007")
    name = sheet["C4"]
    assert (name.value, name.data_type) == ("=1+1", "s")
    told = " ".join(str(cell.value) for line in causes.iter_rows() for cell in line if cell.value)
    assert "只放退回和待核的4行，一行不少" in told


def test_mended_and_sent_again_they_pass(back: tuple[Any, Path, Any], fuwuma: Fuwuma) -> None:
    book, workbook, _ = back
    sheet = book.worksheets[1]
    headers = {cell.value: cell.column for cell in sheet[1]}
    for line, (header, value) in (
        (2, ("运营状态", "运营")), (2, ("在校生数", "240")), (3, ("区划代码", "330106")),
        (4, ("数据日期", "2026-06-30")), (5, ("设施名称", "另一所园")),
    ):  # fmt: skip
        sheet.cell(line, headers[header]).value = value
    sheet.cell(4, headers["设施名称"]).value = "三十园"
    book.save(workbook)
    _, out, _ = fuwuma("upload", "check", str(workbook), "--json", "--db", "none.db")
    document = json.loads(out)
    assert document["rows"] == 4
    assert document["outcomes"]["created"] == 4, document["findings"]


def test_all_rows_that_repeat_come_back_and_name_what_they_repeat(
    fuwuma: Fuwuma, tmp_path: Path
) -> None:
    path, folder = tmp_path / "重复.csv", tmp_path / "报告"
    good = [row(name=f"第{n}园", address=f"示例路{n}号") for n in range(70)]
    path.write_text(csv_text([*good, *reversed(good)]), encoding="utf-8")
    at = ["--engine", "duckdb", "--db", "none.db", "--report", str(folder)]
    _, out, _ = fuwuma("upload", "check", str(path), *at)
    assert "有其中 70 行（退回和待核共 70 行）" in out
    sheet = openpyxl.load_workbook(folder / "重复-检查结果.xlsx").worksheets[1]
    told = [sheet.cell(line, 2).value for line in (2, 71)]
    assert sheet.max_row == 71
    assert [one.splitlines()[0] for one in told] == ["原第72行", "原第141行"]
    assert "本行与第 71 行重复" in told[0] and "本行与第 2 行重复" in told[1]


def test_without_a_failing_row_there_is_no_workbook(fuwuma: Fuwuma, tmp_path: Path) -> None:
    path, folder = tmp_path / "好.csv", tmp_path / "报告"
    path.write_text(csv_text([row()]), encoding="utf-8")
    at = ["--engine", "duckdb", "--db", "none.db", "--report", str(folder)]
    assert fuwuma("upload", "check", str(path), *at)[0] == 0
    assert {one.name for one in folder.iterdir()} == {"report.json", "report.html"}


def test_of_a_long_workbook_the_failing_rows_come_back_too(fuwuma: Fuwuma, tmp_path: Path) -> None:
    path, folder = tmp_path / "大表.xlsx", tmp_path / "报告"
    sent = rows()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["一览表"])
    sheet.append([all_fields()[key].header_zh for key in sent[0]])
    for one in sent:
        one["name"] = one["name"].replace("=1+1", "=NA()")
        sheet.append(list(one.values()))
    book.save(path)
    at = ["--engine", "duckdb", "--db", "none.db", "--report", str(folder)]
    code, out, err = fuwuma("upload", "check", str(path), *at)
    assert code == 1, out + err
    workbook = folder / "大表-检查结果.xlsx"
    page = openpyxl.load_workbook(workbook).worksheets[1]
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=3)]
    starts = [str(line[1]).splitlines()[0] for line in lines]
    assert starts == ["原第10行", "原第23行", "原第33行", "原第42行"]
    assert "公式" in str(lines[2][1]) and "与第" in str(lines[3][1])


@pytest.mark.parametrize(("kind", "engine"), [("csv", "python"), ("xlsx", "duckdb")])
def test_cells_without_content_have_none_when_the_failing_rows_come_back(
    fuwuma: Fuwuma, tmp_path: Path, kind: str, engine: str
) -> None:
    given = [row(name=f"第{n}园", address=f"示例路{n}号") for n in range(5)]
    given[1]["name"], given[2]["operator_name"], given[3]["address"] = BROKEN
    path = tmp_path / f"大表.{kind}"
    book = openpyxl.Workbook()
    for one in ([all_fields()[key].header_zh for key in given[0]], *map(dict.values, given)):
        book.worksheets[0].append(list(one))
    if kind == "csv":
        path.write_text(csv_text(given), encoding="utf-8")
    else:
        book.save(path)
    at = ["--db", "none.db", "--json", "--report", str(tmp_path / "报告")]
    _, out, _ = fuwuma("upload", "check", str(path), "--engine", "duckdb", *at)
    assert json.loads(out)["outcomes"]["rejected"] == 3
    marked = tmp_path / "报告" / "大表-检查结果.xlsx"
    _, out, _ = fuwuma("upload", "check", str(marked), "--engine", engine, *at[:3])
    assert json.loads(out)["outcomes"]["rejected"] == json.loads(out)["rows"] == 3


BROKEN = ("=VLOOKUP(A2,Sheet2!A:B,2,0)", "#REF!", "='表 2'!A1")


@pytest.mark.filterwarnings("ignore:Title is more than 31 characters")
def test_of_a_long_workbook_a_name_and_a_figure_that_cannot_be_written_are_no_hindrance(
    fuwuma: Fuwuma, tmp_path: Path
) -> None:
    path, folder = tmp_path / "大表.xlsx", tmp_path / "报告"
    figures = (7771, 7772, 7773)
    sent = [row(name=f"第{n}园", status="很好", floor_area=n) for n in figures]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = f"'{'幼' * 40}'"
    sheet.append([all_fields()[key].header_zh for key in sent[0]])
    for one in sent:
        sheet.append(list(one.values()))
    book.save(path)
    odd = dict(zip(figures, ("1e999", "NaN", "-inf"), strict=True))
    _change(path, lambda xml: re.sub(r"(?<=<v>)777\d", lambda found: odd[int(found[0])], xml))
    at = ["--engine", "duckdb", "--db", "none.db", "--report", str(folder)]
    code, out, err = fuwuma("upload", "check", str(path), *at)
    assert code == 1, out + err
    page = openpyxl.load_workbook(folder / "大表-检查结果.xlsx").worksheets[1]
    assert page.title == "幼" * 31
    told = [str(page.cell(line, 2).value) for line in (2, 3, 4)]
    for line, seen in zip(told, ("“inf”", "“nan”", "“-inf”"), strict=True):
        assert "很好" in line and seen in line


def _change(path: Path, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[SHEET] = change(members[SHEET].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
