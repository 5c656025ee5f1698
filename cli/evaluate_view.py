"""Print evaluations for a person: tables, then what they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.context import enumerated, say
from cli.evaluate_print import (
    Cell,
    colour_shown,
    colours_shown,
    print_line,
    print_policy,
    print_table,
)
from codes.messages import text
from codes.names import listed
from codes.policy import decimal_of
from registry.evaluation.results import Evaluation, Result
from registry.evaluation.scope import level_name
from registry.evaluation.warning_table import colour_counts, worst_first
from registry.evaluation.wording import (
    figure,
    lost_below,
    name_of,
    named,
    number_of,
    origin_name,
    percent,
    reasons_of,
    target_shown,
    unit_of,
    value_shown,
)
from registry.synthetic.mark import is_synthetic

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.evaluation.standing import Mean, Standing


def print_indicators(session: Session, found: Evaluation) -> None:
    """Print every result as one line of a table."""
    _title(session, found)
    several = len(found.divisions) > 1
    names = ["number", "indicator", "value", "unit", "status", "target", "achievement", "colour"]
    rows = [_indicator_row(one, several) for one in found.results]
    print_table([*(["division"] if several else []), *names], rows)
    _reasons(found.results)
    _counts(found.results)
    print_policy("achievement", "warning", "band", "value")


def print_explained(session: Session, found: Evaluation) -> None:
    """Print how every result was worked out."""
    from cli.evaluate_explain import explained

    _title(session, found)
    for one in found.results:
        first, *rest = explained(one)
        print_line(first, "bold")
        for words in rest:
            print_line("  " + words)
    _counts(found.results)
    print_policy("achievement", "warning", "band", "value")


def print_standings(session: Session, found: Evaluation) -> None:
    """Print level and progress of every division."""
    from registry.evaluation.standing import standings, weights_used

    _title(session, found)
    for one in standings(found):
        _print_standing(one)
    print_policy("achievement", "value")
    if weighed := weights_used(found):
        shown = listed(f"{code} {figure(weight)}" for code, weight in weighed.items())
        say("evaluate.weights", weights=shown)


def print_warnings(session: Session, found: Sequence[Evaluation]) -> None:
    """Print every coloured result, the worst first, and how many have each colour."""
    _title(session, found[0])
    results = [one for evaluation in found for one in evaluation.results]
    rated = [one for one in worst_first(results) if one.rating.achievement is not None]
    names = ["colour", "division", "number", "indicator", "value", "target", "achievement"]
    rows: list[list[Cell]] = [
        [
            colour_shown(one),
            one.division.name,
            number_of(one),
            name_of(one),
            value_shown(one),
            target_shown(one),
            percent(one.rating.achievement),
        ]
        for one in rated
    ]
    print_table(names, rows)
    for evaluation in found:
        for division in evaluation.divisions:
            counted = colour_counts(evaluation.of_division(division.code))
            print_line(f"{division.name}：{colours_shown(counted)}")
    print_policy("warning", "band", "value")


def _title(session: Session, found: Evaluation) -> None:
    if is_synthetic(session):
        say("evaluate.synthetic")
    scope = found.scope
    plan, root = named(scope.plan), scope.area.root.name
    about = {"plan": plan, "year": scope.year, "division": root}
    if found.level == scope.area.root.level:
        say("evaluate.title", **about)
    else:
        say("evaluate.title_by", **about, level=level_name(found.level))
    say("evaluate.basis", on=scope.area.on, **found.state.counts)
    if lost := lost_below(found.state, found.level):
        print_line(lost)


def _indicator_row(one: Result, several: bool) -> list[Cell]:
    return [
        *([one.division.name] if several else []),
        number_of(one),
        name_of(one),
        value_shown(one),
        unit_of(one.row),
        origin_name(one),
        target_shown(one),
        percent(one.rating.achievement),
        colour_shown(one),
    ]


def _reasons(results: Sequence[Result]) -> None:
    """Say once each why something is missing or not rated, with the numbers it is true of."""
    by_reason: dict[str, list[str]] = {}
    for one in results:
        for reason in reasons_of(one):
            by_reason.setdefault(reason, []).append(number_of(one))
    for reason, numbers in by_reason.items():
        shown = enumerated(dict.fromkeys(numbers))
        say("evaluate.because", numbers=shown, total=len(numbers), reason=reason)


def _print_standing(one: Standing) -> None:
    print_line(one.division.name, "bold")
    if not one.level.overall.counted:
        print_line("  " + text("evaluate.standing.nothing", division=one.division.name))
        return
    print_line("  " + _level(one.level))
    print_line("  " + _worst(one.level))
    if one.progress.is_enough:
        way = percent(one.progress.overall.value)
        print_line("  " + text("evaluate.standing.progress", value=way, behind=len(one.behind)))


def _level(mean: Mean) -> str:
    found = mean.overall
    if not mean.is_enough:
        least = percent(float(decimal_of("achievement.least_rated")))
        return text("evaluate.standing.few", counted=found.counted, total=mean.total, least=least)
    return text(
        "evaluate.standing.level",
        value=percent(found.value),
        cap=percent(float(decimal_of("achievement.cap"))),
        uncapped=percent(found.uncapped),
        geometric=percent(found.geometric),
        counted=found.counted,
        missing=found.missing,
    )


def _worst(mean: Mean) -> str:
    one = mean.worst
    if one is None:
        return ""
    return text(
        "evaluate.standing.worst",
        number=number_of(one),
        name=name_of(one),
        value=value_shown(one),
        target=target_shown(one),
        achievement=percent(one.rating.achievement),
    )


def _counts(results: Sequence[Result]) -> None:
    statuses = Counter(one.value.status for one in results)
    counts = {name: statuses[name] for name in ("computed", "observed", "missing")}
    colours = colours_shown(colour_counts(results))
    say("evaluate.counts", total=len(results), colours=colours, **counts)
