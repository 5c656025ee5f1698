"""Every indicator has a value or a reason; the target, the degree and the colour follow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

import codes.policy
from cli.evaluate_explain import explained
from codes.errors import DataError, UsageError
from codes.facility_types import facility_types
from codes.formulas import formulas
from codes.indicators import indicators_of
from codes.messages import use_language
from exports.release.indicator_rows import lines
from registry.db import reading
from registry.evaluation import load_places, load_rows
from registry.evaluation.ground import ground_of
from registry.evaluation.load_rows import Rows as Records
from registry.evaluation.result_json import result_json
from registry.evaluation.results import evaluate
from registry.evaluation.scope import Scope, scope_of
from registry.evaluation.standing import standings_json
from registry.evaluation.wording import name_of, number_of
from registry.ledgers.wording import indicator_name

TODAY = date(2026, 11, 22)
Put = Callable[..., list[str]]
Record = Callable[..., None]
Rows = dict[str, dict[str, Any]]


def scope(
    plan: str = "hangzhou-145",
    year: int | None = 2025,
    division: str | None = None,
    level: str | None = None,
) -> Scope:
    return scope_of(plan, year, division, level, TODAY)


def rows(engine: Engine, *asked: Any, of: str = "330100", **named: Any) -> Rows:
    with reading(engine) as session:
        found = evaluate(session, scope(*asked, **named))
        plain = json.loads(json.dumps([result_json(one) for one in found.results]))
    return {row["indicator"]: row for row in plain if row["division"] == of}


@pytest.mark.parametrize("plan", ["hangzhou-135", "hangzhou-145", "zhoushan-2022", "hefei-2022"])
def test_no_row_of_any_plan_is_silently_absent(registry: Engine, plan: str) -> None:
    with reading(registry) as session:
        found = evaluate(session, scope(plan, None))
    numbered = {(one.row.section, one.row.number) for one in found.results}
    assert len(numbered) == len(indicators_of(plan))
    for one in found.results:
        assert (one.value.status == "missing") == (one.value.reason is not None)
        if one.rating.achievement is None:
            assert str(one.reason)
            assert one.rating.colour == "grey"


def test_a_computed_value_with_its_working(registry: Engine, put: Put) -> None:
    put(
        {"type": "A0201", "places": 20_000},
        {"type": "A0201", "places": 30_000, "division": "330102"},
        {"type": "A0202"},
    )
    row = rows(registry)["hangzhou-145.02"]
    assert row["status"] == "computed"
    assert row["value"] == pytest.approx(1000 * 50_000 / 11_936_010)
    assert (row["target"], row["comparator"], row["met"]) == (3.5, ">=", True)
    assert row["achievement"] == pytest.approx(row["value"] / 3.5)
    assert (row["colour"], row["reason"]) == ("blue", None)
    working = row["working"]
    assert (working["numerator"], working["denominator"]) == (50_000, 11_936_010)
    assert (working["facilities_counted"], working["facilities_not_reported"]) == (2, 1)
    assert (working["data_from"], working["data_to"]) == ("2025-06-30", "2025-06-30")
    assert working["population"]["year"] == 2020
    assert working["population"]["found_in"] == "census_book"
    assert "2020" in " ".join(working["notes"])
    assert row["target_from"]["raw"] == "3.5以上"
    assert row["target_from"]["seed_file"] == "001_b300e784a0160a55.txt"


def test_the_ledger_goes_before_the_census_book(
    registry: Engine, put: Put, counted: Record
) -> None:
    put({"type": "A0201", "places": 50_000})
    counted(("330100", 2024, "常住人口", 12_624_000))
    working = rows(registry)["hangzhou-145.02"]["working"]
    assert working["denominator"] == 12_624_000
    assert (working["population"]["year"], working["population"]["found_in"]) == (2024, "ledger")
    counted(("330100", 2025, "常住人口", 12_700_000))
    working = rows(registry)["hangzhou-145.02"]["working"]
    assert working["population"]["note"] is None


def test_progress_is_not_the_level(registry: Engine, put: Put) -> None:
    put({"type": "E0101", "beds": 1000, "nursing_beds": 560})
    row = rows(registry, year=2025)["hangzhou-145.23"]
    assert row["achievement"] == pytest.approx(56 / 58)
    assert row["progress"] == pytest.approx((56 - 55) / (58 - 55))
    assert row["time_elapsed"] == 1.0
    assert row["colour"] == "green"


def test_an_observation_where_nothing_can_be_computed(
    registry: Engine, put: Put, observed: Record
) -> None:
    put({"type": "E0101"})
    observed(("hangzhou-145.03", "330100", 2025, 95), ("hangzhou-145.09b", "330100", 2025, 99.5))
    found = rows(registry)
    row = found["hangzhou-145.03"]
    assert (row["status"], row["value"], row["met"]) == ("observed", 95, False)
    assert (row["achievement"], row["colour"]) == (1.0, "green")  # the target is >95
    assert (row["observed"]["source"], row["working"]) == ("示例统计", None)
    assert found["hangzhou-145.09b"]["part"] == "b"
    assert found["hangzhou-145.09b"]["colour"] == "blue"
    assert found["hangzhou-145.09a"]["status"] == "missing"


@pytest.fixture
def prefer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Set a parameter of the policy for one test."""

    def set_to(code: str, value: str) -> None:
        known: Mapping[str, Any] = codes.policy.policy()
        changed = {**known, code: replace(known[code], value=value)}
        monkeypatch.setattr(codes.policy, "policy", lambda: changed)

    return set_to


def test_of_two_values_the_policy_says_which_goes_first(
    registry: Engine, put: Put, observed: Record, prefer: Callable[[str, str], None]
) -> None:
    put({"type": "E0101", "beds": 100, "nursing_beds": 56})
    observed(("hangzhou-145.23", "330100", 2025, 60))
    row = rows(registry)["hangzhou-145.23"]
    assert (row["status"], row["value"], row["beside"]) == ("computed", 56, 60)
    prefer("value.preferred", "observed")
    row = rows(registry)["hangzhou-145.23"]
    assert (row["status"], row["value"], row["beside"]) == ("observed", 60, 56)


def test_the_documents_own_figures_are_observations_of_its_city(registry: Engine) -> None:
    found = rows(registry, "hangzhou-135", 2020)
    assert found["hangzhou-135.01"]["status"] == "observed"
    assert found["hangzhou-135.01"]["observed"]["found_in"] == "document"
    assert found["hangzhou-135.01"]["colour"] == "blue"
    assert found["hangzhou-135.04"]["achievement"] == pytest.approx(4 / 2.42)
    assert found["hangzhou-135.05"]["achievement"] == pytest.approx(199.7 / 85)
    words = found["hangzhou-135.08"]
    assert (words["value"], words["value_text"], words["status"]) == (None, "应保尽保", "observed")
    assert words["achievement"] is None
    assert "应保尽保" in words["reason"]
    pair = found["hangzhou-135.10"]
    assert (pair["value_text"], pair["met"], pair["achievement"]) == ("100/100", True, None)
    places = found["hangzhou-135.11"]
    assert (places["value"], places["met"]) == (None, True)
    base = rows(registry, "hangzhou-145", 2020)["hangzhou-145.03"]
    assert (base["status"], base["value"], base["achievement"]) == ("observed", 95, None)
    assert rows(registry, "hangzhou-145", 2021)["hangzhou-145.03"]["status"] == "missing"


def test_counties_are_measured_by_the_citys_rates_but_not_by_its_totals(
    registry: Engine, put: Put, observed: Record
) -> None:
    put({"type": "E0101", "beds": 100, "nursing_beds": 58})
    observed(("hangzhou-145.13", "330106", 2025, 60), ("hangzhou-145.03", "330106", 2025, 97))
    found = rows(registry, level="county", of="330106")
    assert found["hangzhou-145.23"]["colour"] == "blue"
    assert found["hangzhou-145.23"]["progress"] is None  # the base is the city's
    assert found["hangzhou-145.03"]["colour"] == "blue"
    total = found["hangzhou-145.13"]
    assert (total["value"], total["achievement"], total["colour"]) == (60, None, "grey")
    assert "总量" in total["reason"]


def test_a_county_is_the_same_alone_and_among_the_others(synthetic_city: Engine) -> None:
    among = rows(synthetic_city, level="county", of="330109")
    alone = rows(synthetic_city, division="330109", of="330109")
    assert among == alone
    town = rows(synthetic_city, division="330109", level="township", of="330109006")
    assert town == rows(synthetic_city, division="330109006", of="330109006")
    assert {row["status"] for row in among.values()} == {"computed", "missing"}


def test_counties_add_up_to_the_city(synthetic_city: Engine) -> None:
    with reading(synthetic_city) as session:
        city = evaluate(session, scope())
        below = evaluate(session, scope(level="county"), state=city.state)
    for one in city.results:
        if one.value.computed is None or one.row.code == "hangzhou-145.35":
            continue
        working = one.value.computed.working
        parts = [
            other.value.computed.working
            for other in below.results
            if other.code == one.code and other.value.computed
        ]
        for name in ("numerator", "facilities_counted", "facilities_not_reported"):
            assert working[name] == pytest.approx(sum(part[name] for part in parts)), one.code


def test_missing_never_means_zero(registry: Engine, put: Put) -> None:
    nothing = rows(registry)["hangzhou-145.15"]
    assert "没有杭州市的任何设施" in nothing["reason"]
    put({"type": "E0101"})
    found = rows(registry)
    assert "没有登记" in found["hangzhou-145.15"]["reason"]
    assert "没有上报" in found["hangzhou-145.23"]["reason"]
    put({"type": "D0101"})
    silent = rows(registry, level="county", of="330102")["hangzhou-145.15"]
    assert silent["value"] is None  # a hospital elsewhere that says nothing makes no zero here
    assert "没有一处设施填报" in silent["reason"]
    put({"type": "D0101", "beds": 10})
    county = rows(registry, level="county", of="330102")
    assert county["hangzhou-145.15"]["value"] == 0  # the city has beds, this county none
    assert county["hangzhou-145.15"]["colour"] == "red"


def test_what_was_recorded_too_late_is_missing_with_the_reason(registry: Engine, put: Put) -> None:
    put({"type": "D0101", "beds": 10})
    row = rows(registry, year=2021)["hangzhou-145.15"]
    assert row["status"] == "missing"
    assert "2021-12-31 还没有记录" in row["reason"]
    assert row["working"]["facilities_not_on_record_then"] == 1


def test_a_true_zero_where_less_is_better_has_an_achievement_and_a_reason(
    registry: Engine, observed: Record
) -> None:
    observed(("hangzhou-145.48", "330100", 2025, 0))  # <0.01
    row = rows(registry)["hangzhou-145.48"]
    assert (row["value"], row["achievement"], row["achievement_limited"]) == (0, 10, True)
    assert (row["met"], row["colour"]) == (True, "blue")
    assert "数值为 0" in row["reason"]
    assert "1000%" in row["reason"]
    with reading(registry) as session:
        [city] = standings_json(evaluate(session, scope()))["divisions"]
    mean = city["achievement"]
    assert (mean["counted"], mean["limited"], mean["missing"], mean["total"]) == (1, 1, 52, 53)
    assert (mean["value"], mean["uncapped"]) == (1, None)
    assert mean["share_rated"] == pytest.approx(1 / 53)


def test_a_ratio_that_says_nothing_any_more_is_told_as_the_most(
    registry: Engine, observed: Record
) -> None:
    observed(("hangzhou-145.48", "330100", 2025, 0.0001), ("hangzhou-145.24", "330100", 2025, 300))
    found = rows(registry)
    assert found["hangzhou-145.48"]["achievement"] == 10
    assert "10,000%" in found["hangzhou-145.48"]["reason"]
    assert found["hangzhou-145.24"]["achievement"] == 10
    assert "1,200%" in found["hangzhou-145.24"]["reason"]


def test_a_formula_that_gave_nothing_is_not_told_as_the_working(
    registry: Engine, put: Put, observed: Record
) -> None:
    put({"type": "E0101"})
    observed(("hangzhou-145.23", "330100", 2025, 60))
    with reading(registry) as session:
        found = evaluate(session, scope()).results
    lines = explained(next(one for one in found if one.code == "hangzhou-145.23"))
    assert not any("算式" in line or "分子" in line for line in lines)
    assert any("台账算不出" in line and "没有上报" in line for line in lines)


def test_facilities_of_a_type_that_has_ended_count_and_are_counted(
    registry: Engine, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"type": "A0201", "places": 60}, {"type": "A0202", "places": 40})
    types = facility_types()
    ended = {**types, "A0202": replace(types["A0202"], valid_to="2025-12-31")}
    monkeypatch.setattr(load_places, "facility_types", lambda: ended)
    working = rows(registry)["hangzhou-145.02"]["working"]
    assert (working["numerator"], working["facilities_type_ended"]) == (100, 1)
    assert "1 个设施的设施类型已经停用" in " ".join(working["notes"])
    assert rows(registry, year=2024)["hangzhou-145.02"]["working"]["facilities_type_ended"] == 0


def test_a_record_is_of_the_day_it_was_in_china() -> None:
    """330103 was in force up to 2021-04-08: an hour after midnight in China it was not."""
    found = [
        load_places.facilities_of(recorded(hour), ground_of(scope().area), 1)[1]
        for hour in ("2021-04-08 15", "2021-04-08 16")
    ]
    assert [int(one.units["county"][0]) >= 0 for one in found] == [True, False]


def recorded(hour: str) -> Records:
    cells = dict.fromkeys(load_rows.COLUMNS, "")
    cells |= {"type_code": "A0201", "division_code": "330103", "recorded_at": hour}
    columns = {name: load_rows.Column() for name in cells}
    for name, column in columns.items():
        column.take([cells[name]])
    return Records(np.array([1]), columns)


def test_a_missed_bottom_line_is_red(registry: Engine, observed: Record) -> None:
    observed(("hefei-2022.A03", "340100", 2025, 69))  # 约束性, 70
    observed(("hefei-2022.A10", "340100", 2025, 99))  # 预期性, 100
    found = rows(registry, "hefei-2022", of="340100")
    assert (found["hefei-2022.A03"]["colour"], found["hefei-2022.A03"]["bottom_line_failed"]) == (
        "red",
        True,
    )
    assert found["hefei-2022.A10"]["colour"] == "green"


def test_a_running_year_is_told_as_of_today(registry: Engine) -> None:
    assert scope(year=2026).area.on == TODAY
    assert scope(year=2025).area.on == date(2025, 12, 31)
    assert scope(year=None).year == 2025


@pytest.mark.parametrize(
    ("asked", "error", "message_id"),
    [
        ({"plan": "beijing-145"}, UsageError, "evaluate.plan_unknown"),
        ({"year": 2019}, UsageError, "evaluate.year_out_of_range"),
        ({"year": 2027}, UsageError, "evaluate.year_out_of_range"),
        ({"division": "330199"}, DataError, "division.unknown"),
        ({"division": "330103"}, DataError, "division.not_in_force"),
        ({"division": "340100"}, UsageError, "evaluate.outside_plan"),
        ({"division": "330000"}, UsageError, "evaluate.division_too_wide"),
        ({"division": "330106002", "level": "county"}, UsageError, "evaluate.level_above"),
        ({"level": "village"}, UsageError, "evaluate.level_unknown"),
    ],
)
def test_what_cannot_be_evaluated_is_said(
    asked: dict[str, Any], error: type[Exception], message_id: str
) -> None:
    with pytest.raises(error) as raised:
        scope(**asked)
    assert raised.value.message_id == message_id  # type: ignore[attr-defined]
    assert str(raised.value)


def test_a_formula_that_stands_for_something_gives_way_to_a_reported_figure(
    registry: Engine, put: Put, observed: Record
) -> None:
    put({"type": "A0201", "division": "340104", "places": 60, "childcare_staff": 10})
    only = rows(registry, "hefei-2022", of="340100")["hefei-2022.B10"]
    assert (only["status"], only["value"]) == ("computed", 10)
    observed(("hefei-2022.B10", "340100", 2025, 3500))
    row = rows(registry, "hefei-2022", of="340100")["hefei-2022.B10"]
    assert (row["status"], row["value"], row["beside"]) == ("observed", 3500, 10)
    assert "代“专业人才”" in " ".join(row["working"]["notes"])
    assert row["colour"] != "red"


def test_beds_doctors_and_nurses_are_of_the_same_institutions() -> None:
    names = ("medical_beds_per_1000", "doctors_per_1000", "nurses_per_1000")
    chosen = {formulas()[name].numerator.types for name in names}
    assert len(chosen) == 1
    assert "D01" in next(iter(chosen))


def test_a_part_has_one_name_wherever_it_is_told(registry: Engine) -> None:
    with reading(registry) as session:
        found = evaluate(session, scope()).results
    one = next(one for one in found if one.code == "hangzhou-145.09b")
    shown = result_json(one)
    line = next(line for line in lines() if line.code == one.code)
    assert (shown["name_zh"], shown["name_en"]) == (line.name_zh, line.name_en)
    assert shown["name_zh"] == name_of(one) == indicator_name(one.row.code, "b")
    assert shown["name_zh"].endswith("（义务段）")
    assert re.fullmatch(r"[ -~]+ \(Compulsory\)", shown["name_en"])
    use_language("en")
    assert shown["name_en"] == name_of(one) == indicator_name(one.row.code, "b")
    assert number_of(one) == "9b"


def test_the_sources_not_taken_are_named(registry: Engine, observed: Record) -> None:
    observed(("hangzhou-145.07", "330100", 2025, 91), source="年报")
    observed(("hangzhou-145.07", "330100", 2025, 95), source="公报")
    row = rows(registry)["hangzhou-145.07"]["observed"]
    assert (row["source"], row["others"]) == ("公报", [{"source": "年报", "value": 91.0}])
    with reading(registry) as session:
        found = evaluate(session, scope()).results
    said = explained(next(one for one in found if one.code == "hangzhou-145.07"))
    assert "另有一个上报值没有采用：91（年报）；采用的是：2 个来源中最近登记的" in said
