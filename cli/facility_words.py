"""What a facility says of itself, in words: fields, values, names beside codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from codes.messages import language, text

if TYPE_CHECKING:
    from codes.capabilities import Capability
    from codes.elements import Field

DIGITS: Final = 15
"""Digits of a figure that are shown: all a spreadsheet keeps."""

NAMED: Final = {"type_code": "type", "division_code": "division", "department_code": "department"}
"""Columns that hold a code, and the field whose header they go by."""


def name_of(column: str, code: str | None, on: date) -> str | None:
    """Return the name of what a code stands for, the code itself when the book has none."""
    from codes import divisions
    from codes.departments import departments
    from codes.facility_types import facility_types

    if code is None:
        return None
    if column == "division_code":
        day = on if divisions.in_force(code, on) else None
        return divisions.full_name(code, day) if divisions.exists(code) else code
    book: Mapping[str, Any] = facility_types() if column == "type_code" else departments()
    known = book.get(code)
    if known is None:
        return code
    return str(known.name_zh if language() == "zh" else known.name_en)


def header_of(key: str) -> str:
    """Return a field's header in the language in use."""
    from registry.facilities.fields import header

    return header(key)


def worded(column: str, value: Any, on: date) -> str:
    """Return the value of a column as a clerk reads it: the name that a code had `on` a day."""
    from codes.elements import all_fields
    from codes.value_lists import list_names, values

    if value is None:
        return text("facility.card.nothing")
    if column in NAMED:
        name = name_of(column, value, on)
        return f"{name} {value}" if name != value else str(value)
    codebook = all_fields()[column].codebook
    if language() == "en" and codebook in list_names() and value in values(codebook):
        return f"{value} {values(codebook)[value].name_en}"
    return measured(value, all_fields()[column]) if column == "floor_area" else str(value)


def measured(value: float, of: Field | Capability | None) -> str:
    """Return a figure in full, with the unit of what it measures."""
    unit = "" if of is None else of.unit_zh if language() == "zh" else of.unit_en
    return f"{value:.{DIGITS}g} {unit or ''}".strip()


def valued(key: str, value: Any, on: date) -> str:
    """Return the value of a field or, with its unit, of a capability."""
    from codes.capabilities import capabilities
    from registry.facilities.fields import keys, reader_of

    if key in keys():
        return worded(reader_of(key)[0], value, on)
    if value is None:
        return text("facility.card.nothing")
    return measured(value, capabilities().get(key))


def reason_of(reason: str | None) -> str:
    """Return a reason as it follows what was done, nothing where none was given."""
    return text("facility.card.reason", reason=reason) if reason else ""


def private_keys() -> frozenset[str]:
    """Return the fields that are shown only where contacts were asked for."""
    from codes.elements import all_fields

    return frozenset(field.key for field in all_fields().values() if field.private)


def without_contacts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields but for those of `private_keys`."""
    return {key: value for key, value in fields.items() if key not in private_keys()}
