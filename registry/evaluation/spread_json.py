"""Balance as plain JSON values, with the parameters it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codes.formula_words import in_words
from registry.evaluation.load import State
from registry.evaluation.people import People
from registry.evaluation.spread import Spread, mean_index, parameters
from registry.evaluation.worked import plain


def spreads_json(
    spreads: Sequence[Spread], state: State, level: str, people: People, **about: Any
) -> dict[str, Any]:
    """Return the balance of several measures at one level; `about` (plan, year) goes in front."""
    return {
        **about,
        "division": state.ground.area.root.code,
        "level": level,
        "reference_on": state.ground.area.on.isoformat(),
        "parameters": parameters(),
        "registry": state.counts,
        "mean_index": mean_index(spreads),
        "measures": [_measure(one, people) for one in spreads],
    }


def _measure(one: Spread, people: People) -> dict[str, Any]:
    below = one.formula.denominator
    group = below.group if below else None
    interval = one.index_interval()
    return {
        "measure": one.formula.code,
        "name_zh": one.formula.name_zh,
        "name_en": one.formula.name_en,
        "formula": in_words(one.formula),
        "group": group,
        "level": one.level,
        "reason": None if one.reason is None else str(one.reason),
        "index": plain(one.index),
        "index_interval": None if interval is None else [plain(edge) for edge in interval],
        "gini": plain(one.gini),
        "gini_interval": _edges(one),
        "cv": plain(one.cv),
        "theil": _theil(one),
        "divisions": [
            {
                "division": share.division.code,
                "division_name": share.division.name,
                "resource": share.resource,
                "people": share.people,
                "people_year": _year(people, share.division.code, group),
                "value": share.rate,
                "location_quotient": plain(share.quotient),
            }
            for share in one.shares
        ],
        "left_out": [
            {"division": division.code, "division_name": division.name, "reason": str(reason)}
            for division, reason in one.left_out
        ],
    }


def _edges(one: Spread) -> list[float | None] | None:
    return None if one.interval is None else [plain(one.interval.low), plain(one.interval.high)]


def _theil(one: Spread) -> dict[str, Any] | None:
    """Below the county the index is taken apart by county; at its level there is nothing to."""
    if one.theil is None:
        return None
    if one.level != "township":
        return {"total": plain(one.theil.total), "between": None, "within": None, "counties": None}
    return {
        "total": plain(one.theil.total),
        "between": plain(one.theil.between),
        "within": plain(one.theil.within),
        "counties": [
            {"division": name, "theil": plain(own), "share_of_resource": plain(share)}
            for name, (own, share) in one.theil.groups.items()
        ],
    }


def _year(people: People, code: str, group: str | None) -> int | None:
    count = people.counts.get((code, str(group)))
    return count.year if count else None
