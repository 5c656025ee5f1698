"""Asking the ledgers: which source, which year, and why."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from codes.errors import DataError, UsageError
from registry.db import reading, writing
from registry.ledgers.census import census_batch
from registry.ledgers.listing import LedgerFilter, observation_listing, population_listing
from registry.ledgers.load import load
from registry.ledgers.lookup import observations, population, populations

HEADER = "区划代码,年份,人群,人数,来源,来源类型,是否预测,首选"
OBSERVED = "规划,序号,分项,区划代码,年份,数值,来源,首选"


def ask(registry: Engine, *what: Any, **how: Any) -> Any:
    with reading(registry) as session:
        return population(session, *what, **how)


def test_the_only_source(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2022,常住人口,100,甲公报,,,")
    found = ask(registry, "330106", 2022)
    assert (found.persons, found.source, found.how, found.sources) == (100, "甲公报", "only", 1)
    assert (found.year, found.is_earlier, found.is_projection) == (2022, False, False)
    assert found.reference_on is None


def test_a_missing_figure_is_none_never_zero(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2022,常住人口,100,甲公报,,,")
    assert ask(registry, "330105", 2022) is None
    assert ask(registry, "330106", 2022, "age_60_plus") is None
    assert ask(registry, "330106", 2021) is None, "a later year never stands in"
    with pytest.raises(DataError):
        ask(registry, "西湖区", 2022)


def test_an_earlier_year_is_said(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2020,常住人口,100,甲公报,,,", "330106,2018,常住人口,90,甲公报,,,")
    found = ask(registry, "330106", 2025)
    assert (found.year, found.asked_year, found.is_earlier, found.persons) == (
        2020,
        2025,
        True,
        100,
    )
    assert ask(registry, "330106", 2025, years_back=0) is None
    assert ask(registry, "330106", 2025, years_back=4) is None
    assert ask(registry, "330106", 2031) is None, "the book's limit is ten years"


def test_the_kind_of_source_decides_before_the_time_of_recording(
    registry: Engine, record: Any
) -> None:
    record(HEADER, "330106,2020,常住人口,100,普查公报,普查,,")
    record(HEADER, "330106,2020,常住人口,110,年鉴,抽样调查,,", "330106,2020,常住人口,120,规划,,是,")
    found = ask(registry, "330106", 2020)
    assert (found.source, found.how, found.sources) == ("普查公报", "kind", 3)
    assert found.how_shown == "3 个来源中类型在先的"


def test_a_mark_decides_before_the_kind(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2020,常住人口,100,普查公报,普查,,")
    record(HEADER, "330106,2020,常住人口,110,年鉴,抽样调查,,是")
    found = ask(registry, "330106", 2020)
    assert (found.source, found.how) == ("年鉴", "marked")
    record(HEADER, "330106,2020,常住人口,110,年鉴,抽样调查,,否")
    assert ask(registry, "330106", 2020).source == "普查公报"


def test_of_equals_the_last_recorded(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2020,常住人口,100,乙,,,", "330106,2020,常住人口,110,甲,,,")
    found = ask(registry, "330106", 2020)
    assert (found.source, found.how) == ("甲", "latest"), "the later row of one file"
    record(HEADER, "330106,2020,常住人口,105,乙,,,")
    assert ask(registry, "330106", 2020).source == "乙"


def test_a_projection_is_marked(registry: Engine, record: Any) -> None:
    record(HEADER, "330106,2030,常住人口,100,人口规划,,是,")
    found = ask(registry, "330106", 2030)
    assert (found.is_projection, found.source_kind) == (True, "projection")


def test_all_divisions_at_once(registry: Engine) -> None:
    with writing(registry) as session:
        load(session, census_batch(), by="张三")
    with reading(registry) as session:
        found = populations(session, 2024, ("total", "age_60_plus"))
        few = populations(session, 2024, ("total",), ("330106", "330902"))
    assert found["330100", "total"].persons == 11_936_010, "not the area listed apart in it"
    assert found["330100", "age_60_plus"].persons == 2_013_297
    assert len([code for code, group in found if group == "total"]) == 27
    assert {one.year for one in found.values()} == {2020}
    assert list(few) == [("330106", "total")]


def test_observations_of_a_plan(registry: Engine, record: Any) -> None:
    record(
        OBSERVED,
        "hangzhou-145,2,,330100,2024,4.8,市卫健委,",
        "hangzhou-145,9,a,330100,2024,99,市教育局,",
        "hangzhou-145,2,,330106,2024,5.1,市卫健委,",
        "hangzhou-145,2,,330100,2023,4.4,市卫健委,",
        "hefei-2022,A3,,340100,2024,100,市民政局,",
        ledger="observation",
    )
    record(OBSERVED, "hangzhou-145,2,,330100,2024,4.9,统计公报,", ledger="observation")
    with reading(registry) as session:
        found = observations(session, "hangzhou-145", 2024)
        city = observations(session, "hangzhou-145", 2024, ("330100",))
        hefei = observations(session, "hefei-2022", 2024)
        with pytest.raises(UsageError):
            observations(session, "hangzhou", 2024)
    assert sorted(found) == [
        ("hangzhou-145.02", "330100"),
        ("hangzhou-145.02", "330106"),
        ("hangzhou-145.09a", "330100"),
    ]
    best = found["hangzhou-145.02", "330100"]
    assert (best.value, best.unit, best.source) == (4.9, "个", "统计公报")
    assert (best.how, best.sources) == ("latest", 2)
    assert {code for _, code in city} == {"330100"}
    assert hefei["hefei-2022.A03", "340100"].value == 100.0
    record(OBSERVED, "hangzhou-145,2,,330100,2024,4.8,市卫健委,是", ledger="observation")
    with reading(registry) as session:
        best = observations(session, "hangzhou-145", 2024)["hangzhou-145.02", "330100"]
    assert (best.value, best.how) == (4.8, "marked")


def test_listing_has_every_source_the_preferred_one_first(registry: Engine, record: Any) -> None:
    record(
        HEADER,
        "330106,2020,常住人口,110,年鉴,抽样调查,,",
        "330106,2020,常住人口,100,普查公报,普查,,",
    )
    record(HEADER, "330900,2020,常住人口,7,年鉴,,,")
    with reading(registry) as session:
        listed = population_listing(session, LedgerFilter(division="3301"))
        by_source = population_listing(session, LedgerFilter(source="年鉴"))
        nothing = population_listing(session, LedgerFilter(year=2019))
    assert [(row["source"], row["preferred"], row["how"]) for row in listed] == [
        ("普查公报", True, "kind"),
        ("年鉴", False, None),
    ]
    assert [row["division_name"] for row in by_source] == ["西湖区", "舟山市"]
    assert nothing == []


def test_listing_of_observations_is_in_the_order_of_the_plan(registry: Engine, record: Any) -> None:
    record(
        OBSERVED,
        "hangzhou-145,12,,330100,2024,30,x,",
        "hangzhou-145,9,b,330100,2024,99,x,",
        "hangzhou-135,9,,330100,2020,50,x,",
        ledger="observation",
    )
    with reading(registry) as session:
        listed = observation_listing(session, LedgerFilter())
        one = observation_listing(session, LedgerFilter(plan="hangzhou-145", number="9"))
    assert [row["indicator"] for row in listed] == [
        "hangzhou-135.09",
        "hangzhou-145.09b",
        "hangzhou-145.12",
    ]
    assert [row["indicator_name"] for row in one] == ["持证适龄残疾儿童少年入学率（义务段）"]


@pytest.mark.parametrize(
    ("unit", "cell", "value"),
    [
        ("", "30.12", 30.12),
        ("人", "301200", 30.12),
        ("万人", "30.12", 30.12),
        ("", "30.12万人", 30.12),
    ],
)
def test_observed_values_are_in_the_indicators_unit(
    read: Any, unit: str, cell: str, value: float
) -> None:
    header = "规划,序号,区划代码,年份,数值,单位,来源"
    (entry,) = read(
        header, f"hangzhou-145,12,330100,2024,{cell},{unit},x", ledger="observation"
    ).entries
    assert (entry.value, entry.unit) == (value, "万人")


@pytest.mark.parametrize(
    ("written", "division", "found"),
    [
        ("hangzhou-145.09b", "330100", ("hangzhou-145", "9", "b")),
        ("HANGZHOU-145.09B", "330100", ("hangzhou-145", "9", "b")),
        ("hefei-2022.A03", "340100", ("hefei-2022", "A3", "")),
        ("Hefei-2022.b03", "340100", ("hefei-2022", "B3", "")),
    ],
)
def test_an_indicators_code_stands_for_plan_number_and_part(
    read: Any, written: str, division: str, found: tuple[str, str, str]
) -> None:
    header = "指标编码,区划代码,年份,数值,来源"
    (entry,) = read(header, f"{written},{division},2024,99,x", ledger="observation").entries
    assert (entry.plan_code, entry.number, entry.part) == found
