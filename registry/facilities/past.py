"""What is known of a facility's past: its line, the acts on it, its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from registry.facilities.apply import line_of
from registry.facilities.identity import to_code
from registry.facilities.links import links_of
from registry.facilities.timeline import Version
from registry.facilities.view import Link
from registry.rows import table


@dataclass(frozen=True)
class RecordedAct:
    """One entry of the audit that wrote something of the facility."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True)
class History:
    """The past of a facility.

    `versions` is the line as now known, oldest first; `superseded` what was held true before, in
    order of recording; `acts` who did what; `links` the immediate predecessors and successors.
    """

    code: str
    versions: tuple[Mapping[str, Any], ...]
    superseded: tuple[Mapping[str, Any], ...]
    acts: tuple[RecordedAct, ...]
    links: tuple[Link, ...]


def history(session: Session, code: str) -> History:
    """Return all that is known of a facility's past. Raises DataError when there is none such."""
    stored = to_code(code)
    id_, line = line_of(session, stored)
    version = table("facility_version")
    query = select(version).where(
        version.c.facility_id == id_, version.c.superseded_at.is_not(None)
    )
    found = session.connection().execute(query.order_by(version.c.id)).mappings()
    old: list[Version] = [dict(row) for row in found]
    return History(
        stored, tuple(line), tuple(old), _acts(session, id_), tuple(links_of(session, stored))
    )


def _acts(session: Session, id_: int) -> tuple[RecordedAct, ...]:
    entry = table("audit_entry")
    wrote = [
        select(dated.c.audit_seq).where(dated.c.facility_id == id_)
        for dated in map(table, ("facility_version", "capability_value", "identifier"))
    ]
    link = table("succession")
    ends = or_(link.c.predecessor_id == id_, link.c.successor_id == id_)
    wrote.append(select(link.c.audit_seq).where(ends))
    columns = [entry.c[name] for name in ("seq", "at", "actor", "action", "subject", "detail")]
    query = select(*columns).where(or_(*(entry.c.seq.in_(seqs) for seqs in wrote)))
    found = session.connection().execute(query.order_by(entry.c.seq))
    return tuple(RecordedAct(*row) for row in found)
