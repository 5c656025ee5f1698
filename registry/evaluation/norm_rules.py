"""Which sizing rules a question is about, and why some of them cannot be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from codes.errors import UsageError
from codes.facility_types import find_type
from codes.messages import language
from codes.names import listed
from codes.norms import Norm, Quantity, find_norm, kept_by, norms, norms_for, quantity_words
from registry.evaluation.norm_gap import can_be_summed
from registry.evaluation.scope import level_name
from registry.evaluation.worked import Reason, Words

Rule = tuple[Norm, Quantity]


@dataclass(frozen=True)
class Asked:
    """The rules to be worked out, and those about sums that cannot be, with the reason."""

    rules: list[Rule]
    left: list[tuple[Norm, Reason]]


def asked_rules(
    city: str,
    year: int,
    level: str,
    codes: Sequence[str] | None,
    types: Sequence[str] | None,
    amount: float | None,
    size: float | None,
) -> Asked:
    """Return the rules asked for, by default all that a city keeps in a year.

    Of rules that ask the same for several years the one for the year is meant, unless one is named.
    Raises UsageError for an amount or size that is no figure of one rule or when no rule can be
    worked out, DataError for a rule or type there is not.
    """
    if codes:
        named = [find_norm(code) for code in codes]
    elif types:
        named = [row for one in types for row in norms_for(find_type(one).code, city)]
    else:
        named = [row for row in norms().values() if kept_by(row, city)]
    summed = [row for row in named if any(can_be_summed(row, each) for each in row.quantities)]
    chosen = summed if codes else in_force(summed, year)
    left = [(row, why) for row in chosen if (why := why_not(row, year, level))]
    apart = {row.code for row, _ in left}
    rules = [
        (row, each)
        for row in chosen
        if row.code not in apart
        for each in row.quantities
        if can_be_summed(row, each)
    ]
    _refuse(rules, left, listed(codes or types or [city]), amount, size)
    if amount is not None:
        norm, quantity = rules[0]
        rules = [(norm, replace(quantity, amount=Decimal(str(amount))))]
    return Asked(rules, left)


def in_force(rows: Iterable[Norm], year: int) -> list[Norm]:
    """Return the rules without those that ask the same for an earlier or a later year."""
    found: dict[Any, list[Norm]] = {}
    for row in rows:
        found.setdefault(_subject(row), []).append(row)
    kept = []
    for same in found.values():
        dated = sorted((row for row in same if row.by_year), key=lambda row: row.by_year or 0)
        due = [row for row in dated if (row.by_year or 0) >= year] or dated[-1:]
        kept += [row for row in same if not row.by_year or row in due[:1]]
    return kept


def why_not(norm: Norm, year: int, level: str) -> Reason | None:
    """Say why a rule cannot be worked out for whole divisions of a level, None when it can."""
    if norm.from_year is not None and year < norm.from_year:
        return _reason("from_year", first=norm.from_year, year=year)
    if norm.combine == "any" and sum(can_be_summed(norm, one) for one in norm.quantities) > 1:
        return _not_everywhere(norm) or _reason("either")
    if norm.told_at is not None and level != norm.told_at:
        return _reason("told_at", level=Words(level_name, norm.told_at))
    return _not_everywhere(norm)


def _not_everywhere(norm: Norm) -> Reason | None:
    """The ledgers know no estates and no groups of places, only divisions."""
    if norm.estate != "any":
        return _reason(f"only_{norm.estate}")
    if norm.condition:
        return _reason("only_if", condition=Words(_condition, norm))
    if norm.applies_zh and not norm.applies_everywhere:
        return _reason("only_some", places=Words(_places, norm))
    return None


def _subject(row: Norm) -> tuple[Any, ...]:
    measured = [(each.per, each.capability, each.unit) for each in row.quantities]
    return (
        row.jurisdiction_zh,
        row.estate,
        row.type_codes,
        row.where,
        tuple(measured),
        row.applies_zh,
    )


def _refuse(
    rules: Sequence[Rule],
    left: Sequence[tuple[Norm, Reason]],
    seen: str,
    amount: float | None,
    size: float | None,
) -> None:
    if not rules and left:
        reasons = dict.fromkeys(str(reason) for _, reason in left)
        raise UsageError("evaluate.norms.not_worked", seen=seen, reason=listed(reasons))
    if not rules:
        raise UsageError("evaluate.norms.none", seen=seen)
    for name, value in (("amount", amount), ("size", size)):
        if value is not None and (value <= 0 or len(rules) != 1):
            raise UsageError(f"evaluate.norms.one_{name}", total=len(rules), seen=f"{value:.15g}")


def _reason(name: str, **params: Any) -> Reason:
    return Reason(f"evaluate.norms.{name}", params)


def _places(norm: Norm) -> str:
    return str(norm.applies_en if language() == "en" else norm.applies_zh)


def _condition(norm: Norm) -> str:
    return listed(quantity_words(one, language()) for one in norm.condition)
