"""Links between facilities, and where a chain of them leads.

Links are immediate and dated; chains are derived, never stored.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from registry.dates import as_day
from registry.facilities import allowed
from registry.facilities.identity import facility_ids, to_code
from registry.facilities.timeline import at
from registry.facilities.view import Link
from registry.plain_sql import Reader, ask

if TYPE_CHECKING:
    from sqlmodel import Session

LINKS: Final = """
SELECT former.code, later.code, succession.kind, succession.effective_on
FROM succession
JOIN facility AS former ON former.id = succession.predecessor_id
JOIN facility AS later ON later.id = succession.successor_id
WHERE (former.code = ? OR later.code = ?) AND succession.superseded_at IS NULL
ORDER BY succession.effective_on, succession.id
"""


def standing(session: Session, code: str, on: date) -> list[str]:
    """Return what stands for a code on a day: itself, or its heirs that have not closed."""
    from registry.facilities.lines import load_lines  # the tables, which heirs are found without

    codes = heirs(session, code, on)
    ids = facility_ids(session, codes)
    lines = load_lines(session.connection(), list(ids.values()))
    holding = {heir: at(lines[ids[heir]], on) for heir in codes}
    return [heir for heir, v in holding.items() if v and v["status"] != allowed.CLOSED]


def heirs(reader: Reader, code: str, on: date) -> list[str]:
    """Return the ends of the chains that lead on from a code on a day, in order of the links.

    A facility that is still itself is its own only heir, closed or not.
    """
    stored = to_code(code)
    facility_ids(reader, [stored])
    ends: list[str] = []
    waiting, seen = [stored], {stored}
    while waiting:
        current = waiting.pop(0)
        following = [
            link.successor
            for link in links_of(reader, current)
            if link.predecessor == current and link.effective_on <= on
        ]
        if not following:
            ends.append(current)
        waiting += [successor for successor in following if successor not in seen]
        seen.update(following)
    return ends


def links_of(reader: Reader, code: str) -> list[Link]:
    """Return the immediate links from and to a stored code, oldest first."""
    found = ask(reader, LINKS, code, code)
    return [Link(former, later, kind, as_day(on)) for former, later, kind, on in found]
