"""Each sheet of a long workbook is a table: what is found is what is found in a short one."""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from codes.elements import all_fields
from codes.errors import FuwumaError
from codes.identifier_schemes import identifier_schemes
from registry.bulk.check import check_large
from registry.bulk.sheets.parts import BOOK
from registry.bulk.sheets.together import told_of_all
from registry.bulk.watching import Progress
from registry.uploads.check import check_file
from registry.uploads.settings import UploadSettings
from registry.uploads.wording import finding_text
from tests.registry.bulk.test_check_large import TODAY, agree
from tests.registry.bulk.test_sheets import rezip
from tests.registry.uploads.conftest import own_row, row

Rows = Sequence[Mapping[str, Any]]

NURSERIES = [row(name=f"示例{one}园", address=f"示例路{one}号") for one in range(8)]
NEW = [row(name=f"新建{one}园", status=one) for one in ("在建", "筹办")]
HOME = {key: value for key, value in own_row("E0101").items() if key not in identifier_schemes()}
HOMES = [
    {**HOME, "name": f"示例{one}院", "elderly_home_record_no": f"备案2026-{one}"}
    for one in range(3)
]


def fill_sheet(
    sheet: Any, rows: Rows, keys: Sequence[str] = (), at: tuple[int, int] = (0, 0)
) -> None:
    """Write a header, by default of what the rows have, and rows below it."""
    top, left = at
    fields, keys = all_fields(), keys or _keys(rows)
    sheet.write_row(top, left, [fields[key].header_zh for key in keys])
    for number, one in enumerate(rows, start=top + 1):
        sheet.write_row(number, left, [one.get(key, "") for key in keys])


def _keys(rows: Rows) -> list[str]:
    return list(dict.fromkeys(key for one in rows for key in one))


def city(path: Path) -> Path:
    """Sheets as a city's bureau has them, each with its own columns, titles and mistakes."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("空表")
        book.add_worksheet("封面").write(0, 0, "全市设施一览表")
        nurseries = [*NURSERIES, {**NURSERIES[1]}, row(name="示例九园", status="很好", phone="无")]
        sheet = book.add_worksheet("幼儿园")
        sheet.merge_range(0, 0, 0, 5, "2026 年幼儿园")
        fill_sheet(sheet, nurseries, _keys(nurseries), (2, 1))
        sheet.set_row(4, None, None, {"hidden": True})
        untyped = [key for key in _keys(NURSERIES) if key != "type"]
        fill_sheet(book.add_worksheet("B0101 幼儿园"), NEW, untyped)
        hidden = book.add_worksheet("去年")
        fill_sheet(hidden, NURSERIES, _keys(NURSERIES))
        hidden.hide()
        homes = [*HOMES, {**HOMES[0]}, {**HOMES[1], "name": ""}, {**HOMES[2], "opened_on": "昨天"}]
        fill_sheet(book.add_worksheet('=A1&"养老"'), homes, [*reversed(_keys(homes))])
        again = [
            {**NURSERIES[0]},
            row(name="示例新园"),
            {**NURSERIES[2], "status": ""},
            {**HOMES[1]},
        ]
        mixed = book.add_worksheet("补报")
        fill_sheet(mixed, again, _keys([*again, *HOMES]))
        mixed.write_row(len(again) + 1, 0, ["合计", 4])
        fill_sheet(book.add_worksheet("只有表头"), [], _keys(NURSERIES))
    return path


def test_several_sheets_are_checked_as_in_a_short_workbook(tmp_path: Path) -> None:
    report = agree(city(tmp_path / "全市.xlsx"))
    names = ["幼儿园", "B0101 幼儿园", '=A1&"养老"', "补报", "只有表头"]
    assert [one.name for one in report.source.sheets] == names
    assert [one.reason for one in report.source.skipped] == ["empty", "no_header", "hidden"]
    (typed,) = (one for one in report.findings if one.rule == "type_of_sheet")
    assert finding_text(typed)[0].endswith("工作表叫“B0101 幼儿园”，各行都按“幼儿园”读。")
    repeated = [one for one in report.findings if one.rule == "row_repeated"]
    told = {
        (one.sheet, one.row): (one.params["sheet_named_sheet"], one.params["first"])
        for one in repeated
    }
    assert told == {
        ("幼儿园", 12): ("", 5),
        (names[2], 5): ("", 2),
        (names[2], 6): ("", 3),
        (names[2], 7): ("", 4),
        ("补报", 2): ("幼儿园", 4),
        ("补报", 4): ("幼儿园", 6),
        ("补报", 5): (names[2], 3),
    }


def test_of_sheets_without_a_row_it_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collecting = []

    def told(*given: Any) -> Progress:
        collecting.append(gc.isenabled())
        return told_of_all(*given)

    monkeypatch.setattr("registry.bulk.check.told_of_all", told)
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("甲", "乙"):
            fill_sheet(book.add_worksheet(name), [], _keys(NURSERIES))
    assert "下面没有数据" in _refused(path)
    assert collecting == [True, True], "what a table leaves in cycles is freed before the next"


def test_a_mapped_header_of_one_sheet_and_names_that_excel_does_not_give(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("甲甲", "乙"):
            sheet = book.add_worksheet(name)
            fill_sheet(sheet, NURSERIES[:1])
        sheet.write(0, _keys(NURSERIES).index("phone"), "总机")
    rezip(path, BOOK, lambda xml: xml.replace("甲甲", "甲&#10;&quot;&lt;甲&gt;[" + "长" * 200))
    report = agree(path, UploadSettings(mapped={"总机": "phone"}))
    (said,) = (finding_text(one)[0] for one in report.findings if one.rule == "row_repeated")
    assert said.startswith('本行与工作表“甲 "<甲>[长长')
    assert "长…”第 2 行重复" in said
    rezip(path, BOOK, lambda xml: re.sub('name="甲[^"]*"', 'name="乙"', xml))
    assert "有两张工作表都叫“乙”" in _refused(path)


def _refused(path: Path) -> str:
    """What is said of a workbook, whichever way it is checked."""
    said = set()
    for check in (check_file, check_large):
        with pytest.raises(FuwumaError) as error:
            check(path, today=TODAY)
        said.add(str(error.value))
    (sentence,) = said
    return sentence
