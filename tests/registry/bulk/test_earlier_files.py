"""What is said of rows that another file of the command has, whichever way each file is checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter

from registry.bulk.check import check_large
from registry.bulk.earlier_files import EarlierFiles
from registry.bulk.report import LargeReport, Shown
from registry.uploads.check import check_file
from registry.uploads.findings import CheckReport, Finding
from registry.uploads.other_files import OtherFiles
from tests.registry.bulk.test_check_large import ALIKE, TODAY, totals
from tests.registry.bulk.test_several_sheets import fill_sheet
from tests.registry.uploads.conftest import csv_text, row

RULE = "row_in_other_file"


def _rows(random: Random) -> list[dict[str, Any]]:
    def maybe(value: str) -> str:
        return value if random.random() < 0.5 else ""

    return [
        row(
            name=f"示例{random.randrange(99)}园{random.choice(('', ' ', '㑇'))}",
            school_id=maybe(f"21330100{random.randrange(10, 50)}"),
            childcare_record_no=maybe(f"备案2026-00{random.randrange(10, 50)}"),
            status=random.choice(("运营",) * 9 + ("很好",)),
            division=random.choice(("330106",) * 9 + ("",)),
            longitude=random.choice((120.08,) * 4 + (119.9,)),
            ownership=random.choice(("公办",) * 9 + ("股份",)),
        )
        for _ in range(20)
    ]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Texts, one of them in GB18030, and a workbook of two sheets."""
    random = Random(2)
    texts = [tmp_path / name for name in ("甲.csv", "乙.csv", "丙.csv")]
    texts[0].write_bytes(csv_text(_rows(random)).encode("gb18030"))
    texts[1].write_text(csv_text(_rows(random)), encoding="utf-8")
    texts[2].write_text(csv_text(_rows(random)), encoding="utf-8")
    book = tmp_path / "全市.xlsx"
    with xlsxwriter.Workbook(book) as sheets:
        for name in ("一", "二"):
            fill_sheet(sheets.add_worksheet(name), _rows(random), at=(1, 1))
    return [texts[0], texts[1], book, texts[2]]


def _checked(files: Sequence[Path], folder: Path, large: Sequence[bool]) -> list[CheckReport]:
    others = EarlierFiles(folder) if any(large) else OtherFiles({})
    reports: list[CheckReport] = []
    for path, is_large in zip(files, large, strict=True):
        others.begin(path.name)
        if is_large:
            assert isinstance(others, EarlierFiles)
            shown = Shown(50, back=True)
            reports.append(check_large(path, today=TODAY, shown=shown, others=others))
        else:
            reports.append(check_file(path, today=TODAY, look=others.look))
    return reports


def _twice(report: CheckReport) -> list[Finding]:
    return [one for one in report.findings if one.rule in (RULE, "row_repeated")]


def _told(report: CheckReport) -> list[Finding]:
    return [one for one in _twice(report) if one.rule == RULE]


def _rest(report: CheckReport) -> dict[tuple[str, str, str | None], int]:
    return {cause: total for cause, total in totals(report).items() if cause[0] != ALIKE}


def test_rows_in_other_files_are_found_as_among_small_ones(
    files: list[Path], tmp_path: Path
) -> None:
    small = _checked(files, tmp_path, [False] * 4)
    found = _checked(files, tmp_path, [True, False, True, True])
    for one, other in zip(small, found, strict=True):
        assert _rest(other) == _rest(one)
        assert {repr(told) for told in _twice(other)} == {repr(told) for told in _twice(one)}
    every = [told for report in found for told in _told(report)]
    assert {one.element for one in every} == {None, "school_id", "childcare_record_no"}
    wheres = {(one.params["file"], one.params["sheet_named_sheet"]) for one in every}
    assert {("甲.csv", ""), ("乙.csv", ""), ("全市.xlsx", "一"), ("全市.xlsx", "二")} == wheres
    book, last = found[2:]
    assert isinstance(book, LargeReport) and isinstance(last, LargeReport)
    back = {one.number for one in last.failing for said in one.findings if said.rule == RULE}
    held = {one.row for one in small[3].findings if one.severity == "held" and one.rule != ALIKE}
    assert back == held & {one.row for one in _told(small[3])} != set()


@pytest.mark.parametrize("large", [[True, False, False], [False, False, True]])
def test_several_small_files_before_and_after_a_large_one(
    files: list[Path], tmp_path: Path, large: list[bool]
) -> None:
    texts = [path for path in files if path.suffix == ".csv"]
    small = _checked(texts, tmp_path, [False] * 3)
    found = _checked(texts, tmp_path, large)
    for one, other in zip(small, found, strict=True):
        assert {repr(told) for told in _told(other)} == {repr(told) for told in _told(one)}
    assert {told.params["file"] for told in _told(found[2])} == {"甲.csv", "乙.csv"}
