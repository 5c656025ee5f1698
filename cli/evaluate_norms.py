"""What `fuwuma evaluate norms` works out and prints: what rules ask for, and what lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.context import say
from cli.evaluate_print import print_table
from codes.divisions import full_name
from codes.errors import UsageError
from codes.facility_types import find_type
from codes.messages import language
from codes.names import listed
from codes.norms import Norm, Quantity, find_norm, in_words, norms, norms_for
from codes.unit_names import english_unit
from registry.evaluation.load import load
from registry.evaluation.norm_gap import (
    GROUPS,
    Gap,
    can_be_summed,
    formula_for,
    gaps_of,
    holds_everywhere,
    sites_needed,
    total_lack,
)
from registry.evaluation.scope import level_name
from registry.evaluation.wording import figure
from registry.synthetic.mark import is_synthetic

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.evaluation.scope import Area

Rule = tuple[Norm, Quantity]
NATION: Final = "全国"


@dataclass(frozen=True)
class Worked:
    """One rule worked out; `sites` are new facilities of the size asked, None without one."""

    norm: Norm
    quantity: Quantity
    gaps: tuple[Gap, ...]
    sites: int | None


def asked_rules(
    city: str,
    codes: Sequence[str] | None,
    types: Sequence[str] | None,
    amount: float | None,
    size: float | None,
) -> list[Rule]:
    """Return the rules asked for, by default all that a city keeps and that can be summed.

    Raises UsageError for an amount or size that is no figure of one rule, DataError for a rule or
    type there is not.
    """
    if codes:
        named = [find_norm(code) for code in codes]
    elif types:
        named = [row for one in types for row in norms_for(find_type(one).code, city)]
    else:
        named = [row for row in norms().values() if _kept_by(row, city) and holds_everywhere(row)]
    rules = [(row, each) for row in named for each in row.quantities if can_be_summed(row, each)]
    if not rules:
        raise UsageError("evaluate.norms.none", seen=listed(codes or types or [city]))
    for name, value in (("amount", amount), ("size", size)):
        if value is not None and (value <= 0 or len(rules) != 1):
            raise UsageError(f"evaluate.norms.one_{name}", total=len(rules), seen=f"{value:g}")
    if amount is not None:
        norm, quantity = rules[0]
        rules = [(norm, replace(quantity, amount=Decimal(str(amount))))]
    return rules


def _kept_by(norm: Norm, city: str) -> bool:
    if norm.city_code is not None:
        return norm.city_code == city
    return norm.jurisdiction_zh == NATION or full_name(city, None).startswith(norm.jurisdiction_zh)


def worked_rules(
    session: Session, area: Area, level: str, rules: Sequence[Rule], size: float | None
) -> list[Worked]:
    """Work the rules out over the divisions of a level."""
    measures = {name for norm, each in rules for name in formula_for(norm, each).measures}
    types = {name for norm, _ in rules for name in norm.type_codes}
    state = load(session, area, types=types, capabilities=measures)
    people = state.people(session, area.on.year, set(GROUPS.values()), level)
    found = []
    for norm, quantity in rules:
        gaps = gaps_of(norm, quantity, state, people, level)
        sites = None if size is None else sites_needed(gaps, size)
        found.append(Worked(norm, quantity, gaps, sites))
    return found


def norms_json(found: Sequence[Worked], area: Area, level: str) -> list[dict[str, Any]]:
    """Return the rules worked out as plain JSON values."""
    return [
        {
            "norm": one.norm.code,
            "name_zh": one.norm.name_zh,
            "name_en": one.norm.name_en,
            "types": list(one.norm.type_codes),
            "amount": float(one.quantity.amount),
            "per_amount": float(one.quantity.per_amount),
            "per": one.quantity.per,
            "unit": one.quantity.unit,
            "by_year": one.norm.by_year,
            "document": one.norm.document_zh,
            "mark": one.norm.mark,
            "holds_everywhere": holds_everywhere(one.norm),
            "applies_zh": one.norm.applies_zh,
            "estate": one.norm.estate,
            "reference_on": area.on.isoformat(),
            "level": level,
            "lack": total_lack(one.gaps),
            "sites": one.sites,
            "divisions": [gap.as_json() for gap in one.gaps],
        }
        for one in found
    ]


def print_norms(session: Session, found: Sequence[Worked], area: Area, level: str) -> None:
    """Print one rule by division, several as one line each."""
    if is_synthetic(session):
        say("evaluate.synthetic")
    say("evaluate.norms.title", on=area.on, division=area.root.name, level=level_name(level))
    if len(found) > 1:
        names = ["norm", "rule", "needed", "there", "lack", "lacking", "untold"]
        print_table(names, [_line(one) for one in found])
    else:
        one = found[0]
        say("evaluate.norms.rule", code=one.norm.code, rule=_rule(one), source=one.norm.document_zh)
        rows = [
            [gap.division.name, figure(gap.needed), figure(gap.there), figure(gap.lack), _why(gap)]
            for gap in one.gaps
        ]
        print_table(["division", "needed", "there", "lack", "reason"], rows)
        say("evaluate.norms.total", lack=figure(total_lack(one.gaps)), unit=_unit(one))
        if one.sites is not None:
            say("evaluate.norms.sites", sites=one.sites)
    if not all(holds_everywhere(one.norm) for one in found):
        say("evaluate.norms.upper")
    say("evaluate.norms.not_netted")


def _line(one: Worked) -> list[str]:
    told = [gap for gap in one.gaps if gap.lack is not None]
    return [
        one.norm.code,
        _rule(one),
        figure(sum(gap.needed or 0.0 for gap in told)) if told else "—",
        figure(sum(gap.there or 0.0 for gap in told)) if told else "—",
        figure(total_lack(one.gaps)) if told else "—",
        str(sum(bool(gap.lack) for gap in told)),
        str(len(one.gaps) - len(told)),
    ]


def _rule(one: Worked) -> str:
    name = one.norm.name_en if language() == "en" else one.norm.name_zh
    return f"{name}: {in_words(replace(one.norm, quantities=(one.quantity,)), language())}"


def _unit(one: Worked) -> str:
    return english_unit(one.quantity.unit) if language() == "en" else one.quantity.unit


def _why(gap: Gap) -> str:
    return "" if gap.reason is None else str(gap.reason)
