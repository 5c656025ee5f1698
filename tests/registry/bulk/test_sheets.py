"""A workbook read row by row from its XML says what the reader of small workbooks says."""

from __future__ import annotations

import pickle
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from codes.errors import DataError, FuwumaError, StoreError
from codes.upload_limits import limit
from registry.bulk import choice
from registry.bulk.choice import is_large
from registry.bulk.sheets import pieces, strings
from registry.bulk.sheets.opening import open_book
from registry.bulk.sheets.parts import STRINGS
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.dates import read_date
from registry.uploads.normalising.numbers import read_number
from registry.uploads.normalising.text import read_code, read_text
from registry.uploads.read import read_file
from registry.uploads.reading.headers import header_names
from registry.uploads.source import BrokenCell
from tests.registry.bulk.test_check_large import agree, table
from tests.registry.uploads.conftest import row as good_row

SHEET = "xl/worksheets/sheet1.xml"
HEADERS = ["设施名称", "设施类型", "区划代码", "运营状态", "数据日期"]
DAY_FORMATS = ("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "h:mm", "m/d;@", "yyyy-mm-dd hh:mm:ss")
OTHER_FORMATS = ("0.00", '"d"0', "General;[Red]-d", "@")
FIGURES = (
    0, 1, 59, 60, 61, 12.5, 42248, 42248.5, 42248.123456789, 42248.99999999, 2958465, 2958466,
    -1, -1.5, 0.25, 120.08, 120.10029999999999, 0.1 + 0.2, 1e-5, 999999999999999, 1e15,
    123456789012345678, 1.2e17, 1e21, 20150901, 330106, 1200.0,
)  # fmt: skip
TEXTS = (
    "西湖", "𠮷㑇", "330106", "１２０", "1,200", '说"明",1', " 前后 ", "上\n下", "a\r\nb", "<&>'\"",
    "_x000D_", "_x5f_ _xZ_", "\uf8ff", "\ue00a", "=1+1", "TRUE", "a\tb", "\u00a0",
    "\u3000\u200b", "",
)  # fmt: skip


def _book(path: Path, write: Callable[[Any, Any], object], **options: Any) -> Path:
    with xlsxwriter.Workbook(path, options) as book:
        write(book, book.add_worksheet("幼儿园"))
    return path


def _fill(book: Any, sheet: Any) -> None:
    """A cell of every kind, in rows of a table."""
    sheet.write_row(0, 0, HEADERS)
    row = 1
    for form in (*DAY_FORMATS, *OTHER_FORMATS):
        style = book.add_format({"num_format": form})
        for figure in FIGURES:
            sheet.write(row, 0, "园")
            sheet.write_number(row, 4, figure, style)
            row += 1
    for text in TEXTS:
        sheet.write(row, 0, "园")
        sheet.write_string(row, 2, text)
        sheet.write_formula(row, 3, '="x"', None, text)
        row += 1
    bold = book.add_format({"bold": True, "font_color": "red"})
    sheet.write_rich_string(row, 0, "一", bold, "二&<", "三")
    sheet.write_boolean(row, 1, True)
    sheet.write_formula(row, 2, '=A1&"<x>"', None, "")
    sheet.write_formula(row, 3, "=1/0", None, "#DIV/0!")
    sheet.write_formula(row, 4, "=1=2", None, False)
    sheet.write_formula(row + 1, 4, "=1+1", None, 2)
    sheet.write(row + 1, 6, "表头以外")


def _same(theirs: object, ours: object) -> bool:
    """Whether two cells show the same, and say the same whatever they are read for."""
    if isinstance(theirs, BrokenCell):
        return isinstance(ours, BrokenCell) and (ours, ours.reason) == (theirs, theirs.reason)
    both = theirs, ours
    said = [(shown(one), read_date(one), read_code(one), read_text(one, "name")) for one in both]
    figures = [read_number(one, None) for one in both]
    return said[0] == said[1] and figures[0] == figures[1]


def _compare(path: Path, folder: Path) -> None:
    small = read_file(path).sheets[0]
    (opened,) = open_book(path, header_names(), folder)
    assert opened.made is not None
    ours = list(opened.made.records(range(opened.made.lines)))
    assert opened.sheet.headers == small.headers
    assert [number for number, _, _ in ours] == [row.number for row in small.rows]
    for row, (number, _, cells) in zip(small.rows, ours, strict=True):
        for theirs, mine in zip(row.cells, cells, strict=True):
            assert _same(theirs, mine), (number, theirs, mine)


@pytest.mark.parametrize("options", [{}, {"date_1904": True}, {"constant_memory": True}])
def test_every_kind_of_cell_says_the_same(tmp_path: Path, options: dict[str, Any]) -> None:
    path = _book(tmp_path / "表.xlsx", _fill, **options)
    _compare(path, tmp_path)
    if not options:
        rezip(path, STRINGS, lambda xml: xml.replace("\n", "\r\n"))
        _compare(path, tmp_path)


def test_strings_that_are_not_kept_in_memory_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strings, "KEPT", 3)
    _compare(_book(tmp_path / "表.xlsx", _fill), tmp_path)


def test_strings_without_text_are_counted_to_the_end(tmp_path: Path) -> None:
    path = _book(tmp_path / "表.xlsx", _few)
    count = len(HEADERS) + 2
    rezip(path, STRINGS, lambda xml: xml.replace("</sst>", "<si/><si/></sst>"))
    rezip(path, SHEET, lambda xml: xml.replace("<v>5</v>", f"<v>{count + 1}</v>", 1))
    _compare(path, tmp_path)


def test_a_part_may_be_cut_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 100)

    def write(book: Any, sheet: Any) -> None:
        _few(book, sheet)
        for row in range(10, 50, 2):
            sheet.merge_range(row, 0, row + 1, 0, "合")

    path = _book(tmp_path / "表.xlsx", write)
    merged = open_book(path, header_names(), tmp_path)[0].sheet.merged
    assert merged == read_file(path).sheets[0].merged
    assert len(merged) == 20
    _compare(path, tmp_path)


def _prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(?=\w)", r"<\1x:", xml).replace(" xmlns=", " xmlns:x=")


SHAPES: dict[str, Callable[[str], str]] = {
    "prefixed": _prefixed,
    "attributes otherwise": lambda xml: re.sub(
        r'<c r="(\w+)"((?: \w="\w+")*)', r"<c\2 r='\1' ", xml
    ),
    "no places": lambda xml: re.sub(r'<c r="\w+"', "<c", re.sub(r'(?<=<row) r="\d+"', "", xml)),
    "a word for a figure": lambda xml: xml.replace("<v>42248</v>", "<v>4x</v>"),
    "spaced": lambda xml: xml.replace("<v>", "\n<v>").replace("</c>", " </c>"),
}


def _few(book: Any, sheet: Any) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADERS)
    for row in range(1, 4):
        sheet.write_row(row, 0, ["园", 12.5, 330106, "运营"])
        sheet.write_number(row, 4, 42248, day)


@pytest.mark.parametrize("shape", SHAPES)
def test_other_ways_of_writing_say_the_same(tmp_path: Path, shape: str) -> None:
    path = _book(tmp_path / "表.xlsx", _few)
    rezip(path, SHEET, SHAPES[shape])
    _compare(path, tmp_path)


def rezip(path: Path, member: str, change: Callable[[str], str]) -> None:
    """Change a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _dirty(book: Any, sheet: Any) -> None:
    """A department's sheet: titles above, hidden and blank rows, a total, odd cells."""
    keys = tuple(good_row())
    rows: list[Mapping[str, Any]] = [
        good_row(name=f"示例{one}幼儿园", address=f"示例路{one}号") for one in range(24)
    ]
    cells = table(rows, keys)
    at = {key: index for index, key in enumerate(keys)}
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.merge_range(0, 0, 0, 9, "2026 年幼儿园一览表")
    for number, one in enumerate(cells, start=2):
        sheet.write_row(number, 1, one)
    first = 3
    sheet.write_number(first, 1 + at["opened_on"], 42248, day)
    sheet.write_number(first + 1, 1 + at["opened_on"], 42248.5, day)
    sheet.write_number(first + 2, 1 + at["operator_uscc"], 123301004700165432)
    sheet.write_string(first + 3, 1 + at["floor_area"], "１，２００㎡")
    sheet.write_formula(first + 4, 1 + at["name"], "=#REF!", None, "#REF!")
    sheet.write_formula(first + 5, 1 + at["grade"], "=VLOOKUP(A1,B:B,1,0)", None, "")
    sheet.write_boolean(first + 6, 1 + at["inclusive"], True)
    sheet.write_string(first + 7, 1 + at["division"], "330104")
    sheet.write_string(first + 8, 1 + at["name"], "示例\n幼儿園 ")
    sheet.write_number(first + 9, 1 + at["longitude"], 120.10029999999999)
    sheet.write_row(first + 10, 1, cells[3])
    sheet.write_row(first + 11, 1, [" "] * 4)
    sheet.write_row(first + 12, 1, cells[0])
    sheet.write(first + 14, 1 + len(keys), "没有表头")
    sheet.merge_range(first + 30, 1, first + 30, 4, "二、民办")
    sheet.merge_range(first + 24, 1, first + 24, 3, "合计：24")
    sheet.merge_range(first + 24, 5, first + 24, 6, "")
    sheet.write(first + 24, 3 + len(keys), "合计以外")
    sheet.merge_range(first + 23, 5, first + 23, 6, "")
    sheet.write_row(first + 25, 1, ["合计", 24])
    for row in (first + 1, first + 4, first + 12, first + 25):
        sheet.set_row(row, None, None, {"hidden": True})
    sheet.merge_range(first + 26, 1, first + 28, 1, "")
    for row in range(40, 60):
        sheet.set_row(row, 20, day)
        sheet.write_blank(row, 3, None, day)
    book.add_worksheet("说明").write(0, 0, "填表说明")
    book.add_worksheet("空表")
    hidden = book.add_worksheet("字典")
    hidden.write_row(0, 0, HEADERS)
    hidden.hide()


def test_a_dirty_workbook_is_checked_as_a_small_one(tmp_path: Path) -> None:
    path = _book(tmp_path / "表.xlsx", _dirty)
    report = agree(path)
    sheet, small = report.source.sheets[0], read_file(path)
    assert report.source.skipped == small.skipped
    for name in ("name", "header_row", "headers", "title_rows", "merged", "hidden"):
        assert getattr(sheet, name) == getattr(small.sheets[0], name), name
    assert sheet.hidden and sheet.merged
    rules = {one.rule for one in report.totals()}
    assert {"cell_error", "formula_uncalculated", "value_scientific", "rows_hidden"} <= rules
    assert "section_row_skipped" in rules
    assert {one.sheet for one in report.findings} == {"幼儿园"}


DAMAGED: dict[str, Callable[[str], str]] = {
    "cut off": lambda xml: xml[: len(xml) // 2],
    "beyond the last row": lambda xml: xml.replace('r="3"', 'r="1048577"'),
    "beyond the last column": lambda xml: xml.replace('r="B1"', 'r="XFE1"'),
    "a string that is not there": lambda xml: xml.replace('t="s"><v>', 't="s"><v>9999'),
    "a string below the first": lambda xml: xml.replace('t="s"><v>', 't="s"><v>-'),
}
UNUSUAL: dict[str, Callable[[str], str]] = {
    "a comment": lambda xml: xml.replace("<row", "<!-- --><row", 1),
    "rows in another order": lambda xml: xml.replace('r="3"', 'r="2"'),
    "cells in another order": lambda xml: xml.replace('r="B1"', 'r="A1"'),
}


@pytest.mark.parametrize("shape", [*DAMAGED, *UNUSUAL])
def test_what_cannot_be_read_is_said(tmp_path: Path, shape: str) -> None:
    path = _book(tmp_path / "表.xlsx", _few)
    rezip(path, SHEET, {**DAMAGED, **UNUSUAL}[shape])
    with pytest.raises(StoreError) as error:
        open_book(path, header_names(), tmp_path)
    said = "read.workbook_corrupt" if shape in DAMAGED else "read.workbook_unusual"
    assert error.value.message_id == said
    if shape in UNUSUAL:
        assert read_file(path).row_count


def test_a_text_too_long_with_nul_a_row_too_wide_and_no_header(tmp_path: Path) -> None:
    def opened(write: Callable[[Any], None]) -> FuwumaError:
        def both(_book: Any, sheet: Any) -> None:
            sheet.write_row(0, 0, HEADERS)
            write(sheet)

        path = _book(tmp_path / "表.xlsx", both)
        rezip(path, STRINGS, lambda xml: xml.replace("长", "长" * 40_000).replace("空", "a_x0000_"))
        with pytest.raises(DataError) as large:
            open_book(path, header_names(), tmp_path)
        with pytest.raises(DataError) as small:
            read_file(path)
        assert str(large.value) == str(small.value)
        return large.value

    assert opened(lambda sheet: sheet.write(3, 1, "长")).params["column"] == "B"
    nul = opened(lambda sheet: sheet.write(3, 1, "空"))
    assert (nul.message_id, nul.params["row"], nul.params["column"]) == ("read.cell_nul", 4, "B")
    formula = opened(lambda sheet: sheet.write_formula(3, 2, "=A1", None, "a_x0000_b"))
    assert (formula.message_id, formula.params["column"]) == ("read.cell_nul", "C")
    for at in (0, 3):  # in the header, in a row
        wide = opened(lambda sheet, at=at: sheet.write(at, 600, "备注"))  # type: ignore[misc]
        assert (wide.message_id, wide.params["row"]) == ("read.columns_too_many", at + 1)
    assert (
        opened(lambda sheet: sheet.write_row(0, 0, "甲乙丙丁戊")).message_id == "read.header_absent"
    )


def test_a_workbook_is_large_by_its_filled_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"bulk_rows_from": 10, "sheet_cells": 100}
    monkeypatch.setattr(choice, "limit", lambda name: given.get(name) or limit(name))

    def write(filled: int, empty: int) -> Callable[[Any, Any], None]:
        def rows(book: Any, sheet: Any) -> None:
            style = book.add_format({"border": 1})
            for row in range(filled):
                sheet.write(row, 0, 1)
            for row in range(filled, filled + empty):
                sheet.write_blank(row, 0, None, style)

        return rows

    assert is_large(_book(tmp_path / "a.xlsx", write(11, 0)))
    assert not is_large(_book(tmp_path / "b.xlsx", write(10, 50)))
    assert is_large(_book(tmp_path / "c.xlsx", write(5, 100)))


def test_a_broken_cell_can_be_given_to_another_process() -> None:
    again = pickle.loads(pickle.dumps(BrokenCell("#REF!", "error")))
    assert (again, again.reason) == ("#REF!", "error")
