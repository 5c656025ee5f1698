"""All there is to say of one division on a day: as JSON, and as labelled lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from codes import divisions
from codes.divisions import Division
from codes.messages import text

Card = dict[str, Any]


def card(code: str, on: date) -> Card:
    """Return the facts of a division as on a day. Raises DataError as `division` does."""
    unit = divisions.division(code, on)
    parent = divisions.above(unit, on)
    return {
        "code": unit.code,
        "name": unit.name,
        "full_name": divisions.full_name(unit.code, on),
        "level": unit.level,
        "system": unit.system,
        "on": on,
        "evidence": unit.evidence(on),
        "valid_from": unit.valid_from,
        "began": unit.began,
        "valid_to": unit.valid_to,
        "ended": unit.ended,
        "first_seen_on": unit.first_seen_on,
        "last_seen_on": unit.last_seen_on,
        "parent": parent and {"code": parent.code, "name": parent.name},
        "children": _children(unit, on),
        "predecessors": _named(divisions.predecessors(unit.code, on)),
        "successors": _named(divisions.successors(unit.code, on)),
        "gave_parts_to": _named(divisions.gave_parts_to(unit.code, on)),
        "sources": list(divisions.sources(unit)),
    }


def words(facts: Card) -> list[tuple[str, str]]:
    """Return the lines of a card as (label, words); a line with nothing to say is left out."""
    began = "unseen" if facts["began"] == "none" and not facts["first_seen_on"] else facts["began"]
    parent = facts["parent"]
    lines = [
        ("code", facts["code"]),
        ("name", facts["name"]),
        ("full_name", facts["full_name"]),
        ("level", text(f"division.level.{facts['level']}")),
        ("system", text(f"division.system.{facts['system']}")),
        ("parent", f"{parent['code']} {parent['name']}" if parent else ""),
        ("children", _count(facts)),
        ("evidence", text(f"division.evidence.{facts['evidence']}", **facts)),
        ("began", text(f"division.began.{began}", **facts)),
        ("ended", text(f"division.ended.{facts['ended']}", **facts)),
        ("predecessors", _listed(facts["predecessors"])),
        ("successors", _listed(facts["successors"])),
        ("gave_parts_to", _listed(facts["gave_parts_to"])),
        ("source", "\n".join(facts["sources"])),
    ]
    return [(text(f"division.label.{label}", **facts), value) for label, value in lines if value]


def _children(unit: Division, on: date) -> int | None:
    """The number below, None where the book has no villages of that city."""
    if unit.level == "township" and not divisions.holds_villages(unit.code):
        return None
    return len(divisions.children(unit.code, on))


def _count(facts: Card) -> str:
    if facts["level"] == "village":
        return ""
    if facts["children"] is None:
        return text("division.children.not_held")
    return text("division.children.count", count=facts["children"])


def _named(units: Iterable[Division]) -> list[dict[str, str]]:
    return [{"code": unit.code, "name": unit.name} for unit in units]


def _listed(units: list[dict[str, str]]) -> str:
    return "\n".join(f"{unit['code']} {unit['name']}" for unit in units)
