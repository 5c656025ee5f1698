"""Files as people send them: encodings, workbooks, headers in any order, units, titles."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from codes.errors import DataError, UsageError
from registry.ledgers.entries import PopulationEntry
from registry.ledgers.population_rows import read_population
from registry.ledgers.settings import ledger_settings

TODAY = date(2026, 11, 22)
LINES = "来源;人口数;年度;区划;人口分组\n公报;1,234;2022年;３３０１０６;６０岁以上\n"


def read(path: Path, *sets: str, maps: tuple[str, ...] = ()) -> Any:
    return read_population(path, ledger_settings("population", maps, sets), TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding_and_headers_in_any_order(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "人口.csv"
    path.write_bytes(LINES.encode(encoding))
    (entry,) = read(path).entries
    assert isinstance(entry, PopulationEntry)
    assert entry.key == ("330106", "", 2022, "age_60_plus", "公报")
    assert entry.persons == 1234


def test_english_headers(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("division,year,group,value,source,projection\n330106,2030,total,5,x,yes\n")
    (entry,) = read(path).entries
    assert (entry.persons, entry.is_projection, entry.source_kind) == (5, "是", "projection")


def test_a_workbook_with_titles_blank_rows_dates_and_two_sheets(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "西湖区"
    for row in (
        ["附表 1：常住人口"],
        [],
        ["行政区划代码", "年份", "人群", "人数", "来源", "统计时点"],
        [330106, 2020, "常住人口", 1089229, "公报", date(2020, 11, 1)],
        [],
        ["330105", 2020.0, "总人口", "１１２０９８５", "公报", "2020年11月1日"],
    ):
        first.append(row)
    second = book.create_sheet("坏行")
    second.append(["区划代码", "年份", "人群", "人数", "来源"])
    second.append(["330106", 2021, "常住人口", "=1/0", "公报"])
    path = tmp_path / "人口.xlsx"
    book.save(path)
    batch = read(path)
    assert [(one.place.row, one.division_code, one.persons) for one in batch.entries] == [
        (4, "330106", 1_089_229),
        (6, "330105", 1_120_985),
    ]
    assert {one.reference_on for one in batch.entries} == {date(2020, 11, 1)}
    (broken,) = (one for one in batch.findings if one.severity == "must")
    assert (broken.sheet, broken.row, broken.column) == ("坏行", 2, "D")
    assert batch.rows == 3


def test_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("设施名称,设施类型\n某幼儿园,幼儿园\n")
    with pytest.raises(DataError) as refused:
        read(path)
    assert refused.value.message_id == "ledger.header_absent"
    assert "区划代码、年份、人群、人数、来源" in str(refused.value)


def test_map_and_set(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("地区,区划代码,年份,老年人\n西湖,330106,,300\n")
    batch = read(path, "年份=2022", "group=60岁及以上", "source=某年鉴", maps=("老年人=人数",))
    (entry,) = batch.entries
    assert entry.key == ("330106", "", 2022, "age_60_plus", "某年鉴")
    assert entry.persons == 300
    with pytest.raises(UsageError, match="没有“地名”这一栏"):
        ledger_settings("population", (), ("地名=x",))
    with pytest.raises(UsageError, match="列名“老人”在文件里没有"):
        read(path, maps=("老人=人数",))


def test_a_shifted_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("区划代码,年份,人群,人数,来源\n330106,2022,常住人口,1,234,公报\n")
    batch = read(path)
    assert "cells_extra" in {one.rule for one in batch.findings}
    assert batch.entries == ()


@pytest.mark.parametrize(
    ("header", "cell", "persons", "rounded_to"),
    [
        ("人数", "1196100", 1_196_100, 1),
        ("人数(万人)", "119.61", 1_196_100, 100),
        ("人数（万人）", "119.6", 1_196_000, 1000),
        ("人数", "119.6万", 1_196_000, 1000),
        ("人数", "119.6 万人", 1_196_000, 1000),
        ("人数", "1,196,000人", 1_196_000, 1),
        ("人数(万人)", "3.1416", 31_416, 1),
        ("人数", "0", 0, 1),
    ],
)
def test_units_and_how_far_a_figure_is_rounded(
    tmp_path: Path, header: str, cell: str, persons: int, rounded_to: int
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f'区划代码,年份,人群,{header},来源\n330106,2022,常住人口,"{cell}",公报\n')
    (entry,) = read(path).entries
    assert (entry.persons, entry.rounded_to) == (persons, rounded_to)


def test_a_source_rounds_all_its_figures_alike(tmp_path: Path) -> None:
    """120.0 loses its zero in a spreadsheet; it is no coarser than 119.6 beside it."""
    path = tmp_path / "x.csv"
    rows = "330106,2022,常住人口,119.6,公报\n330105,2022,常住人口,120,公报\n"
    path.write_text(f"区划代码,年份,人群,人数(万人),来源\n{rows}")
    assert [one.rounded_to for one in read(path).entries] == [1000, 1000]


def test_divisions_of_another_day(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    lines = "区划代码,年份,人群,人数,来源,区划日期\n"
    path.write_text(
        f"{lines}330104,2022,常住人口,5,公报,2021-01-01\n330114,2020,常住人口,5,公报,2021-04-09\n"
    )
    batch = read(path)
    assert batch.findings == ()
    assert [one.divisions_on for one in batch.entries] == [date(2021, 1, 1), date(2021, 4, 9)]


@pytest.mark.parametrize(
    ("kind", "projection", "stored"),
    [
        ("", "", (None, "否")),
        ("", "是", ("projection", "是")),
        ("预测", "", ("projection", "是")),
        ("普查", "", ("census", "否")),
        ("抽样调查", "是", ("survey", "是")),
    ],
)
def test_kind_of_source_and_projection(
    read: Any, kind: str, projection: str, stored: tuple[str | None, str]
) -> None:
    header = "区划代码,年份,人群,人数,来源,来源类型,是否预测"
    (entry,) = read(header, f"330106,2022,常住人口,5,公报,{kind},{projection}").entries
    assert (entry.source_kind, entry.is_projection) == stored
