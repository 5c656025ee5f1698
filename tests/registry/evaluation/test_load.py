"""Loading: what stood on a day, what was taken back to it, and where it lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from codes.policy import integer_of
from registry.db import reading, writing
from registry.evaluation.figures import NOWHERE
from registry.evaluation.ground import ground_of
from registry.evaluation.load import State, load, read_once
from registry.evaluation.load_places import Placed
from registry.evaluation.scope import area_of
from registry.facilities.change import change_many, close
from registry.facilities.lookup import Filter, listing
from registry.facilities.plan import Change

RECORDED = date(2025, 6, 30)
DAY = date(2025, 12, 31)
Put = Callable[..., list[str]]


def state(engine: Engine, day: date = DAY, **limits: Any) -> State:
    """What stood on the day: read for this day alone, and the same of what is read for several."""
    area, other = area_of("330100", "county", day), area_of("330100", "city", RECORDED)
    with reading(engine) as session:
        found = load(session, area, **limits)
        if not limits:
            assert_same(found, load(session, area, once=read_once(session, [other, area])))
        return found


def assert_same(one: State, other: State) -> None:
    assert one.counts == other.counts
    for first, second in ((one.standing, other.standing), (one.unsure, other.unsure)):
        assert first.ids.tolist() == second.ids.tolist()
        assert types_of(first) == types_of(second)
        assert of_columns(first) == of_columns(second)


def types_of(placed: Placed) -> list[str]:
    return [placed.facilities.type_codes[row] for row in placed.facilities.type_row]


def of_columns(placed: Placed) -> dict[str, dict[str, str]]:
    columns = placed.facilities
    return {
        field: {name: repr(array.tolist()) for name, array in getattr(columns, field).items()}
        for field in ("units", "capabilities", "attributes", "identifiers", "read_on")
    } | {"days": {"recorded_on": repr(columns.recorded_on), "back": repr(columns.taken_back)}}


def values(found: State, measure: str) -> list[float]:
    return sorted(found.standing.facilities.reported(measure).tolist())


def report(session: Session, code: str, beds: float | None, on: date) -> None:
    new = Change(code, {"as_of": on}, on, {"beds": beds})
    change_many(session, [new], by="张三", action="change", subject=code, detail={})


def test_everything_equals_the_registrys_own_lookup(synthetic_city: Engine) -> None:
    found = state(synthetic_city)
    facilities = found.standing.facilities
    with reading(synthetic_city) as session:
        views = listing(session, Filter(status="运营"), on=DAY, per_page=10_000).items
    by_id = {view.facility_id: view for view in views}
    assert set(found.standing.ids.tolist()) == set(by_id)
    counties, townships = found.ground.codes("county"), found.ground.codes("township")
    for row, id_ in enumerate(found.standing.ids.tolist()):
        view = by_id[id_]
        assert facilities.type_codes[facilities.type_row[row]] == view.type_code
        assert counties[facilities.units["county"][row]] == view.county_code
        township = facilities.units["township"][row]
        assert (None if township == NOWHERE else townships[township]) == view.township_code
        for name in ("ownership", "inclusive", "grade", "accessible"):
            assert facilities.attributes[name][row] == (getattr(view, name) or "")
        for scheme, has in facilities.identifiers.items():
            assert has[row] == (scheme in view.identifiers)
        for measure, reported in facilities.capabilities.items():
            known = view.capabilities.get(measure)
            assert np.array_equal(reported[row], known.value if known else np.nan, equal_nan=True)
            spoken = facilities.read_on[measure][row]
            assert spoken == (known.as_of.toordinal() if known else 0)
    assert found.counts["facilities"] == len(by_id) > 400


def test_only_what_operates_on_the_day_stands(registry: Engine, put: Put) -> None:
    codes = put(
        {"type": "E0101", "beds": 10},
        {"type": "E0101", "beds": 20},
        {"type": "E0101", "beds": 30, "status": "暂停"},
        {"type": "E0101", "beds": 40, "status": "在建", "opened_on": None},
    )
    with writing(registry) as session:
        close(session, codes[1], on=date(2025, 10, 1), by="张三", reason="示例")
    assert values(state(registry), "beds") == [10]
    assert values(state(registry, date(2025, 9, 30)), "beds") == [10, 20]


def test_the_reading_in_force_counts_and_a_withdrawn_one_does_not(
    registry: Engine, put: Put
) -> None:
    first, second = put({"type": "E0101", "beds": 10}, {"type": "E0101", "beds": 20})
    with writing(registry) as session:
        for code, value, on in (
            (first, 12, date(2025, 9, 1)),
            (first, 99, date(2026, 3, 1)),
            (second, None, date(2025, 9, 1)),
        ):
            report(session, code, value, on)
    found = state(registry)
    reported = found.standing.facilities.reported("beds")
    assert reported[0] == 12
    assert np.isnan(reported[1])
    assert found.standing.facilities.read_on["beds"].tolist() == [
        date(2025, 9, 1).toordinal(),
        0,
    ]
    assert values(state(registry, date(2025, 8, 31)), "beds") == [10, 20]


def test_what_was_recorded_soon_after_is_taken_back_and_said(registry: Engine, put: Put) -> None:
    put(
        {"type": "E0101", "beds": 10, "opened_on": date(2019, 5, 1)},
        {"type": "E0101", "beds": 20, "opened_on": date(2025, 3, 1)},
        {"type": "E0101", "beds": 30, "opened_on": None},
        {
            "type": "E0101",
            "beds": 40,
            "status": "关闭",
            "opened_on": date(2012, 1, 1),
            "closed_on": date(2025, 5, 1),
        },
        {
            "type": "E0101",
            "beds": 50,
            "status": "关闭",
            "opened_on": date(2012, 1, 1),
            "closed_on": date(2024, 5, 1),
        },
    )
    found = state(registry, date(2024, 12, 31))
    assert values(found, "beds") == [10, 40]
    assert found.counts["taken_back"] == 2
    assert found.counts["not_on_record_then"] == 1
    assert found.standing.facilities.read_on["beds"].tolist() == [RECORDED.toordinal()] * 2


def test_what_was_recorded_long_after_is_counted_but_not_taken_back(
    registry: Engine, put: Put
) -> None:
    put({"type": "E0101", "beds": 10})
    edge = RECORDED - timedelta(days=integer_of("value.backdate_days"))
    assert state(registry, edge).counts["taken_back"] == 1
    found = state(registry, edge - timedelta(days=1))
    assert (found.counts["facilities"], found.counts["not_on_record_then"]) == (0, 1)


def test_of_several_later_readings_the_first_stands_in(registry: Engine, put: Put) -> None:
    (code,) = put({"type": "E0101"})
    with writing(registry) as session:
        for value, on in ((7, date(2026, 2, 1)), (9, date(2026, 8, 1))):
            report(session, code, value, on)
    assert values(state(registry), "beds") == [7]
    assert values(state(registry, date(2026, 9, 1)), "beds") == [9]


def test_it_can_be_limited_to_types_and_measures(registry: Engine, put: Put) -> None:
    put({"type": "E0101", "beds": 10}, {"type": "B0101", "places": 20})
    found = state(registry, types=["B01"], capabilities=["places"])
    assert values(found, "places") == [20]
    assert found.counts["facilities"] == 1


def test_other_cities_stay_out(registry: Engine, put: Put) -> None:
    put({"type": "E0101", "division": "340102"}, {"type": "E0101", "division": "330106"})
    assert state(registry).counts["facilities"] == 1


def test_one_that_came_from_another_city_was_on_record_before(registry: Engine, put: Put) -> None:
    (code,) = put({"type": "E0101", "division": "340102"})
    moved = date(2025, 9, 1)
    with writing(registry) as session:
        new = Change(code, {"as_of": moved, "division": "330106"}, moved, {})
        change_many(session, [new], by="张三", action="change", subject=code, detail={})
    assert state(registry).counts["facilities"] == 1
    before = state(registry, date(2025, 7, 31)).counts
    assert (before["facilities"], before["not_on_record_then"]) == (0, 0)


def test_an_empty_registry(registry: Engine) -> None:
    found = state(registry)
    assert found.counts["facilities"] == 0
    assert found.standing.at("township", found.ground).division.tolist() == []


@pytest.mark.parametrize(
    ("code", "recorded_on", "county", "township"),
    [
        ("330106002", date(2026, 1, 1), "330106", "330106002"),
        ("330106", date(2026, 1, 1), "330106", None),
        ("330103", date(2020, 6, 1), "330105", None),  # 下城 went into 拱墅 whole
        ("330110", date(2022, 6, 1), "330110", None),
        ("330110", date(2020, 6, 1), None, None),  # 余杭 gave 临平 away in 2021: which is it?
        ("330104", date(2020, 6, 1), None, None),  # 江干 was split
    ],
)
def test_a_code_means_what_it_meant_when_it_was_recorded(
    code: str, recorded_on: date, county: str | None, township: str | None
) -> None:
    ground = ground_of(area_of("330100", "county", DAY))
    place = ground.place(code, recorded_on)
    assert place.inside
    found = (
        None if place.county == NOWHERE else ground.counties[place.county].code,
        None if place.township == NOWHERE else ground.townships[place.township].code,
    )
    assert found == (county, township)


def test_a_new_code_on_an_earlier_day() -> None:
    ground = ground_of(area_of("330100", "county", date(2020, 12, 31)))
    place = ground.place("330113", date(2026, 1, 1))  # 临平 was part of 余杭
    assert ground.counties[place.county].code == "330110"


def test_units_of_a_level_lie_within_it() -> None:
    ground = ground_of(area_of("330106", "township", DAY))
    townships = ground.codes("township")
    assert {code[:6] for code in townships} == {"330106"}
    units = ground.units("township")
    inside = units["township"][units["township"] != NOWHERE]
    assert inside.tolist() == list(range(len(townships)))
    assert (units["county"] == NOWHERE).all()
