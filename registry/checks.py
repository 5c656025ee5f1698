"""What should never be in a registry, whoever wrote it: gaps, orphans, impossible codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.messages import text as sentence
from registry import issue
from registry.facilities import allowed

MOST: Final = 20
"""Instances named of each kind of fault."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `kind` with `params` is the sentence `audit.fault.<kind>`."""

    kind: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        return sentence(f"audit.fault.{self.kind}", **self.params)


BROKEN_LINES: Final = """
SELECT DISTINCT code FROM (
    SELECT facility_id, valid_from, valid_to,
        lag(valid_to) OVER (PARTITION BY facility_id ORDER BY valid_from, id) AS ended
    FROM facility_version WHERE superseded_at IS NULL
) AS line JOIN facility ON facility.id = line.facility_id
WHERE ended IS NOT NULL AND ended <> valid_from ORDER BY code
"""
NO_VERSION: Final = """
SELECT code FROM facility WHERE NOT EXISTS (
    SELECT 1 FROM facility_version
    WHERE facility_id = facility.id AND superseded_at IS NULL AND valid_to = '9999-12-31'
) ORDER BY code
"""
NO_SUCCESSOR: Final = """
SELECT code FROM facility JOIN facility_version AS version ON version.facility_id = facility.id
WHERE version.superseded_at IS NULL AND version.valid_to = '9999-12-31'
    AND version.status IN (:merged, :split, :duplicate) AND NOT EXISTS (
        SELECT 1 FROM succession
        WHERE predecessor_id = facility.id AND superseded_at IS NULL
    ) ORDER BY code
"""
IN_A_CIRCLE: Final = """
WITH RECURSIVE later(origin, reached) AS (
    SELECT predecessor_id, successor_id FROM succession WHERE superseded_at IS NULL
    UNION
    SELECT later.origin, succession.successor_id FROM later
    JOIN succession ON succession.predecessor_id = later.reached
    WHERE succession.superseded_at IS NULL
)
SELECT code FROM facility JOIN later ON later.origin = facility.id AND later.reached = facility.id
ORDER BY code
"""
TWO_READINGS: Final = """
SELECT DISTINCT code FROM facility JOIN (
    SELECT facility_id FROM capability_value WHERE superseded_at IS NULL
    GROUP BY facility_id, capability_code, as_of HAVING count(*) > 1
) AS twice ON twice.facility_id = facility.id ORDER BY code
"""
QUERIES: Final = {
    "line_broken": BROKEN_LINES,
    "version_missing": NO_VERSION,
    "successor_missing": NO_SUCCESSOR,
    "succession_circle": IN_A_CIRCLE,
    "reading_twice": TWO_READINGS,
}
"""Fault -> query of the codes that have it."""


def all_faults(connection: Connection) -> Iterator[Fault]:
    """Yield every fault found."""
    if connection.dialect.name == "sqlite":
        yield from sqlite_faults(connection)
    yield from _code_faults(connection)
    statuses = {"merged": allowed.MERGED, "split": allowed.SPLIT, "duplicate": allowed.DUPLICATE}
    for kind, query in QUERIES.items():
        params = statuses if kind == "successor_missing" else {}
        for code in connection.execute(text(f"{query} LIMIT {MOST}"), params).scalars():
            yield Fault(kind, {"code": facility_code.format(code)})


def sqlite_faults(connection: Connection) -> Iterator[Fault]:
    """Yield what SQLite itself finds wrong with the file and its links."""
    for (found,) in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})"):
        if found != "ok":
            yield Fault("file_damaged", {"detail": found})
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(MOST)
    for table, row, parent, _ in found:
        yield Fault("link_broken", {"table": table, "row": row, "parent": parent})


def _code_faults(connection: Connection) -> Iterator[Fault]:
    query = text("SELECT code, issued_class_code, issued_county_code FROM facility ORDER BY code")
    largest: dict[str, int] = {}
    for code, class_code, county_code in connection.execute(query):
        try:
            parts = facility_code.split(code)
        except ValidationError:
            yield Fault("code_impossible", {"code": code})
            continue
        if (parts.class_code, parts.county_code) != (class_code, county_code):
            yield Fault("code_unlike_issue", {"code": facility_code.format(code)})
        prefix = class_code + county_code
        largest[prefix] = max(largest.get(prefix, 0), parts.serial)
    given = issue.last_serials(connection)
    for prefix, serial in largest.items():
        if given.get(prefix, 0) < serial:
            known = {"prefix": prefix, "counter": given.get(prefix, 0), "serial": serial}
            yield Fault("counter_behind", known)
