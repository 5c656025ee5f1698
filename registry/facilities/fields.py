"""From the keys of an upload to the columns of a version, in this one place.

Keys and columns are the same word except for the three in COLUMN_OF. Values come as a checked row
has them (Chinese words, numbers, days as ISO text or `date`) or as a clerk types them; they leave
as Python values. None clears a field.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, NoReturn

from codes import divisions
from codes.capabilities import capabilities
from codes.departments import find_department
from codes.elements import all_fields
from codes.errors import DataError
from codes.facility_types import find_type
from codes.identifier_schemes import identifier_schemes
from codes.messages import language
from registry.facilities.view import FacilityView

COLUMN_OF: Final = {
    "type": "type_code",
    "division": "division_code",
    "department": "department_code",
}
DERIVED: Final = ("class_code", "county_code", "township_code", "lon_2000", "lat_2000")
"""Columns that follow from others: see `registry.facilities.derived`."""

DATES: Final = frozenset({"opened_on", "closed_on", "as_of"})
NUMBERS: Final = frozenset({"longitude", "latitude", "floor_area"})
NEVER_EMPTY: Final = ("name", "type", "division", "status", "as_of")


@cache
def state_columns() -> tuple[str, ...]:
    """Return the columns that describe the facility and can be given, in table order."""
    # as a facility is shown: the classes of the tables have them too, but take long to load
    own = [field.name for field in dataclasses.fields(FacilityView)]
    state = own[own.index("name") : own.index("as_of") + 1]
    return tuple(name for name in state if name not in DERIVED)


@cache
def keys() -> frozenset[str]:
    """Return the keys a row of fields may have."""
    return frozenset(key_of(column) for column in state_columns())


@cache
def key_of(column: str) -> str:
    """Return the upload key of a column."""
    return next((key for key, named in COLUMN_OF.items() if named == column), column)


def to_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields by column, each value as the column keeps it.

    Raises DataError for a key that is no field of a facility, a value that cannot be read, an
    unknown type or department, and an empty field that a facility always has.
    """
    found: dict[str, Any] = {}
    readers = _readers()
    for key, value in fields.items():
        if key not in readers:
            raise DataError("facility.field_unknown", key=key)
        column, read = readers[key]
        found[column] = None if value is None else read(key, value)
    for key in NEVER_EMPTY:
        if found.get(readers[key][0], key) is None:
            raise DataError("facility.field_empty", header=header(key), key=key)
    return found


def split_keys(
    given: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return what is given as (fields, capabilities, identifiers).

    Raises DataError for a key that is none of them.
    """
    parts: tuple[dict[str, Any], ...] = ({}, {}, {})
    places = _places()
    for key, value in given.items():
        if key not in places:
            raise DataError("facility.field_unknown", key=key)
        parts[places[key]][key] = value
    return parts[0], parts[1], parts[2]


@cache
def _places() -> Mapping[str, int]:
    """Which part of a facility a key belongs to: its fields, capabilities or identifiers."""
    kinds = (keys(), capabilities(), identifier_schemes())
    return {key: place for place in (2, 1, 0) for key in kinds[place]}


def reader_of(key: str) -> tuple[str, Callable[[str, Any], Any]]:
    """Return the column of a field and what reads its values."""
    return _readers()[key]


def is_free_text(key: str) -> bool:
    """Say whether a field's values are kept as written, but for the blanks around them."""
    return _readers()[key][1] is to_text


def header(key: str) -> str:
    """Return a field's header in the language in use."""
    known = all_fields().get(key)
    if known is None:
        return key
    return known.header_zh if language() == "zh" else known.header_en


def to_date(key: str, value: Any) -> date:
    """Return a day; raises DataError when it is none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        _refuse("facility.date_wrong", key, value)


def to_number(key: str, value: Any) -> float:
    """Return a finite number; raises DataError when it is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        _refuse("facility.number_wrong", key, value)
    if not math.isfinite(number):
        _refuse("facility.number_wrong", key, value)
    return number


def to_text(key: str, value: Any) -> str | None:
    """Return text without blanks around it, None when nothing is left; no control characters."""
    text = value.strip() if isinstance(value, str) else str(value)
    if not text.isprintable() and any(map(_is_control, text)):
        _refuse("facility.text_unprintable", key, ascii(text))
    return text or None


@lru_cache(maxsize=100_000)
def _canonical(division_code: str) -> str:
    return divisions.normalise(division_code)


@lru_cache(maxsize=10_000)
def _type_code(text: str) -> str:
    return find_type(text).code


@lru_cache(maxsize=10_000)
def _department_code(text: str) -> str:
    return find_department(text).code


@cache
def _readers() -> dict[str, tuple[str, Callable[[str, Any], Any]]]:
    """Return for every key its column and what reads its values."""
    looked_up = {"division": _canonical, "type": _type_code, "department": _department_code}
    return {key: (COLUMN_OF.get(key, key), _reader(key, looked_up.get(key))) for key in keys()}


def _reader(key: str, look_up: Callable[[str], str] | None) -> Callable[[str, Any], Any]:
    if key in DATES:
        return to_date
    if key in NUMBERS:
        return to_number
    if look_up is None:
        return to_text
    return lambda key, value: look_up(text) if (text := to_text(key, value)) else None


def _is_control(character: str) -> bool:
    return character in "\n\r" or not (character.isprintable() or character.isspace())


def _refuse(message_id: str, key: str, value: Any) -> NoReturn:
    raise DataError(message_id, header=header(key), key=key, seen=str(value))
