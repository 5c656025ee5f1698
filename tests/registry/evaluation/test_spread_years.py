"""Balance says of which years the people are, and minds when they are not of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine

from registry.db import reading
from registry.evaluation.load import load
from registry.evaluation.scope import area_of
from registry.evaluation.spread import Spread, measure_formula, spread_of
from registry.evaluation.wording import people_years_shown

PLACES = measure_formula(["places"], ["A02"], "total", ("托位数", "Childcare places"))


def spread(engine: Engine) -> Spread:
    with reading(engine) as session:
        state = load(session, area_of("330100", "county", date(2025, 12, 31)))
        return spread_of(PLACES, state, "county", state.people(session, 2025, {"total"}, "county"))


def test_people_of_several_years_are_said(
    registry: Engine, put: Callable[..., list[str]], counted: Callable[..., None]
) -> None:
    put(
        {"type": "A0201", "division": "330106", "places": 50},
        {"type": "A0201", "division": "330102", "places": 40},
    )
    before = spread(registry)
    assert list(before.people_years()) == [2020]
    assert people_years_shown(before.people_years()) == "人口为 2020 年"
    counted(("330106", 2025, "常住人口", 1_000_000))
    years = spread(registry).people_years()
    assert [(year, len(units)) for year, units in years.items()] == [(2020, 12), (2025, 1)]
    assert people_years_shown(years) == (
        "注意：人口年份不一致（2020 年：12 个区划；2025 年：西湖区），各区划不完全可比"
    )
