"""Standings, warnings, balance and coverage over divisions: sums, orders, what is left out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from codes.errors import UsageError
from codes.facility_types import facility_types
from codes.formulas import formula_of, formulas
from codes.policy import as_json as policy_json
from registry.db import reading
from registry.evaluation.balance import gini
from registry.evaluation.coverage import Coverage, coverage, coverage_json, types_of_townships
from registry.evaluation.default_plan import default_plan, main_city
from registry.evaluation.load import State, load
from registry.evaluation.results import Evaluation, evaluate
from registry.evaluation.scope import area_of, level_compared, scope_of
from registry.evaluation.spread import Spread, by_people, mean_index, measure_formula, spread_of
from registry.evaluation.spread_json import spreads_json
from registry.evaluation.standing import standings, standings_json
from registry.evaluation.warning_table import colour_order, warnings_json, worst_first

TODAY = date(2026, 11, 22)
Put = Callable[..., list[str]]
Record = Callable[..., None]


def evaluated(engine: Engine, level: str = "city", year: int = 2025) -> Evaluation:
    with reading(engine) as session:
        return evaluate(session, scope_of("hangzhou-145", year, None, level, TODAY))


def plain(document: Any) -> Any:
    """Return what a reader of the JSON gets; no number may be infinite."""
    return json.loads(json.dumps(document, allow_nan=False))


def test_a_standing_is_the_capped_mean_with_the_worst_named(
    registry: Engine, observed: Record
) -> None:
    observed(
        ("hangzhou-145.03", "330100", 2025, 190),  # target >95: 2
        ("hangzhou-145.05", "330100", 2025, 68),  # target >85: 0.8
        ("hangzhou-145.09a", "330100", 2025, 48),  # target 96: 0.5, a third of a row
    )
    (one,) = standings(evaluated(registry))
    found = one.level.overall
    assert found.value == pytest.approx((1 + 0.8 + 0.5 / 3) / (2 + 1 / 3))
    assert found.uncapped == pytest.approx((2 + 0.8 + 0.5 / 3) / (2 + 1 / 3))
    assert one.level.worst is not None
    assert (one.level.worst.code, found.counted, found.missing) == ("hangzhou-145.09a", 3, 50)
    assert found.weight_counted + found.weight_missing == pytest.approx(51)
    areas = dict(one.areas)
    assert areas["幼儿照护服务"].overall.value == pytest.approx(0.9)


def test_level_and_progress_are_told_apart(registry: Engine, observed: Record) -> None:
    observed(
        ("hangzhou-145.10", "330100", 2023, 71.816),  # 70.04 in 2020, 73 in 2025: on the line
        ("hangzhou-145.13", "330100", 2023, 630),  # 633 in 2020: going back
    )
    document = plain(standings_json(evaluated(registry, year=2023)))
    (one,) = document["divisions"]
    assert one["achievement"]["value"] == pytest.approx((1 + 630 / 642) / 2)
    assert one["progress"]["value"] == pytest.approx((0.6 + 0) / 2)
    assert [row["number"] for row in one["behind"]] == [13]
    assert one["behind"][0]["progress"] == pytest.approx(-0.2)
    assert document["parameters"]["version"] == policy_json()["version"]
    assert len(one["not_rated"]) == 51
    assert all(row["reason"] for row in one["not_rated"])


def test_nothing_rated_is_no_number(registry: Engine) -> None:
    (one,) = plain(standings_json(evaluated(registry)))["divisions"]
    assert one["achievement"]["value"] is None
    assert one["achievement"]["worst_indicator"] is None


def test_warnings_are_by_division_and_indicator_the_worst_first(
    synthetic_city: Engine, observed: Record
) -> None:
    observed(("hangzhou-145.03", "330106", 2025, 60))
    city, counties = evaluated(synthetic_city), evaluated(synthetic_city, "county")
    document = plain(warnings_json([city, counties]))
    assert len(document["warnings"]) == 53 * 14
    assert sum(document["counts"].values()) == 53 * 14
    order = colour_order()
    places = [order.index(row["colour"]) for row in document["warnings"]]
    assert places == sorted(places)
    assert order[-1] == "grey"
    by_division = {row["division"]: row["counts"] for row in document["divisions"]}
    assert len(by_division) == 14
    own = Counter(row["colour"] for row in document["warnings"] if row["division"] == "330106")
    assert {colour: count for colour, count in by_division["330106"].items() if count} == own
    red = worst_first(counties.results)[0]
    assert red.rating.colour == "red"
    assert document["parameters"]["warning.band.orange"] == "0.70"


CHILDCARE = "hangzhou-145.02"


def spread(engine: Engine, level: str = "county", code: str = CHILDCARE) -> Spread:
    formula = formula_of(code)
    assert formula is not None
    with reading(engine) as session:
        scope = scope_of("hangzhou-145", 2025, None, level, TODAY)
        state = load(session, scope.area)
        people = state.people(session, 2025, ["total", "age_60_plus"], level)
        return spread_of(formula, state, level, people)


def test_balance_is_over_the_divisions_with_figures_and_names_the_others(
    registry: Engine, put: Put, counted: Record
) -> None:
    put(
        {"type": "A0201", "places": 300, "division": "330106"},
        {"type": "A0201", "places": 100, "division": "330102"},
        {"type": "A0201", "division": "330105"},
    )
    found = spread(registry)
    assert {share.division.code: share.resource for share in found.shares if share.resource} == {
        "330106": 300,
        "330102": 100,
    }
    assert [division.code for division, _ in found.left_out] == ["330105"]
    assert "没有上报" in str(found.left_out[0][1])
    people = [share.people for share in found.shares]
    assert found.gini == gini([share.resource for share in found.shares], people)
    assert found.index == pytest.approx(100 * (1 - found.gini))
    low, high = found.index_interval() or (0, 0)
    assert low <= high
    total = sum(share.resource for share in found.shares)
    for share in found.shares:
        assert share.quotient == pytest.approx(
            share.resource / total / (share.people / sum(people))
        )


def test_townships_have_their_counties_as_groups(
    registry: Engine, put: Put, counted: Record
) -> None:
    towns = {"330106002": 500, "330106004": 100, "330102001": 200, "330102003": 200}
    put(*({"type": "A0201", "places": n, "division": code} for code, n in towns.items()))
    counted(*((code, 2025, "常住人口", 50_000) for code in towns))
    found = spread(registry, "township")
    assert {share.division.code for share in found.shares} == set(towns)
    assert found.theil is not None
    assert found.theil.total == pytest.approx(found.theil.between + found.theil.within)
    assert set(found.theil.groups) == {"330102", "330106"}
    assert found.theil.groups["330102"][0] == pytest.approx(0, abs=1e-12)
    assert len(found.left_out) == 196 - 4


def test_balance_without_enough_figures_says_why(registry: Engine, put: Put) -> None:
    put({"type": "E0101", "certified_care_workers": 5})
    few = spread(registry, code="hangzhou-145.24")
    assert (few.index, few.shares) == (None, ())
    assert "0" in str(few.reason)
    put({"type": "A0201", "places": 0})
    assert "0" in str(spread(registry).reason)
    assert mean_index([few]) is None


def test_only_what_is_per_head_has_a_balance() -> None:
    per_head = {code for code, formula in formulas().items() if by_people(formula)}
    assert "childcare_places_per_1000" in per_head
    assert "nursing_bed_share" not in per_head
    assert "childcare_township_coverage" not in per_head


def test_balance_as_json_says_its_level_and_parameters(synthetic_city: Engine) -> None:
    formula = measure_formula(["beds"], ["E"], "total", ("床位数", "Beds"))
    with reading(synthetic_city) as session:
        area = area_of("330100", "county", date(2025, 12, 31))
        state = load(session, area, capabilities=["beds"])
        people = state.people(session, 2025, ["total"], "county")
        found = spread_of(formula, state, "county", people)
        document = plain(spreads_json([found], state, "county", people, year=2025))
    (one,) = document["measures"]
    assert (document["level"], one["level"], one["group"]) == ("county", "county", "total")
    assert (one["measure"], one["name_zh"]) == ("beds", "床位数")
    assert {row["people_year"] for row in one["divisions"]} == {2020}
    assert one["theil"]["between"] is None  # counties are not taken apart further
    assert document["parameters"]["balance.log_base"] == "e"
    assert document["mean_index"] == one["index"]


def covered(engine: Engine, code: str, level: str = "city", **limits: Any) -> list[Coverage]:
    with reading(engine) as session:
        state = load(session, area_of("330100", level, date(2025, 12, 31)), capabilities=())
        return coverage([facility_types()[code]], state, level)


def test_coverage_counts_townships_with_one_open_at_least(registry: Engine, put: Put) -> None:
    put(
        {"type": "A0201", "division": "330106002"},
        {"type": "A0201", "division": "330106002"},
        {"type": "A0201", "division": "330106004", "status": "暂停"},
        {"type": "A0201", "division": "330106"},
        {"type": "A0202", "division": "330102001"},
    )
    (one,) = covered(registry, "A0201")
    assert (one.townships, one.covered, one.facilities, one.not_placed) == (191, 1, 2, 1)
    assert one.share == pytest.approx(1 / 191)
    assert len(one.without) == 190
    by_county = {each.division.code: each for each in covered(registry, "A0201", "county")}
    assert by_county["330106"].covered == 1
    assert by_county["330102"].share == 0
    assert sum(each.townships for each in by_county.values()) == 191
    assert "330106002" not in {unit.code for unit in by_county["330106"].without}
    assert "330106004" in {unit.code for unit in by_county["330106"].without}


def test_coverage_as_json(synthetic_city: Engine) -> None:
    with reading(synthetic_city) as session:
        state: State = load(session, area_of("330100", "city", date(2025, 12, 31)), capabilities=())
        found = coverage(types_of_townships(), state, "city")
        document = plain(coverage_json(found, state, "city"))
    assert document["counts_what"] == "townships"
    assert {one["division"][:6] for one in document["not_counted"]} == {"330109"}
    assert len(document["not_counted"]) == 196 - 191
    for row in document["types"]:
        assert row["covered"] + len(row["without"]) == row["townships"] == 191


def test_the_plan_meant_is_the_latest_of_the_city(registry: Engine, put: Put) -> None:
    with reading(registry) as session:
        assert default_plan(session, "330106") == "hangzhou-145"
        assert default_plan(session, "340100") == "hefei-2022"
        for asked in (None, "110101"):
            with pytest.raises(UsageError, match="--plan"):
                default_plan(session, asked)
        with pytest.raises(UsageError, match="--division"):
            main_city(session)
    put({"type": "E0101", "division": "340102"}, {"type": "E0101", "division": "340103"})
    put({"type": "E0101"})
    with reading(registry) as session:
        assert default_plan(session) == "hefei-2022"
        assert main_city(session) == "340100"


@pytest.mark.parametrize(
    ("division", "named", "level"),
    [
        ("330100", None, "county"),
        ("330100", "city", "city"),
        ("330100", "township", "township"),
        ("330106", None, "county"),
        ("330106", "township", "township"),
    ],
)
def test_a_city_is_compared_by_its_counties_unless_a_level_is_named(
    division: str, named: str | None, level: str
) -> None:
    area = area_of(division, named, date(2025, 12, 31))
    assert level_compared(area, named) == level
