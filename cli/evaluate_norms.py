"""What `fuwuma evaluate norms` prints: what rules ask for, and what lacks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cli.context import enumerated, say
from cli.evaluate_print import print_table
from codes.messages import language, text
from codes.names import name_of
from codes.norms import in_words
from codes.population_groups import group_name
from codes.unit_names import english_unit
from registry.evaluation.norm_gap import Gap, total_lack
from registry.evaluation.norm_work import Needs, Worked
from registry.evaluation.scope import level_name
from registry.evaluation.wording import figure
from registry.synthetic.mark import is_synthetic

if TYPE_CHECKING:
    from sqlmodel import Session


def print_norms(session: Session, needs: Needs) -> None:
    """Print one rule by division, several as one line each."""
    if is_synthetic(session):
        say("evaluate.synthetic")
    area, level = needs.area, level_name(needs.level)
    say("evaluate.norms.title", on=area.on, division=area.root.name, level=level)
    if len(needs.rules) > 1:
        names = ["norm", "rule", "mark", "needed", "there", "lack", "lacking", "untold"]
        print_table(names, [_line(one) for one in needs.rules])
    else:
        _print_one(needs.rules[0])
    _print_left(needs)
    for apart in needs.apart:
        words = {"name": apart.name, "persons": figure(apart.persons), "year": apart.year}
        group = group_name(apart.group)
        say("evaluate.balance.apart", **words, group=group, source=apart.source)
    say("evaluate.norms.not_netted")


def _print_one(one: Worked) -> None:
    norm = one.norm
    say("evaluate.norms.rule", code=norm.code, rule=_rule(one), source=norm.document_zh)
    if norm.by_year:
        say("evaluate.norms.by_year", year=norm.by_year)
    say("evaluate.norms.mark", mark=_mark(one))
    rows = [
        [gap.division.name, figure(gap.needed), figure(gap.there), figure(gap.lack), _why(gap)]
        for gap in one.gaps
    ]
    print_table(["division", "needed", "there", "lack", "reason"], rows)
    say("evaluate.norms.total", lack=figure(total_lack(one.gaps)), unit=_unit(one))
    if one.sites is not None:
        say("evaluate.norms.sites", sites=one.sites)


def _print_left(needs: Needs) -> None:
    by_reason: dict[str, list[str]] = {}
    for norm, reason in needs.left:
        by_reason.setdefault(str(reason), []).append(norm.code)
    for words, codes in by_reason.items():
        say("evaluate.norms.left", codes=enumerated(codes), reason=words)


def _line(one: Worked) -> list[str]:
    told = [gap for gap in one.gaps if gap.lack is not None]
    return [
        one.norm.code,
        _rule(one),
        _mark(one),
        figure(sum(gap.needed or 0.0 for gap in told)) if told else "—",
        figure(sum(gap.there or 0.0 for gap in told)) if told else "—",
        figure(total_lack(one.gaps)) if told else "—",
        str(sum(bool(gap.lack) for gap in told)),
        str(len(one.gaps) - len(told)),
    ]


def _rule(one: Worked) -> str:
    name = name_of(one.norm)
    return f"{name}: {in_words(replace(one.norm, quantities=(one.quantity,)), language())}"


def _mark(one: Worked) -> str:
    return text(f"evaluate.mark.{one.norm.mark.replace(' ', '_')}")


def _unit(one: Worked) -> str:
    return english_unit(one.quantity.unit) if language() == "en" else one.quantity.unit


def _why(gap: Gap) -> str:
    return "" if gap.reason is None else str(gap.reason)
