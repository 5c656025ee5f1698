"""Lines of versions out of the database and back into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from registry.audit import Act
from registry.facilities.asof import known
from registry.facilities.timeline import Line, difference
from registry.rows import table


def load_lines(
    connection: Connection, ids: Sequence[int], known_at: datetime | None = None
) -> dict[int, Line]:
    """Return the line of every facility in `ids` as known at a moment (now)."""
    version = table("facility_version")
    query = (
        select(version)
        .where(version.c.facility_id.in_(ids), known("facility_version", known_at))
        .order_by(version.c.facility_id, version.c.valid_from)
    )
    lines: dict[int, Line] = {id_: [] for id_ in ids}
    for row in connection.execute(query).mappings():
        lines[row["facility_id"]].append(dict(row))
    return lines


def write_lines(act: Act, before: Mapping[int, Line], after: Mapping[int, Line]) -> None:
    """Supersede and write whatever differs between two states of some lines."""
    from registry.facilities.derived import derive  # numpy, which reading a facility needs none of

    superseded: list[int] = []
    written: Line = []
    for id_, line in after.items():
        gone, new = difference(before[id_], line)
        superseded += gone
        written += (
            {**version, "recorded_by": version["recorded_by"] or act.actor} for version in new
        )
    derive(written)
    act.supersede("facility_version", superseded)
    act.write("facility_version", written)
