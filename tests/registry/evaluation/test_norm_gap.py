"""What sizing rules ask for: needed, there, lacking, by division and never netted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import Engine

from codes.norms import find_norm, norms
from registry.db import reading
from registry.evaluation.load import load
from registry.evaluation.norm_gap import (
    Gap,
    can_be_summed,
    gaps_of,
    sites_needed,
    total_lack,
)
from registry.evaluation.scope import area_of

DAY = date(2025, 12, 31)
PLACES = "zhejiang-01"


def gaps(engine: Engine, code: str, amount: str | None = None) -> dict[str, Gap]:
    norm = find_norm(code)
    quantity = norm.quantities[0]
    if amount:
        quantity = replace(quantity, amount=Decimal(amount))
    assert can_be_summed(norm, quantity)
    with reading(engine) as session:
        state = load(session, area_of("330100", "county", DAY))
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
    every = [(row, each) for row in norms().values() for each in row.quantities]
    summed = [row.code for row, each in every if can_be_summed(row, each)]
    assert len(summed) > 25
