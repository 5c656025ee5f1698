"""The facilities in the Human Services Data Specification (HSDS) 3.0, as one page of services.

What goes where, and what has no place there, is said in `hsds.toml` and in the file itself. The ids
are UUIDs (version 8, RFC 9562) in which the facility's code can be read: its 16 digits end them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from exports.release.formats.duck import literal, read_table, write_list
from exports.release.formats.json_text import json_text, list_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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

_CODE: Final = """concat('8', lower(hex(substr(code, 1, 1))), substr(code, 2, 1), '-8',
    substr(code, 3, 3), '-', substr(code, 6))"""
"""The end of every id of a facility: its code, the letter as two hexadecimal digits.

Here and below `substr`, not the brackets, which take DuckDB three times as long.
"""

_DIGEST_CUTS: Final = ((1, 8), (9, 4), (14, 3), (17, 1), (18, 3), (21, 12))
"""From which character on how many of a digest go into a UUID; the 13th becomes its version."""

_VARIANTS: Final = (
    (("0", "4", "8", "c"), "8"),
    (("1", "5", "9", "d"), "9"),
    (("2", "6", "a", "e"), "a"),
    (("3", "7", "b", "f"), "b"),
)
"""Digits -> the same with the two upper bits that RFC 9562 asks for."""


@cache
def hsds_settings() -> dict[str, Any]:
    """Return `hsds.toml`."""
    return tomllib.loads(HSDS_FILE.read_text(encoding="utf-8"))


def write_hsds(db: DuckDBPyConnection, directory: Path, facts: dict[str, Any]) -> None:
    """Write one service per facility that was not annulled, in order of code."""
    source = _source(directory)
    (total,) = db.execute(f"SELECT count(*) FROM {source}").fetchone() or (0,)  # noqa: S608
    write_list(db, directory / HSDS, _head(total, facts), "contents", _service(), source)


def _source(directory: Path) -> str:
    division = read_table(directory, "division")
    return f"""(
            SELECT *, {_CODE} AS tail,
                {_named_id("organization", "coalesce(operator_uscc, operator_name)")} AS operator,
                {_named_id("identifier", "operator_uscc")} AS operator_number
            FROM {read_table(directory, "facility")} WHERE name IS NOT NULL
        ) AS f
        JOIN {read_table(directory, "facility_type")} AS t ON t.code = f.type_code
        LEFT JOIN {division} AS county ON county.code = f.county_code
        LEFT JOIN {division} AS city ON city.code = county.parent_code
        LEFT JOIN {division} AS province ON province.code = city.parent_code"""  # noqa: S608


def _named_id(kind: str, name: str) -> str:
    """Return the SQL of the UUID (version 5, RFC 9562) of a name; NULL for NULL."""
    space = "".join(f"\\x{byte:02x}" for byte in NAMESPACE.bytes)
    digest = f"sha1('{space}'::BLOB || encode('{kind}:' || {name}))"
    cut = (f"substr({digest}, {start}, {length})" for start, length in _DIGEST_CUTS)
    first, second, third, variant, fourth, last = cut
    marked = " ".join(f"WHEN {variant} IN {digits} THEN '{mark}'" for digits, mark in _VARIANTS)
    return (
        f"CASE WHEN {name} IS NOT NULL THEN concat({first}, '-', {second}, '-5', {third}, '-',"
        f" CASE {marked} END, {fourth}, '-', {last}) END"
    )


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


def _service() -> str:
    settings = hsds_settings()
    status = " ".join(
        f"WHEN '{ours}' THEN '{theirs}'" for ours, theirs in settings["status"].items()
    )
    return json_text(
        _id("service"),
        ("name", "f.name"),
        ("status", f"CASE f.status {status} END"),
        ("description", "t.name_zh"),
        ("assured_date", "f.as_of::VARCHAR"),
        ("url", f"CASE WHEN {_IS_ADDRESS} THEN f.website END"),
        organization=f"CASE WHEN f.operator_name IS NOT NULL THEN {_organization()} END",
        phones=list_text("f.phone", _id("phone"), ("number", "f.phone")),
        schedules=list_text("f.opening_hours", _id("schedule"), ("description", "f.opening_hours")),
        attributes=f"'[' || {_attribute()} || ']'",
        service_at_locations=f"'[' || {_place()} || ']'",
    )


_IS_ADDRESS: Final = r"regexp_full_match(f.website, '(?i:https?)://[!#-;=?-\[\]_a-z~]+')"
"""Visible characters but those that stand in no address."""


def _organization() -> str:
    number = list_text(
        "f.operator_uscc",
        "f.operator_number",
        ("identifier_type", literal(hsds_settings()["operator_number"])),
        ("identifier", "f.operator_uscc"),
    )
    return json_text(
        "f.operator",
        ("name", "f.operator_name"),
        ("description", literal(hsds_settings()["operator_about"])),
        organization_identifiers=number,
    )


def _attribute() -> str:
    taxonomy = literal(hsds_settings()["taxonomy"])
    term = (
        f"concat('66757775-6d{KINDS['term']}-8', lower(hex(t.code[1])), '0-8000-00000000',"
        " t.code[2:])"
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
    """Return the SQL of the parts of an id of a facility."""
    return f"'66757775-6d{KINDS[kind]}-', f.tail"
