"""The facility's numbers in other schemes: one number a scheme is given, older ones are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from registry.facilities.asof import known
from registry.rows import table

Numbers = Mapping[str, str | None]
"""Scheme -> number; None takes the number away."""


def update_identifiers(
    connection: Connection, given: Sequence[tuple[int, Numbers]]
) -> tuple[list[int], list[dict[str, Any]]]:
    """Return the ids to supersede and the rows to write, for (facility id, numbers) in order."""
    given = [(facility_id, numbers) for facility_id, numbers in given if numbers]
    now_known = _known(connection, [facility_id for facility_id, _ in given])
    wanted = {(id_, scheme): value for id_, own in given for scheme, value in own.items()}
    superseded: list[int] = []
    written: list[dict[str, Any]] = []
    for (facility_id, scheme), value in wanted.items():
        rows = now_known.get((facility_id, scheme), {})
        superseded += [id_ for number, id_ in rows.items() if number != value]
        if value is not None and value not in rows:
            new = {"facility_id": facility_id, "scheme_code": scheme, "value": value}
            written.append(new)
    return superseded, written


def _known(connection: Connection, ids: Sequence[int]) -> dict[tuple[int, str], dict[str, int]]:
    identifier = table("identifier")
    query = select(identifier).where(identifier.c.facility_id.in_(ids), known("identifier", None))
    found: dict[tuple[int, str], dict[str, int]] = {}
    for row in connection.execute(query).mappings():
        own = found.setdefault((row["facility_id"], row["scheme_code"]), {})
        own[row["value"]] = row["id"]
    return found
