"""The template's worked example is skipped; a row filled in over it is not, and says its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from codes.errors import DataError
from codes.messages import LANGUAGES
from exports.workbooks.template import write_template
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport
from registry.uploads.read import read_file
from tests.registry.uploads.conftest import TODAY, only, row, rules_of

NAME = "示例（请删除或覆盖此行）幼儿园"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["幼儿园", "养老院", "便民服务站"])
def test_a_template_as_it_comes_has_no_rows(tmp_path: Path, kind: str, lang: str) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(kind, path, lang)
    with pytest.raises(DataError) as caught:
        read_file(path)
    assert caught.value.message_id == "read.rows_examples"


def test_an_example_filled_in_but_for_its_name_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template("幼儿园", path, "zh")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = {str(cell.value): cell.column for cell in sheet[1]}
    column = next(at for header, at in headers.items() if "地址" in header)
    sheet.cell(2, column).value = "文一路 9 号"
    book.save(path)
    report = check_file(path, today=TODAY)
    finding = only(report, "name_is_example")
    assert (finding.severity, finding.row) == ("must", 2)
    assert report.outcomes["rejected"] == 1


def test_an_example_among_rows_is_skipped_only_when_untouched(
    check: Callable[..., CheckReport],
) -> None:
    report = check(row(), row(name=NAME, address="别处路9号"))
    assert "name_is_example" in rules_of(report)
    assert (report.rows, report.outcomes["rejected"]) == (2, 1)


def test_an_untouched_example_is_skipped_however_its_days_are_written(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template("幼儿园", path, "zh")
    book = openpyxl.load_workbook(path)
    example = book.worksheets[0][2]
    days = [cell for cell in example if re.fullmatch(r"\d{4}-\d\d-\d\d", str(cell.value)[:10])]
    assert days
    for cell in days:
        year, month, day = str(cell.value)[:10].split("-")
        cell.value = f"{year}/{int(month)}/{int(day)}"
    book.save(path)
    with pytest.raises(DataError) as caught:
        read_file(path)
    assert caught.value.message_id == "read.rows_examples"
