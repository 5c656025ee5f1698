"""The element parts and how they make one schema: common, then the class's, then the type's.

    elements/common.json          what every facility has
    elements/class/E01.json       what a class asks for beyond that, where it does
    elements/type/E0201.json      what a type asks for, where it does

A part below may change keywords of a common property and add conditions (`allOf`). Identifiers
and capabilities come from their own books. Keywords beginning with `x-` are annotations:

    x-header-en, x-aliases, x-description-en, x-unit-zh, x-unit-en    words
    x-requirement  must, should or may      x-private   never published
    x-kind         code: text that names something in a code system
    x-codebook     the list of values it comes from; a value list becomes `enum` here
    x-check        what beyond the pattern must hold: facility_code, uscc, division
    x-rule         the rule (book `rules`) a condition breaks
    x-severity     should: a wrong value is reported and the row proceeds; otherwise must
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from codes.book import BOOKS_DIR, BookError
from codes.capabilities import Capability, capabilities_of
from codes.facility_types import FacilityType
from codes.identifier_schemes import IdentifierScheme, schemes_of
from codes.value_lists import list_names, open_values

ELEMENTS_DIR: Final = BOOKS_DIR / "elements"
SUBSET: Final = ELEMENTS_DIR / "part.schema.json"
"""What a part may say: the keywords of 2020-12 that are compiled, and our annotations."""

INSIDE: Final = ("if", "then", "else", "not")
"""Keywords that hold a schema."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def part_paths(facility_type: FacilityType, root: Path = ELEMENTS_DIR) -> list[Path]:
    """Return the part files that make the type's schema, general to special."""
    special = [
        root / "class" / f"{facility_type.class_code}.json",
        root / "type" / f"{facility_type.code}.json",
    ]
    return [root / "common.json", *(path for path in special if path.exists())]


@cache
def read_part(path: Path) -> Schema:
    """Read one part. Raises BookError, with the file's name, when it cannot be read.

    So it does for a keyword outside the subset: jsonschema would follow it, and SQL would not.
    """
    part = read_json(path)
    for place, schema in schemas_in(part):
        for keyword in schema:
            if keyword not in _keywords():
                where = f"{path} {place or '/'}"
                raise BookError("book.keyword_refused", where=where, seen=keyword)
    return part


def read_json(path: Path) -> Schema:
    """Read a JSON object as it stands. Raises BookError, with the file's name."""
    try:
        part: Schema = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BookError("book.file_missing", path=path) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BookError("book.unreadable", where=path, detail=error) from None
    return part


def schemas_in(schema: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield (JSON pointer, schema) of a schema and of every schema inside it."""
    if not isinstance(schema, dict):
        return  # `codes.elements_check` says that it must be one
    yield place, schema
    for key, one in schema.get("properties", {}).items():
        yield from schemas_in(one, f"{place}/properties/{key}")
    for position, one in enumerate(schema.get("allOf", [])):
        yield from schemas_in(one, f"{place}/allOf/{position}")
    for keyword in INSIDE:
        if keyword in schema:
            yield from schemas_in(schema[keyword], f"{place}/{keyword}")


def compose(facility_type: FacilityType) -> Schema:
    """Return the whole JSON Schema of a type; an instance is one normalised row of an upload."""
    parts = [read_part(path) for path in part_paths(facility_type)]
    properties = {
        **_elements(parts, facility_type),
        **{row.code: scheme_schema(row) for row in schemes_of(facility_type.code)},
        **{row.code: capability_schema(row) for row in capabilities_of(facility_type.code)},
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:fuwuma:elements:{facility_type.code}",
        "title": facility_type.name_zh,
        "x-title-en": facility_type.name_en,
        "x-own-design": True,
        "type": "object",
        "properties": properties,
        "required": [key for key, one in properties.items() if one["x-requirement"] == "must"],
        "dependentRequired": _joined(parts, "dependentRequired"),
        "allOf": [condition for part in parts for condition in part.get("allOf", [])],
    }


def element_schema(common: Mapping[str, Any], *changes: Mapping[str, Any]) -> Schema:
    """Return one property: the common one, then each change; a value list becomes its `enum`."""
    merged: Schema = dict(common)
    for change in changes:
        merged |= change
    if merged.get("x-codebook") in list_names():
        choices = list(open_values(merged["x-codebook"]))
        merged["enum"] = choices
        merged.setdefault("examples", choices[:1])
    return merged


def capability_schema(row: Capability) -> Schema:
    """Return the property a capability gives its column."""
    whole = row.value_type == "integer"
    return {
        "title": row.name_zh,
        "x-header-en": row.name_en,
        "x-aliases": list(row.aliases),
        "x-requirement": row.requirement,
        "x-capability": True,
        "x-unit-zh": row.unit_zh,
        "x-unit-en": row.unit_en,
        "description": row.definition_zh,
        "x-description-en": row.definition_en,
        "type": row.value_type,
        "minimum": int(row.minimum) if whole else row.minimum,
        "maximum": int(row.maximum) if whole else row.maximum,
        "examples": [int(row.example) if whole else row.example],
    }


def scheme_schema(row: IdentifierScheme) -> Schema:
    """Return the property somebody else's number gives its column."""
    return {
        "title": row.name_zh,
        "x-header-en": row.name_en,
        "x-aliases": list(row.aliases),
        "x-kind": "code",
        "x-requirement": "may",
        "description": row.note_zh,
        "x-description-en": row.note_en,
        "type": "string",
        "pattern": row.pattern,
        "examples": [row.example],
    }


def _elements(parts: list[Schema], facility_type: FacilityType) -> Schema:
    common, *special = parts
    found = {
        key: element_schema(one, *(part.get("properties", {}).get(key, {}) for part in special))
        for key, one in common["properties"].items()
    }
    found["type"]["enum"] = [facility_type.code, facility_type.name_zh]
    for one in found.values():
        one["examples"] = [_filled(value, facility_type) for value in one.get("examples", [])]
    return found


def _filled(example: Any, facility_type: FacilityType) -> Any:
    return example.format(type=facility_type.name_zh) if isinstance(example, str) else example


def _joined(parts: list[Schema], keyword: str) -> Schema:
    joined: Schema = {}
    for part in parts:
        joined |= part.get(keyword, {})
    return joined


@cache
def _keywords() -> frozenset[str]:
    return frozenset(read_json(SUBSET)["$defs"]["schema"]["properties"])
