"""Sizing rules worked out over the divisions of a level, and as plain JSON values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codes.norms import Norm, Quantity
from registry.evaluation.areas_apart import AreaApart, areas_apart
from registry.evaluation.load import load
from registry.evaluation.norm_gap import (
    GROUPS,
    Gap,
    formula_for,
    gaps_of,
    sites_needed,
    total_lack,
)
from registry.evaluation.norm_rules import Asked
from registry.evaluation.worked import Reason

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.evaluation.scope import Area


@dataclass(frozen=True)
class Worked:
    """One rule worked out; `sites` are new facilities of the size asked, None without one."""

    norm: Norm
    quantity: Quantity
    gaps: tuple[Gap, ...]
    sites: int | None


@dataclass(frozen=True)
class Needs:
    """What rules ask for at a level; `left` cannot be worked out, `apart` are in no division."""

    area: Area
    level: str
    rules: tuple[Worked, ...]
    left: tuple[tuple[Norm, Reason], ...]
    apart: tuple[AreaApart, ...]


def needs_of(session: Session, area: Area, level: str, asked: Asked, size: float | None) -> Needs:
    """Work the rules out over the divisions of a level."""
    measures = {name for norm, each in asked.rules for name in formula_for(norm, each).measures}
    types = {name for norm, _ in asked.rules for name in norm.type_codes}
    state = load(session, area, types=types, capabilities=measures)
    people = state.people(session, area.on.year, set(GROUPS.values()), level)
    found = []
    for norm, quantity in asked.rules:
        gaps = gaps_of(norm, quantity, state, people, level)
        sites = None if size is None else sites_needed(gaps, size)
        found.append(Worked(norm, quantity, gaps, sites))
    groups = {GROUPS[str(each.per)] for _, each in asked.rules if each.per in GROUPS}
    apart: list[AreaApart] = []
    if groups and area.root.level == "city" and level != "city":
        apart = areas_apart(session, area.root.code, area.on.year, groups)
    return Needs(area, level, tuple(found), tuple(asked.left), tuple(apart))


def needs_json(needs: Needs) -> list[dict[str, Any]]:
    """Return one object a rule; one that cannot be worked out has the `reason` and no divisions."""
    common = {"reference_on": needs.area.on.isoformat(), "level": needs.level}
    apart = [one.as_json() for one in needs.apart]
    worked = [
        {
            **_norm(one.norm),
            "amount": float(one.quantity.amount),
            "per_amount": float(one.quantity.per_amount),
            "per": one.quantity.per,
            "unit": one.quantity.unit,
            **common,
            "lack": total_lack(one.gaps),
            "sites": one.sites,
            "reason": None,
            "divisions": [gap.as_json() for gap in one.gaps],
            "areas_apart": apart,
        }
        for one in needs.rules
    ]
    left = [
        {**_norm(norm), **common, "lack": None, "reason": str(reason), "divisions": []}
        for norm, reason in needs.left
    ]
    return [*worked, *left]


def _norm(norm: Norm) -> dict[str, Any]:
    return {
        "norm": norm.code,
        "name_zh": norm.name_zh,
        "name_en": norm.name_en,
        "types": list(norm.type_codes),
        "where": [{"attribute": one.attribute, "value": one.value} for one in norm.where],
        "from_year": norm.from_year,
        "by_year": norm.by_year,
        "document": norm.document_zh,
        "mark": norm.mark,
        "applies_zh": norm.applies_zh,
        "estate": norm.estate,
    }
