"""What sizing rules ask for: needed, there, lacking, by division and never netted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from codes.formulas import Condition
from codes.norms import find_norm, kept_by, norms
from registry.db import reading
from registry.evaluation.load import load
from registry.evaluation.norm_gap import (
    Gap,
    can_be_summed,
    formula_for,
    gaps_of,
    sites_needed,
    total_lack,
)
from registry.evaluation.norm_rules import in_force, why_not
from registry.evaluation.scope import area_of

DAY = date(2025, 12, 31)
PLACES = "zhejiang-01"
SUMMED = {
    "hangzhou-03",
    "hangzhou-04",
    "hangzhou-05",
    "hangzhou-07",
    "hangzhou-08",
    "hangzhou-10",
    "hangzhou-11",
    "hangzhou-14",
    "hangzhou-19",
    "hangzhou-20",
    "hangzhou-23",
    "hangzhou-24",
    "hangzhou-25",
    "hangzhou-27",
    "hangzhou-31",
    "zhoushan-01",
    "zhoushan-02",
    "zhoushan-05",
    "zhoushan-06",
    "zhoushan-07",
    "hefei-01",
    "hefei-02",
    "hefei-03",
    "hefei-04",
    "hefei-05",
    "hefei-06",
    "hefei-07",
    "hefei-08",
    "hefei-12",
    "national-11",
    "national-14",
    "national-20",
    "hangzhou-2016-03",
    "hangzhou-2016-04",
    "hangzhou-2016-05",
    "zhejiang-01",
    "gansu-01",
    "gansu-02",
}
WORKED = {
    "hangzhou-03",
    "hangzhou-04",
    "hangzhou-05",
    "hangzhou-07",
    "hangzhou-10",
    "hangzhou-11",
    "hangzhou-19",
    "hangzhou-20",
    "hangzhou-27",
    "zhoushan-05",
    "zhoushan-06",
    "hefei-01",
    "hefei-06",
    "hefei-07",
    "national-11",
    "national-14",
    "national-20",
    "hangzhou-2016-03",
    "hangzhou-2016-05",
    "zhejiang-01",
}


def gaps(engine: Engine, code: str, amount: str | None = None) -> dict[str, Gap]:
    norm = find_norm(code)
    quantity = norm.quantities[0]
    if amount:
        quantity = replace(quantity, amount=Decimal(amount))
    assert can_be_summed(norm, quantity)
    with reading(engine) as session:
        measures = formula_for(norm, quantity).measures
        state = load(session, area_of("330100", "county", DAY), capabilities=measures)
        people = state.people(session, 2025, {"total"}, "county")
        return {one.division.code: one for one in gaps_of(norm, quantity, state, people, "county")}


def test_places_by_people_are_not_netted(
    registry: Engine,
    put: Callable[..., list[str]],
    counted: Callable[..., None],
) -> None:
    put(
        {"type": "A0201", "division": "330106", "places": 5000},
        {"type": "A0201", "division": "330102", "places": 40},
        {"type": "A0201", "division": "330105"},
    )
    counted(("330106", 2025, "常住人口", 1_000_000), ("330102", 2025, "常住人口", 100_000))
    found = gaps(registry, PLACES)
    rich, poor, silent = found["330106"], found["330102"], found["330105"]
    assert (rich.needed, rich.there, rich.lack) == (4500.0, 5000.0, 0.0)
    assert (poor.needed, poor.there, poor.lack) == (450.0, 40.0, 410.0)
    assert silent.lack is None
    assert silent.not_reported == 1
    assert "没有上报" in str(silent.reason)
    assert sites_needed([rich, poor], 100) == 5
    assert total_lack([rich, poor]) == 410.0
    assert gaps(registry, PLACES, "6")["330102"].needed == 600.0


def test_one_for_each_township_counts_townships(
    registry: Engine, put: Callable[..., list[str]]
) -> None:
    put(
        {"type": "F0103", "division": "330106002"},
        {"type": "F0103", "division": "330106002"},
        {"type": "F0103", "division": "330106004"},
    )
    found = gaps(registry, "hangzhou-27")
    assert found["330106"].there == 2.0
    assert found["330106"].lack == (found["330106"].needed or 0) - 2
    assert sum(one.needed or 0 for one in found.values()) == 191


def test_rules_of_distance_and_single_facilities_are_not_summed() -> None:
    for code in ("hangzhou-17", "hangzhou-09", "national-09", "hangzhou-01"):
        assert not any(can_be_summed(find_norm(code), each) for each in find_norm(code).quantities)
    summed = {
        row.code
        for row in norms().values()
        if any(can_be_summed(row, each) for each in row.quantities)
    }
    assert summed == SUMMED
    worked = {one for one in summed if why_not(find_norm(one), 2025, "county") is None}
    assert worked == WORKED


def test_only_facilities_the_rule_means_count(
    registry: Engine, put: Callable[..., list[str]]
) -> None:
    put(
        {"type": "A0201", "division": "330106", "ownership": "民办"},
        {"type": "A0201", "division": "330102", "ownership": "公办"},
    )
    found = gaps(registry, "hefei-07")
    assert (found["330106"].there, found["330106"].lack) == (0.0, 1.0)
    assert (found["330102"].there, found["330102"].lack) == (1.0, 0.0)
    for code, attribute, value in (
        ("hefei-06", "ownership", "公办"),
        ("hefei-08", "inclusive", "是"),
        ("hangzhou-23", "grade", "三级甲等"),
    ):
        norm = find_norm(code)
        above = formula_for(norm, norm.quantities[0]).numerator
        assert above.where == (Condition(attribute, value),)


def test_one_of_two_figures_is_enough(
    registry: Engine, put: Callable[..., list[str]], counted: Callable[..., None]
) -> None:
    """1.2 books a head, or 650,000 in all."""
    put(
        {"type": "J0101", "division": "330106", "books": 650_000},
        {"type": "J0101", "division": "330102", "books": 100_000},
    )
    counted(("330106", 2025, "常住人口", 1_000_000), ("330102", 2025, "常住人口", 100_000))
    found = gaps(registry, "hangzhou-10")
    assert (found["330106"].needed, found["330106"].lack) == (650_000.0, 0.0)
    assert (found["330102"].needed, found["330102"].lack) == (120_000.0, 20_000.0)


def test_what_comes_whole_lacks_whole(
    registry: Engine, put: Callable[..., list[str]], counted: Callable[..., None]
) -> None:
    put({"type": "A0201", "division": "330102", "places": 40})
    counted(("330102", 2025, "常住人口", 100_100))
    (found,) = [one for one in gaps(registry, PLACES).values() if one.division.code == "330102"]
    assert found.needed == pytest.approx(450.45)
    assert found.lack == 411.0


@pytest.mark.parametrize(
    ("year", "code"), [(2021, "hangzhou-04"), (2022, "hangzhou-04"), (2023, "hangzhou-05")]
)
def test_of_rules_for_several_years_the_years_own_holds(year: int, code: str) -> None:
    both = [find_norm("hangzhou-04"), find_norm("hangzhou-05")]
    assert [one.code for one in in_force(both, year)] == [code]


def test_a_city_keeps_no_other_provinces_rules() -> None:
    kept = {one.code for one in norms().values() if kept_by(one, "330100")}
    assert {"zhejiang-01", "national-14", "hangzhou-03"} <= kept
    assert not {one for one in kept if one.startswith(("gansu", "shanghai", "hefei", "zhoushan"))}
