"""The table of a batch's codes: a line a row, on as many sheets as it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from codes import facility_code
from exports import upload_codes
from exports.upload_codes import write_codes
from exports.workbooks.settings import CodesSettings, settings
from registry.uploads.diff import Diff
from registry.uploads.diff_rows import RowDiff
from registry.uploads.summary import Summary


def batch(rows: int) -> Diff:
    summary = Summary(
        7, "approved", rows, rows, 0, 0, 0, 0, 0, "甲.csv", "0" * 64, "3", "张三",
        datetime(2026, 6, 30, tzinfo=UTC), "changes", "both", None, None, None, {},
    )  # fmt: skip
    codes = [facility_code.make("B01", "330106", number) for number in range(1, rows + 1)]
    lines = [
        RowDiff("", at, "created", code, f"=第{at}园", {}, ()) for at, code in enumerate(codes, 2)
    ]
    return Diff(summary, lines, [], 0)


@pytest.mark.parametrize(("rows", "sheets"), [(0, [1]), (2, [3]), (3, [3, 2]), (4, [3, 3])])
def test_rows_beyond_a_sheet_go_on_in_another(
    rows: int, sheets: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(settings(), codes=CodesSettings(2))
    monkeypatch.setattr(upload_codes, "settings", lambda: few)
    found = batch(rows)
    book = openpyxl.load_workbook(write_codes(found, tmp_path, "zh"))
    assert [one.max_row for one in book] == sheets
    assert book.sheetnames == ["设施编码", "设施编码 2"][: len(sheets)]
    lines = [line for one in book for line in one.iter_rows(min_row=2, values_only=True)]
    told = [(None, one.row, "新增", facility_code.format(one.code or ""), one.name)
            for one in found.rows]  # fmt: skip
    assert lines == told
    assert all(one["D1"].value == "设施编码" for one in book)


def test_a_sheet_takes_what_a_spreadsheet_can() -> None:
    assert settings().codes.rows < 2**20
