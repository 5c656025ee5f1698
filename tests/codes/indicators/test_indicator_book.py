"""The book holds every row of the four tables, word for word."""

import json
import unicodedata
from collections.abc import Iterable

import pytest

from cli import context
from cli.main import run
from codes.book_check import check_book
from codes.departments import find_department
from codes.errors import DataError, UsageError
from codes.indicator_json import as_json
from codes.indicators import Figure, Indicator, find_indicator, indicators, indicators_of, plans

from .conftest import Seeds, lines_between

NUMBERED = {"hangzhou-135": 32, "hangzhou-145": 51, "zhoushan-2022": 21, "hefei-2022": 31}


@pytest.mark.parametrize("name", ["indicators", "indicator_plans", "indicator_words"])
def test_the_books_are_right(name: str) -> None:
    assert check_book(name) == []


def test_135_numbered_rows_in_four_plans() -> None:
    assert {plan: len(indicators_of(plan)) for plan in plans()} == NUMBERED
    assert {code: plan.rows for code, plan in plans().items()} == NUMBERED
    assert len(indicators()) == 135


@pytest.mark.parametrize("plan", plans())
def test_numbers_run_without_a_gap(plan: str) -> None:
    rows = indicators_of(plan)
    for section in {row.section for row in rows}:
        numbers = [row.number for row in rows if row.section == section]
        assert numbers == list(range(1, len(numbers) + 1))


def with_area_heads(rows: Iterable[Indicator]) -> list[str]:
    lines: list[str] = []
    area = None
    for row in rows:
        head = row.area_raw or row.area
        lines += [head] * (head != area) + [str(row.number), row.name_raw, *cells_after_name(row)]
        area = head
    return lines


def cells_after_name(row: Indicator) -> list[str]:
    cells = [cell for part in row.parts for cell in [part.name_zh, *printed(part.figures)]]
    cells += [cell for raw in printed(row.figures) for cell in raw.split(" ")]
    if row.attribute:
        attribute = row.attribute.replace("预", "預").replace("约", "約")
        cells = [attribute, *cells] if row.plan == "hefei-2022" else [*cells, row.attribute]
    return cells + [cell for cell in (row.unplaced, row.departments_raw) if cell and cell != "建委"]


def printed(figures: Iterable[Figure]) -> list[str]:
    order = ["base", "target", "actual", "province_target"]
    return [figure.raw for figure in sorted(figures, key=lambda figure: order.index(figure.role))]


def test_hangzhou_table_1_is_the_source_word_for_word(seeds: Seeds) -> None:
    lines = seeds(plans()["hangzhou-135"].seed_file)
    source = lines_between(lines, "属性", "注:[]内数据为5年累计数。")
    assert with_area_heads(indicators_of("hangzhou-135")) == source


def test_hangzhou_table_2_is_the_source_word_for_word(seeds: Seeds) -> None:
    lines = seeds(plans()["hangzhou-145"].seed_file)
    source = lines_between(lines, "2025年全省目标", "三、 构建普惠安全的幼儿照护体系")
    assert with_area_heads(indicators_of("hangzhou-145")) == source


def test_zhoushan_table_is_the_source_word_for_word(seeds: Seeds) -> None:
    lines = seeds(plans()["zhoushan-2022"].seed_file)
    first = lines.index("“一老一小”整体解决方案重点指标表") + 2
    source = [
        [cell for cell in map(str.strip, line.split("|")) if cell]
        for line in lines[first : first + 21]
    ]
    assert [
        zhoushan_cells(row, cells)
        for row, cells in zip(indicators_of("zhoushan-2022"), source, strict=True)
    ] == source


def zhoushan_cells(row: Indicator, source: list[str]) -> list[str]:
    """The row as printed; the two merged columns on the left stand only on their first row."""
    merged = [cell for cell in (row.area_raw, row.subarea) if cell in source]
    area = [row.area_raw] if row.area_raw in merged else []
    subarea = [row.subarea] if row.subarea in merged else []
    figures = [figure.raw for figure in row.figures]
    return [*map(str, area), str(row.number), *map(str, subarea), row.name_raw, row.unit, *figures]


def test_hefei_table_is_the_source_word_for_word(seeds: Seeds) -> None:
    lines = seeds(plans()["hefei-2022"].seed_file)
    source = lines_between(lines, "責任部門", "三、重點任務")
    joined = "\n".join(source).replace("、\n", "、").split("\n")
    assert with_area_heads(indicators_of("hefei-2022")) == joined


def test_names_and_units_come_from_the_raw_name() -> None:
    for row in indicators().values():
        raw = unicodedata.normalize("NFKC", row.name_raw).replace(" ", "")
        if row.plan.startswith("hangzhou") and not row.note_zh:
            unit = {"元/人·年": "每人/每年元", "床/万人": "床/万人口"}.get(row.unit, row.unit)
            name = unicodedata.normalize("NFKC", row.name_zh)
            assert raw == f"{name}({unit})", row.code


def test_every_department_is_known() -> None:
    named = {name for row in indicators().values() for name in row.departments}
    assert len(named) > 15
    assert {name for name in named if find_department(name).code}


def test_row_9_has_three_parts() -> None:
    row = find_indicator("hangzhou-145.09b")
    assert row.code == "hangzhou-145.09"
    assert [part.name_zh for part in row.parts] == ["学前段", "义务段", "高中段"]
    assert [[figure.raw for figure in part.figures] for part in row.parts] == [
        ["92", "96", ">90"],
        ["99", ">99", ">98"],
        ["90", "94", "82"],
    ]


def test_a_year_in_the_cell_wins_over_the_column() -> None:
    base = find_indicator("hangzhou-145.15").of("base")[0]
    assert (base.column_year, base.year) == (2020, 2019)


def test_row_8_keeps_the_cell_nobody_can_place() -> None:
    row = find_indicator("hangzhou-145.08")
    assert row.unplaced == "60"
    assert row.of("target") == ()


def test_26_rows_of_table_1_are_met_and_6_cannot_be_told() -> None:
    met = [row.met for row in indicators_of("hangzhou-135")]
    assert (met.count(True), met.count(None), met.count(False)) == (26, 6, 0)


@pytest.mark.parametrize("code", ["hangzhou-145.52", "hangzhou-145.09d", "", "hangzhou-145.071"])
def test_an_unknown_code(code: str) -> None:
    with pytest.raises(DataError):
        find_indicator(code)


def test_an_unknown_plan() -> None:
    with pytest.raises(UsageError) as caught:
        indicators_of("hangzhou-155")
    assert "hangzhou-145" in str(caught.value)


def test_json_is_plain_and_complete() -> None:
    rows = json.loads(json.dumps([as_json(row) for row in indicators().values()]))
    assert len(rows) == 135
    for row in rows:
        figures = [row, *row["parts"]]
        assert any(part["base"] or part["targets"] or part["actuals"] for part in figures)
        assert row["source"]["seed_file"].endswith(".txt")
    by_code = {row["code"]: row for row in rows}
    assert by_code["hangzhou-145.12"]["targets"] == [
        {
            "year": 2025,
            "raw": "[125]",
            "reading": {"kind": "sum", "numbers": [125], "comparator": "=", "years": 5},
        }
    ]


def test_spec_lists_one_plan_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    for plan, rows in NUMBERED.items():
        assert run(["spec", "indicators", "--plan", plan, "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)) == rows
    context.current.json = False
    assert run(["spec", "indicators", "--plan", "hangzhou-155"]) == 2
    assert "hangzhou-145" in capsys.readouterr().err
