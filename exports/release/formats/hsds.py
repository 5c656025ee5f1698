"""The facilities in the Human Services Data Specification (HSDS) 3.0, as one page of services.

What goes where, and what has no place there, is said in `hsds.toml` and in the file itself. The ids
are UUIDs (version 8, RFC 9562) in which the facility's code can be read: its 16 digits end them.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from exports.release.formats.json_text import json_text, list_text, literal

HSDS: Final = "hsds.json"
HSDS_FILE: Final = Path(__file__).parent / "hsds.toml"
NAMESPACE: Final = UUID("66757775-6d61-8000-8000-000000000000")
KINDS: Final = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ("service", "location", "service_at_location", "address", "phone", "schedule",
         "attribute", "accessibility", "term"), start=1)
}  # fmt: skip
"""What an id is of -> the two digits that say so in it."""

_SOURCE: Final = """FROM (
        SELECT *, '8' || lower(hex(substr(code, 1, 1))) || substr(code, 2, 1) || '-8'
            || substr(code, 3, 3) || '-' || substr(code, 6) AS tail
        FROM facility WHERE name IS NOT NULL ORDER BY code LIMIT -1
    ) AS f
    CROSS JOIN facility_type AS t ON t.code = f.type_code
    LEFT JOIN division AS county ON county.code = f.county_code
    LEFT JOIN division AS city ON city.code = county.parent_code
    LEFT JOIN division AS province ON province.code = city.parent_code"""
"""LIMIT keeps SQLite from making `tail` anew at each use, CROSS JOIN keeps the order of codes."""


@cache
def hsds_settings() -> dict[str, Any]:
    """Return `hsds.toml`."""
    return tomllib.loads(HSDS_FILE.read_text(encoding="utf-8"))


def write_hsds(path: Path, db: sqlite3.Connection, facts: dict[str, Any]) -> None:
    """Write one service per facility that was not annulled, in order of code."""
    db.create_function("operator_id", 2, _operator_id, deterministic=True)
    (total,) = db.execute(f"SELECT count(*) {_SOURCE}").fetchone()
    head = _head(total, facts)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "contents": [')
        before = "\n"
        for (line,) in db.execute(f"SELECT {_service()} {_SOURCE}"):
            file.write(before + line)
            before = ",\n"
        file.write("\n]}\n")


def _head(total: int, facts: dict[str, Any]) -> dict[str, Any]:
    settings = hsds_settings()
    return {
        "hsds_version": settings["version"],
        **{key: facts[key] for key in ("release_date", "licence", "synthetic")},
        "unmapped": settings["unmapped"],
        "total_items": total,
        "total_pages": 1,
        "page_number": 1,
        "size": total,
        "first_page": True,
        "last_page": True,
        "empty": not total,
    }


@lru_cache(100_000)
def _operator_id(kind: str, operator: str) -> str:
    """Return the same id for the same operator, known by its USCC or else by its name."""
    return str(uuid5(NAMESPACE, f"{kind}:{operator}"))


def _service() -> str:
    settings = hsds_settings()
    operator = "coalesce(f.operator_uscc, f.operator_name)"
    status = " ".join(
        f"WHEN '{ours}' THEN '{theirs}'" for ours, theirs in settings["status"].items()
    )
    return json_text(
        _id("service"),
        ("name", "f.name"),
        ("status", f"CASE f.status {status} END"),
        ("description", "t.name_zh"),
        ("assured_date", "f.as_of"),
        ("url", f"iif({_IS_ADDRESS}, f.website, NULL)"),
        organization=f"iif({_NAMED}, {_organization(operator)}, NULL)",
        phones=list_text("f.phone", _id("phone"), ("number", "f.phone")),
        schedules=list_text("f.opening_hours", _id("schedule"), ("description", "f.opening_hours")),
        attributes=f"'[' || {_attribute()} || ']'",
        service_at_locations=f"'[' || {_place()} || ']'",
    )


_NAMED: Final = "f.operator_name IS NOT NULL"
_IS_ADDRESS: Final = (
    "(f.website LIKE 'http://_%' OR f.website LIKE 'https://_%') AND NOT f.website GLOB '*[^!-~]*'"
    " AND NOT f.website GLOB '*[<>\"{}|\\^`]*'"
)


def _organization(operator: str) -> str:
    number = list_text(
        "f.operator_uscc",
        "operator_id('identifier', f.operator_uscc)",
        ("identifier_type", literal(hsds_settings()["operator_number"])),
        ("identifier", "f.operator_uscc"),
    )
    return json_text(
        f"operator_id('organization', {operator})",
        ("name", "f.operator_name"),
        ("description", literal(hsds_settings()["operator_about"])),
        organization_identifiers=number,
    )


def _attribute() -> str:
    taxonomy = literal(hsds_settings()["taxonomy"])
    term = (
        f"'66757775-6d{KINDS['term']}-8' || lower(hex(substr(t.code, 1, 1))) || '0-8000-00000000'"
        " || substr(t.code, 2)"
    )
    return json_text(
        _id("attribute"),
        taxonomy_term=json_text(
            term,
            ("code", "t.code"),
            ("name", "t.name_zh"),
            ("description", "t.name_en"),
            ("taxonomy", taxonomy),
        ),
    )


def _place() -> str:
    settings = hsds_settings()
    address = list_text(
        "f.address",
        _id("address"),
        ("address_1", "f.address"),
        ("region", "county.name"),
        ("city", "coalesce(city.name, county.name, '')"),
        ("state_province", "coalesce(province.name, city.name, '')"),
        ("postal_code", "''"),
        ("country", literal(settings["country"])),
        ("address_type", "'physical'"),
    )
    accessible = list_text(
        "nullif(f.accessible, '否')",
        _id("accessibility"),
        ("description", literal(settings["accessible_about"])),
    )
    location = json_text(
        _id("location"),
        ("location_type", "'physical'"),
        ("name", "f.name"),
        ("latitude", "f.latitude"),
        ("longitude", "f.longitude"),
        ("external_identifier", "f.code"),
        ("external_identifier_type", literal(settings["code_scheme"])),
        addresses=address,
        accessibility=accessible,
    )
    return json_text(
        _id("service_at_location"),
        location=location,
    )


def _id(kind: str) -> str:
    return f"'66757775-6d{KINDS[kind]}-' || f.tail"
