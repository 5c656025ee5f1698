"""The elements 要素 of a facility: the JSON Schema of each type, and its fields as columns.

Composed from the parts in `books/elements` (see `codes.element_parts`), the identifier schemes
and the capabilities the type carries; a new type needs a row in `facility_types` and nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from codes.capabilities import capabilities
from codes.departments import departments
from codes.element_parts import (
    ELEMENTS_DIR,
    Schema,
    capability_schema,
    compose,
    element_schema,
    read_part,
    scheme_schema,
)
from codes.facility_types import FacilityType, facility_types, find_type
from codes.identifier_schemes import identifier_schemes

FIGURES: Final = ("integer", "number")
"""The kinds of fields whose values are counted or measured."""


@dataclass(frozen=True)
class Field:
    """One column of an upload or a template.

    `requirement` is must, should or may; `kind` is text, code, choice, date, integer or number;
    `codebook` names the value list or book the cell is looked up in. `example` is synthetic, and
    None where a new, open facility leaves the cell empty.
    """

    key: str
    header_zh: str
    header_en: str
    aliases: tuple[str, ...]
    requirement: str
    kind: str
    choices: tuple[str, ...]
    unit_zh: str | None
    unit_en: str | None
    private: bool
    capability: bool
    codebook: str | None
    note_zh: str
    note_en: str
    example: str | int | float | None


def schema_of(type_code: str) -> Schema:
    """Return the JSON Schema 2020-12 of a type; the caller may change the copy.

    Raises DataError `spec.type_unknown` when there is no such type.
    """
    return deepcopy(_schema(find_type(type_code).code))


@cache
def fields_of(type_code: str) -> tuple[Field, ...]:
    """Return the type's fields in column order: elements, identifiers, capabilities.

    Raises DataError `spec.type_unknown` when there is no such type.
    """
    facility_type = find_type(type_code)
    properties = _schema(facility_type.code)["properties"]
    choices = {
        "type": (facility_type.name_zh,),
        "department": _department_names(facility_type),
    }
    return tuple(_field(key, schema, choices.get(key)) for key, schema in properties.items())


@cache
def all_fields() -> dict[str, Field]:
    """Return every field of any type by key; what differs by type is as in the common part."""
    common = read_part(ELEMENTS_DIR / "common.json")["properties"]
    properties: dict[str, Schema] = {
        **{key: element_schema(schema) for key, schema in common.items()},
        **{row.code: scheme_schema(row) for row in identifier_schemes().values()},
        **{row.code: capability_schema(row) for row in capabilities().values()},
    }
    choices = {
        "type": tuple(row.name_zh for row in facility_types().values()),
        "department": tuple(row.name_zh for row in departments().values()),
    }
    return {key: _field(key, schema, choices.get(key)) for key, schema in properties.items()}


def example_row(type_code: str) -> dict[str, str | int | float]:
    """Return a synthetic facility of the type as a normalised row; it passes the type's schema."""
    return {field.key: field.example for field in fields_of(type_code) if field.example is not None}


@cache
def _schema(type_code: str) -> Schema:
    return compose(facility_types()[type_code])


def _department_names(facility_type: FacilityType) -> tuple[str, ...]:
    return tuple(departments()[code].name_zh for code in facility_type.department_codes)


def _field(key: str, schema: Mapping[str, Any], choices: tuple[str, ...] | None) -> Field:
    offered = choices or tuple(schema.get("enum", ()))
    examples = schema.get("examples") or offered[:1] or (None,)
    return Field(
        key=key,
        header_zh=schema["title"],
        header_en=schema["x-header-en"],
        aliases=tuple(schema.get("x-aliases", ())),
        requirement=schema["x-requirement"],
        kind=_kind(schema, offered),
        choices=offered,
        unit_zh=schema.get("x-unit-zh"),
        unit_en=schema.get("x-unit-en"),
        private=schema.get("x-private", False),
        capability=schema.get("x-capability", False),
        codebook=schema.get("x-codebook"),
        note_zh=schema["description"],
        note_en=schema["x-description-en"],
        example=examples[0],
    )


def _kind(schema: Mapping[str, Any], choices: tuple[str, ...]) -> str:
    if choices:
        return "choice"
    if schema.get("format") == "date":
        return "date"
    if schema["type"] in FIGURES:
        return str(schema["type"])
    return str(schema.get("x-kind", "text"))
