"""What is far from the ledger is asked about, recorded all the same, and asked once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from codes.indicators import indicators
from codes.value_bounds import value_bounds
from registry.ledgers.load import LoadReport
from registry.ledgers.wording import finding_text

OBSERVATION = "指标编码,区划代码,年份,数值,来源"
POPULATION = "区划代码,年份,人群,人数,来源"


@pytest.fixture
def observe(record: Any) -> Callable[..., LoadReport]:
    """Record observations of one indicator given as (year, value, source)."""

    def observed(*rows: tuple[int, float, str]) -> LoadReport:
        lines = [f"hangzhou-145.02,330100,{year},{value},{source}" for year, value, source in rows]
        report: LoadReport = record(OBSERVATION, *lines, ledger="observation")
        return report

    return observed


def jumps(report: LoadReport) -> list[tuple[str, Any, Any]]:
    return [
        (one.rule, one.params.get("other_year", one.params.get("other_source")), one.row)
        for one in report.findings
        if one.rule.startswith("value_jump")
    ]


def test_a_file_is_compared_with_what_is_recorded(observe: Callable[..., LoadReport]) -> None:
    assert jumps(observe((2021, 2.1, "甲"), (2024, 4.0, "甲"))) == []
    again = observe((2022, 24, "甲"))
    assert jumps(again) == [("value_jump_years", 2021, 2), ("value_jump_years", 2024, 2)]
    assert (again.refused, len(again.plan.added)) == (False, 1)
    assert jumps(observe((2024, 40, "乙"))) == [("value_jump_sources", "甲", 2)]
    mended = observe((2022, 2.4, "甲"))
    assert (jumps(mended), len(mended.plan.changed)) == ([("value_jump_replaced", None, 2)], 1)


def test_a_correction_and_another_source_are_compared_too(record: Any) -> None:
    report = record(POPULATION, "330106,2022,常住人口,1163000,公报")
    assert jumps(report) == []
    mended = record(POPULATION, "330106,2022,常住人口,1163,公报")
    assert jumps(mended) == [("value_jump_replaced", None, 2)]
    finding = next(one for one in mended.findings if one.rule == "value_jump_replaced")
    assert "由 1,163,000 改为 1163，" in finding_text("population", finding)[0]
    assert jumps(record(POPULATION, "330106,2022,常住人口,1163000,公报"))[0][0].endswith("replaced")
    assert jumps(record(POPULATION, "330106,2022,常住人口,1163000,公报")) == []
    other = record(POPULATION, "330106,2024,常住人口,1180,年鉴")
    assert jumps(other) == [("value_jump_other_year", 2022, 2)]
    assert jumps(record(POPULATION, "330106,2025,常住人口,1180000,快报")) != []
    assert jumps(record(POPULATION, "330106,2019,常住人口,1100000,旧志")) == []


def test_nothing_is_asked_of_a_beginning_or_a_small_change(
    observe: Callable[..., LoadReport],
) -> None:
    assert jumps(observe((2021, 0, "甲"), (2022, 5, "甲"), (2023, 14.9, "甲"))) == []
    assert jumps(observe((2024, 44.8, "甲"))) == [("value_jump_years", 2023, 2)]


def test_other_divisions_and_groups_are_other_matters(record: Any) -> None:
    rows = ["330106,2022,常住人口,1000000,公报", "330106,2022,60岁及以上人口,200000,公报"]
    assert jumps(record(POPULATION, *rows, "330105,2023,常住人口,90000,公报")) == []
    assert jumps(record(POPULATION, "330106,2023,常住人口,100000,公报")) == [
        ("value_jump_years", 2022, 2)
    ]


def test_the_units_of_indicators_have_bounds() -> None:
    units = {row.unit for row in indicators().values() if row.unit}
    assert units == set(value_bounds())
    assert all(0 <= one.least < one.most for one in value_bounds().values())


def test_every_figure_of_the_documents_lies_within_its_bounds() -> None:
    for row in indicators().values():
        bounds = value_bounds().get(row.unit)
        for figure in (*row.figures, *(one for part in row.parts for one in part.figures)):
            for number in figure.reading.numbers if bounds else ():
                assert bounds.least <= number <= bounds.most, (row.code, figure.raw)
