"""Links between facilities, and where a chain of them leads.

Links are immediate and dated; chains are derived, never stored.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session

from registry.facilities import allowed
from registry.facilities.asof import known
from registry.facilities.identity import facility_ids, to_code
from registry.facilities.lines import load_lines
from registry.facilities.timeline import at
from registry.facilities.view import Link
from registry.rows import table


def standing(session: Session, code: str, on: date) -> list[str]:
    """Return what stands for a code on a day: itself, or its heirs that have not closed."""
    codes = heirs(session, code, on)
    ids = facility_ids(session, codes)
    lines = load_lines(session.connection(), list(ids.values()))
    holding = {heir: at(lines[ids[heir]], on) for heir in codes}
    return [heir for heir, v in holding.items() if v and v["status"] != allowed.CLOSED]


def heirs(session: Session, code: str, on: date) -> list[str]:
    """Return the ends of the chains that lead on from a code on a day, in order of the links.

    A facility that is still itself is its own only heir, closed or not.
    """
    stored = to_code(code)
    facility_ids(session, [stored])
    ends: list[str] = []
    waiting, seen = [stored], {stored}
    while waiting:
        current = waiting.pop(0)
        following = [
            link.successor
            for link in links_of(session, current)
            if link.predecessor == current and link.effective_on <= on
        ]
        if not following:
            ends.append(current)
        waiting += [successor for successor in following if successor not in seen]
        seen.update(following)
    return ends


def links_of(session: Session, code: str) -> list[Link]:
    """Return the immediate links from and to a stored code, oldest first."""
    facility, succession = table("facility"), table("succession")
    before, after = facility.alias("before"), facility.alias("after")
    query = (
        select(before.c.code, after.c.code, succession.c.kind, succession.c.effective_on)
        .join_from(succession, before, before.c.id == succession.c.predecessor_id)
        .join(after, after.c.id == succession.c.successor_id)
        .where(or_(before.c.code == code, after.c.code == code), known("succession", None))
        .order_by(succession.c.effective_on, succession.c.id)
    )
    return [Link(*row) for row in session.connection().execute(query)]
