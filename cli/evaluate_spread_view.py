"""Print balance and coverage for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.context import enumerated, say
from cli.evaluate_print import Cell, print_policy, print_table, some
from codes.population_groups import group_name
from registry.evaluation.coverage import zones_of
from registry.evaluation.scope import level_name
from registry.evaluation.spread import Spread, mean_index
from registry.evaluation.wording import figure, named, people_years_shown, percent
from registry.synthetic.mark import is_synthetic

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.evaluation.coverage import Coverage
    from registry.evaluation.load import State
    from registry.evaluation.spreads import Balance


def print_spreads(session: Session, found: Balance) -> None:
    """Print the balance of each measure at one level."""
    if is_synthetic(session):
        say("evaluate.synthetic")
    area = found.state.ground.area
    say("evaluate.balance.title", level=level_name(found.level), on=area.on)
    names = ["measure", "index", "interval", "gini", "cv", "theil", "between", "extremes", "reason"]
    print_table(names, [_spread_row(one) for one in found.spreads])
    _people_years(found.spreads)
    for one in found.spreads:
        _left_out(one)
    for apart in found.apart:
        words = {"name": apart.name, "persons": figure(apart.persons), "year": apart.year}
        group = group_name(apart.group)
        say("evaluate.balance.apart", **words, group=group, source=apart.source)
    mean = mean_index(found.spreads)
    total = sum(one.index is not None for one in found.spreads)
    if mean is not None:
        say("evaluate.balance.mean", value=figure(mean, 1), total=total)
    print_policy("balance", "value")


def print_coverage(session: Session, found: Sequence[Coverage], state: State) -> None:
    """Print the share of townships that have each type."""
    if is_synthetic(session):
        say("evaluate.synthetic")
    area = state.ground.area
    say("evaluate.coverage.title", division=area.root.name, on=area.on)
    several = len({one.division.code for one in found}) > 1
    names = ["type", "townships", "covered", "share", "without", "not_placed"]
    rows: list[list[Cell]] = [
        [
            *([one.division.name] if several else []),
            named(one.type),
            str(one.townships),
            str(one.covered),
            percent(one.share),
            some([unit.name for unit in one.without]),
            str(one.not_placed or ""),
        ]
        for one in found
    ]
    print_table([*(["division"] if several else []), *names], rows)
    if zones := zones_of(state):
        say("evaluate.coverage.zones", total=len(zones), names=some([one.name for one in zones]))
    say("evaluate.coverage.no_circle")


def _spread_row(one: Spread) -> list[Cell]:
    if one.reason is not None or one.theil is None:
        return [named(one.formula), *["—"] * 7, str(one.reason)]
    low, high = one.index_interval() or (None, None)
    shares = sorted(one.shares, key=lambda share: share.quotient)
    between = one.theil.between / one.theil.total if one.theil.total else None
    return [
        named(one.formula),
        figure(one.index, 1),
        f"{figure(low, 1)}–{figure(high, 1)}",
        figure(one.gini, 3),
        figure(one.cv, 3),
        figure(one.theil.total, 4),
        percent(between) if one.level == "township" else "—",
        " / ".join(
            f"{share.division.name} {figure(share.quotient)}" for share in (shares[0], shares[-1])
        ),
        "",
    ]


def _people_years(spreads: Sequence[Spread]) -> None:
    """Say of which years the people are, once for all measures that rest on the same ones."""
    names: dict[str, list[str]] = {}
    for one in spreads:
        if one.shares:
            names.setdefault(people_years_shown(one.people_years()), []).append(named(one.formula))
    for words, measures in names.items():
        say("evaluate.balance.people_years", names=enumerated(measures), words=words)


def _left_out(one: Spread) -> None:
    by_reason: dict[str, list[str]] = {}
    for division, reason in one.left_out:
        by_reason.setdefault(str(reason), []).append(division.name)
    if one.reason is not None and not one.left_out:
        return
    for why, names in by_reason.items():
        words = {"name": named(one.formula), "divisions": some(names), "reason": why}
        say("evaluate.balance.left_out", **words)
