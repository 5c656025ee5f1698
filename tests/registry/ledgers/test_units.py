"""Figures in the unit the table states: in the header, above it, in a column, in the cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from codes.book_check import check_book
from registry.ledgers.observation_rows import read_observations
from registry.ledgers.population_rows import read_population
from registry.ledgers.settings import ledger_settings
from registry.ledgers.wording import finding_text
from tests.registry.ledgers.conftest import TODAY

ROW = "330106,2022,常住人口,{},公报"
HEADER = "区划代码,年份,人群,{},来源"
OBSERVED = "指标编码,区划代码,年份,{},来源"
TEN_THOUSANDS, SHARE, PLAIN = "hangzhou-145.13", "hangzhou-145.23", "hangzhou-145.02"


def refusals(batch: Any) -> list[str]:
    return [one.rule for one in batch.findings if one.severity == "must"]


@pytest.mark.parametrize(
    ("header", "cell", "persons"),
    [
        ("人数（千人）", "1163.0", 1_163_000),
        ("人数(单位：万人)", "116.3", 1_163_000),
        ("人数(10000人)", "116.3", 1_163_000),
        ("人口数（千人）", "1163", 1_163_000),
        ("人数(百人)", "11630", 1_163_000),
        ("人数（亿人）", "0.01163", 1_163_000),
        ("人数【计量单位:人】", "1163", 1163),
        ("Persons (thousand persons)", "1163", 1_163_000),
        ("人数（必填）", "1163", 1163),
        ("人数(万人)", "116.3万", 1_163_000),
        ("人数(万人)", "1163000人", 1_163_000),
        ("人数", "1163千人", 1_163_000),
    ],
)
def test_a_unit_in_the_header(read: Any, header: str, cell: str, persons: int) -> None:
    batch = read(HEADER.format(header), ROW.format(cell))
    assert [one.persons for one in batch.entries] == [persons]


@pytest.mark.parametrize("note", ["千户口", "常住人口", "单位：头", "thousands", "万"])
def test_a_unit_nobody_knows_in_the_header(read: Any, note: str) -> None:
    batch = read(HEADER.format(f"人数（{note}）"), ROW.format("1163"))
    assert refusals(batch) == ["unit_unknown"]
    finding = next(one for one in batch.findings if one.rule == "unit_unknown")
    written = note.removeprefix("单位：")
    assert finding.row == 1
    message = finding_text("population", finding)[0]
    assert message.startswith("列名的单位“") and f"{written}”认不出" in message


@pytest.mark.parametrize("note", ["户", "%", "亩", "岁", "床/万人"])
def test_a_unit_of_something_else_in_the_header(read: Any, note: str) -> None:
    batch = read(HEADER.format(f"人数（{note}）"), ROW.format("1163"))
    assert refusals(batch) == ["persons_unit_differs"]


@pytest.mark.parametrize(
    ("above", "persons"),
    [
        ("单位：万人,,,,", 1_163_000),
        (",,,,单位:万人", 1_163_000),
        ("2022年常住人口  单位： 万 人,,,,", 1_163_000),
        ("2022年常住人口（单位：千人）,,,,", 116_300),
        (",,,单位：,万人", 1_163_000),
        ("各区常住人口（万人）,,,,", 1_163_000),
        ("单位：人,,,,", None),
        ("填报单位：杭州市统计局  计量单位：万人,,,,", 1_163_000),
        ("Unit: 10,000 persons;;;;", 1_163_000),
        ("单位：万人、%,,,,", 1_163_000),
    ],
)
def test_a_unit_above_the_header(read: Any, above: str, persons: int | None) -> None:
    table = [HEADER.format("人数"), ROW.format("116.3")]
    if ";" in above:
        table = [one.replace(",", ";") for one in table]
    batch = read(above, *table)
    assert [one.persons for one in batch.entries] == ([persons] if persons else [])
    if persons:
        assert refusals(batch) == []
        (said,) = (one for one in batch.findings if one.rule == "unit_above")
        assert said.row == 1


def test_a_unit_above_the_header_of_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2022年各区人口"])
    sheet.append([None, None, None, None, "单位：万人"])
    sheet.append(["区划代码", "年份", "人群", "人数", "来源"])
    sheet.append([330106, 2022, "常住人口", 116.3, "公报"])
    book.save(tmp_path / "人口.xlsx")
    batch = read_population(tmp_path / "人口.xlsx", ledger_settings("population"), TODAY)
    assert [one.persons for one in batch.entries] == [1_163_000]
    (said,) = (one for one in batch.findings if one.rule == "unit_above")
    assert (said.row, "万人" in finding_text("population", said)[0]) == (2, True)


@pytest.mark.parametrize("above", ["单位：西湖区民政局", "单位：人、万人", "单位："])
def test_a_line_above_that_does_not_say_which_unit(read: Any, above: str) -> None:
    batch = read(above + ",,,,", HEADER.format("人数"), ROW.format("116"))
    assert refusals(batch) == ["unit_unknown"]


@pytest.mark.parametrize("above", ["填报单位：西湖区民政局", "请各单位于月底前报送", "附表 1"])
def test_a_line_above_that_says_no_unit(read: Any, above: str) -> None:
    batch = read(above + ",,,,", HEADER.format("人数"), ROW.format("116"))
    assert ([one.persons for one in batch.entries], refusals(batch)) == ([116], [])


def test_what_stands_nearer_to_the_figure_holds(read: Any) -> None:
    header = HEADER.format("人数") + ",单位"
    assert [one.persons for one in read(header, ROW.format("3") + ",千人").entries] == [3000]
    assert [one.persons for one in read(header, ROW.format("3人") + ",千人").entries] == [3]
    headed = read("单位：万人,,,,", HEADER.format("人数(千人)"), ROW.format("3"))
    assert [one.persons for one in headed.entries] == [3000]
    both = read(HEADER.format("人数（万人）") + ",单位", ROW.format("3") + ",千人")
    assert refusals(both) == ["units_contradict"]
    alike = read(HEADER.format("人数（万人）") + ",单位", ROW.format("3") + ",万人")
    assert [one.persons for one in alike.entries] == [30_000]


def test_a_second_column_has_a_unit_of_its_own(read: Any) -> None:
    batch = read(HEADER.format("人数,人口（千人）"), ROW.format(",3"))
    assert [one.persons for one in batch.entries] == [3000]


@pytest.mark.parametrize(
    ("code", "header", "cell", "value"),
    [
        (TEN_THOUSANDS, "数值", "12万", 12),
        (TEN_THOUSANDS, "数值", "12万人", 12),
        (TEN_THOUSANDS, "数值", "120000人", 12),
        (TEN_THOUSANDS, "数值（千人）", "120", 12),
        (TEN_THOUSANDS, "数值（人）", "120000", 12),
        (PLAIN, "数值", "4.8", 4.8),
        (SHARE, "数值（%）", "66.9", 66.9),
    ],
)
def test_units_of_observations(read: Any, code: str, header: str, cell: str, value: float) -> None:
    row = f"{code},330100,2024,{cell},部门"
    batch = read(OBSERVED.format(header), row, ledger="observation")
    assert [one.value for one in batch.entries] == [value], refusals(batch)


def test_another_unit_in_the_header_is_named(read: Any) -> None:
    row = f"{SHARE},330100,2024,66.9,部门"
    batch = read(OBSERVED.format("数值（人）"), row, ledger="observation")
    (finding,) = (one for one in batch.findings if one.rule == "unit_differs")
    assert "列名的单位是“人”" in finding_text("observation", finding)[0]


def test_a_unit_above_holds_for_the_indicators_it_fits(read: Any) -> None:
    rows = [f"{TEN_THOUSANDS},330100,2024,120000,部门", f"{SHARE},330100,2024,66.9,部门"]
    batch = read("单位：人、%,,,,", OBSERVED.format("数值"), *rows, ledger="observation")
    assert [one.value for one in batch.entries] == [12, 66.9]
    alone = read("单位：人,,,,", OBSERVED.format("数值"), *rows, ledger="observation")
    assert refusals(alone) == ["unit_differs"]


@pytest.mark.parametrize("book", ["units", "reserved_names"])
def test_the_books_are_right(book: str) -> None:
    assert [str(mistake) for mistake in check_book(book)] == []


def observed_workbook(tmp_path: Path, *rows: tuple[Any, str]) -> Any:
    """Read a workbook with one share a row, each in a cell of the number format given."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标编码", "区划代码", "年份", "数值", "来源"])
    for year, (value, number_format) in enumerate(rows, start=2021):
        sheet.append([SHARE, 330100, year, value, "部门"])
        sheet.cell(sheet.max_row, 4).number_format = number_format
    book.save(tmp_path / "指标.xlsx")
    settings = ledger_settings("observation")
    return read_observations(tmp_path / "指标.xlsx", settings, TODAY)


def test_cells_of_the_format_percentage_are_refused_with_a_remedy(tmp_path: Path) -> None:
    batch = observed_workbook(tmp_path, (0.669, "0.0%"), (0.7, "0%"))
    assert refusals(batch) == ["share_fractions"] * 2
    finding = next(one for one in batch.findings if one.rule == "share_fractions")
    assert "改成“常规”再填 66.9" in finding_text("observation", finding)[1]
    mended = observed_workbook(tmp_path, (66.9, "General"), ("0.7%", "@"))
    assert [one.value for one in mended.entries] == [66.9, 0.7]
    assert refusals(mended) == []
    assert refusals(observed_workbook(tmp_path, ("0.7%", "@"))) == []
