"""Values against each other and against today: order of dates, parts and wholes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Final

from codes.cross_field_rules import CrossFieldRule, cross_field_rules_of
from codes.statuses import in_states
from registry.uploads.judged import Context, Judged
from registry.uploads.normalising.cell import shown
from registry.uploads.rules.hit import Hit

NOT_YET_OPEN: Final = frozenset(in_states("planned", "building"))
"""Statuses with which an opening date may lie ahead."""


def date_future(row: Judged, context: Context) -> Iterator[Hit]:
    """A data date, a closing date, or the opening date of an open facility after today."""
    today = context.today.isoformat()
    planned = row.whole.get("status") in NOT_YET_OPEN
    for key in ("as_of", "closed_on", *(() if planned else ("opened_on",))):
        value: Any = row.row.fields.get(key)
        if isinstance(value, str) and value > today and _is_day(value):
            yield Hit(key, {"today": today}, value)


def dates_out_of_order(row: Judged, _context: Context) -> Iterator[Hit]:
    """Two dates in the wrong order."""
    yield from _broken(row, "dates_out_of_order")


def part_exceeds_whole(row: Judged, _context: Context) -> Iterator[Hit]:
    """A part larger than its whole."""
    yield from _broken(row, "part_exceeds_whole")


def figures_out_of_order(row: Judged, _context: Context) -> Iterator[Hit]:
    """Two figures that do not usually stand so."""
    yield from _broken(row, "figures_out_of_order")


def as_of_older(row: Judged, _context: Context) -> Iterator[Hit]:
    """Data older than what is registered."""
    as_of = row.row.fields.get("as_of")
    known = row.registered.fields.get("as_of") if row.registered else None
    if row.registered and _is_day(as_of) and known and as_of < known:
        yield Hit("as_of", {"registered": known, "code_facility": row.registered.code}, as_of)


def _broken(row: Judged, rule: str) -> Iterator[Hit]:
    if row.type is None:
        return
    for relation in _relations(row.type.code, rule):
        both = relation.left, relation.right
        if _is_broken(relation, row.whole) and not row.is_let_be(both, relation.severity):
            about = {
                "relation_relation": relation.code,
                "other_element": relation.right,
                "limit": shown(row.whole[relation.right]),
                **row.whose(relation.left, [relation.right]),
            }
            if written := row.columns.place(relation.right)[1]:
                about["other_written"] = written
            yield Hit(
                relation.left,
                about,
                shown(row.whole[relation.left]),
                relation.severity,
            )


@cache
def _relations(type_code: str, rule: str) -> tuple[CrossFieldRule, ...]:
    return tuple(one for one in cross_field_rules_of(type_code) if one.rule == rule)


def _is_broken(relation: CrossFieldRule, values: dict[str, Any]) -> bool:
    left: Any = values.get(relation.left)
    right: Any = values.get(relation.right)
    if left is None or right is None:
        return False
    days = _is_day(left) and _is_day(right)
    if not days and not (_is_figure(left) and _is_figure(right)):
        return False
    return bool(left > right or (relation.op == "lt" and left == right))


def _is_figure(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False
