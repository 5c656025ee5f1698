"""What is compared when balance is asked: a plan's indicators by people, or measures one names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from codes.capabilities import capabilities
from codes.categories import categories, classes
from codes.errors import DataError, UsageError
from codes.facility_types import find_type
from codes.formulas import Formula
from codes.names import fold, index_names, listed, near_names
from codes.population_groups import find_group
from registry.evaluation.areas_apart import AreaApart, areas_apart
from registry.evaluation.load import State, load
from registry.evaluation.people import People
from registry.evaluation.scope import Scope, level_compared
from registry.evaluation.spread import Spread, measure_formula, spread_formulas, spread_of
from registry.evaluation.values import groups_of


@dataclass(frozen=True)
class Balance:
    """The spreads and what they rest on."""

    spreads: list[Spread]
    state: State
    level: str
    people: People
    apart: list[AreaApart]
    about: dict[str, Any]


def balance_of(
    session: Session,
    scope: Scope,
    level: str | None,
    measured: Sequence[str] | None,
    types: Sequence[str] | None,
    group: str | None,
) -> Balance:
    """Return the balance at a level; a city is told by its counties unless another is named.

    Raises UsageError when the plan has nothing to compare by people, DataError for a measure, type
    or group there is not.
    """
    below = level_compared(scope.area, level)
    formulas = _named(measured, types, group) if measured else _of_plan(scope)
    measures = {name for one in formulas for name in one.measures}
    state = load(session, scope.area, capabilities=measures)
    people = state.people(session, scope.year, groups_of(formulas), below)
    spreads = [spread_of(one, state, below, people) for one in formulas]
    root = scope.area.root
    apart = (
        areas_apart(session, root.code, scope.year, groups_of(formulas))
        if root.level == "city" and below != "city"
        else []
    )
    about = {"plan": scope.plan.code, "year": scope.year}
    return Balance(spreads, state, below, people, apart, about)


def _of_plan(scope: Scope) -> list[Formula]:
    chosen = spread_formulas(scope.plan.code)
    if not chosen:
        raise UsageError("evaluate.balance.nothing_spread", plan=scope.plan.code)
    return chosen


def _named(names: Sequence[str], types: Sequence[str] | None, group: str | None) -> list[Formula]:
    codes = [_capability(name) for name in names]
    said = [capabilities()[code] for code in codes]
    beginnings = [_type_beginning(one) for one in types or ()]
    people = find_group(group) if group else "total"
    words = (" + ".join(one.name_zh for one in said), " + ".join(one.name_en for one in said))
    return [measure_formula(codes, beginnings, people, words)]


def _capability(written: str) -> str:
    names = index_names(
        (one.code, (one.code, one.name_zh, one.name_en)) for one in capabilities().values()
    )
    found = names.get(fold(written))
    if found is None:
        near = listed(capabilities()[one].name_zh for one in near_names(written, names))
        raise DataError("evaluate.capability_unknown", seen=written, near=near)
    return found


def _type_beginning(written: str) -> str:
    code = written.strip().upper()
    return code if code in categories() or code in classes() else find_type(written).code
