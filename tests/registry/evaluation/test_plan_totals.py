"""Five-year totals: the years' own figures are added up, running totals taken, gaps named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from cli.evaluate_explain import explained
from codes.messages import use_language
from registry.db import reading, writing
from registry.evaluation.result_json import result_json
from registry.evaluation.results import Result, evaluate
from registry.evaluation.scope import scope_of
from registry.ledgers.listing import LedgerFilter, observation_listing
from registry.ledgers.load import LoadReport, load
from registry.ledgers.observation_rows import read_observations
from registry.ledgers.settings import ledger_settings
from registry.ledgers.wording import finding_text, item_shown
from tests.registry.evaluation.conftest import TODAY

Report = Callable[..., LoadReport]
HEAD = "规划,序号,区划代码,年份,数值,统计口径,来源"


@pytest.fixture
def report(registry: Engine, tmp_path: Path) -> Report:
    """Record figures of hangzhou-145.12 in the city: (year, value, 统计口径)."""

    def record(*figures: tuple[int, float, str], plan: str = "hangzhou-145,12") -> LoadReport:
        lines = [
            f"{plan},330100,{year},{value},{counted},人社局" for year, value, counted in figures
        ]
        path = tmp_path / "jobs.csv"
        path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
        settings = ledger_settings("observation", (), ())
        with writing(registry) as session:
            return load(session, read_observations(path, settings, TODAY), by="张三")

    return record


def jobs(registry: Engine, year: int) -> Result:
    with reading(registry) as session:
        found = evaluate(session, scope_of("hangzhou-145", year, None, None, TODAY))
    return next(one for one in found.results if one.code == "hangzhou-145.12")


def test_a_total_is_said_in_full(registry: Engine, report: Report) -> None:
    report(*((year, 26.1234567, "") for year in range(2021, 2025)))
    found = jobs(registry, 2024).value.reported
    assert found is not None
    assert found.raw == "104.4938268"


def test_the_years_own_figures_are_added_up(registry: Engine, report: Report) -> None:
    report(*((year, 30, "") for year in range(2021, 2025)))
    found = result_json(jobs(registry, 2024))
    assert (found["value"], found["target"], found["achievement"]) == (120, 100, 1.2)
    assert (found["status"], found["met"], found["colour"]) == ("observed", True, "blue")
    years = found["observed"]["years"]
    assert [(one["year"], one["value"], one["counted"]) for one in years] == [
        (year, 30, "year") for year in range(2021, 2025)
    ]
    assert result_json(jobs(registry, 2022))["value"] == 60


def test_a_running_total_stands_for_all_years_up_to_its_own(
    registry: Engine, report: Report
) -> None:
    report((2022, 55, "累计"), (2023, 28, "当年"), (2024, 120, "累计"), (2024, 30, ""))
    assert jobs(registry, 2024).value.value == 120
    assert jobs(registry, 2023).value.value == 83
    assert jobs(registry, 2022).value.value == 55
    lines = explained(jobs(registry, 2023))
    assert [line for line in lines if "其中" in line] == [
        "其中 2022 年累计 55：人社局（只有这一个来源）",
        "其中 2023 年当年 28：人社局（只有这一个来源）",
    ]


def test_a_gap_makes_it_missing_and_is_named(registry: Engine, report: Report) -> None:
    report((2021, 30, ""), (2024, 30, ""))
    found = result_json(jobs(registry, 2024))
    assert (found["value"], found["status"], found["colour"]) == (None, "missing", "grey")
    assert "2021 年到 2024 年" in found["reason"]
    assert "2022、2023 年没有上报" in found["reason"]
    assert sum("其中" in line for line in explained(jobs(registry, 2024))) == 2
    use_language("en")
    assert "2022, 2023" in str(jobs(registry, 2024).reason)


def test_the_total_stays_after_the_plan_and_the_printed_one_of_its_base(
    registry: Engine, report: Report
) -> None:
    report(*((year, 26, "") for year in range(2020, 2027)))
    assert jobs(registry, 2026).value.value == 130
    base = jobs(registry, 2020)
    assert (base.value.value, base.value.reported and base.value.reported.raw) == (199.7, "[199.7]")


def test_how_it_was_read_is_said_when_it_is_recorded(registry: Engine, report: Report) -> None:
    found = report((2024, 30, ""), (2024, 120, "五年累计"), (2020, 40, "")).findings
    assert [one.rule for one in found] == ["counted_year", "counted_running", "counted_outside"]
    said = finding_text("observation", found[0])
    assert "按 2024 年当年的数登记" in said[0]
    assert "从 2021 年起逐年相加" in said[0]
    with reading(registry) as session:
        listed = observation_listing(session, LedgerFilter(year=2024))
    assert [(one["indicator"], one["part"], one["counted"]) for one in listed] == [
        ("hangzhou-145.12", "", "year"),
        ("hangzhou-145.12", "", "running"),
    ]
    shown = item_shown("observation", ["hangzhou-145", "12", "t", "330100", 2024])
    assert "新增城镇就业人数（累计）" in shown


@pytest.mark.parametrize(
    ("plan", "counted", "rule"),
    [
        ("hangzhou-145,12", "大概", "choice_unknown"),
        ("hangzhou-145,2", "累计", "counted_unneeded"),
    ],
)
def test_a_way_of_counting_that_is_none_or_has_no_effect(
    report: Report, plan: str, counted: str, rule: str
) -> None:
    found: list[Any] = [one.rule for one in report((2024, 4, counted), plan=plan).findings]
    assert found == [rule]
