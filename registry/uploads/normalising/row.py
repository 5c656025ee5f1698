"""One row in our form, and what one cell says, by the kind of its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from codes.elements import FIGURES, Field, all_fields, fields_of
from codes.errors import DataError
from codes.facility_types import FacilityType, find_type
from codes.text_fixes import is_placeholder
from registry.uploads.findings import Finding
from registry.uploads.normalising.angles import axis_of
from registry.uploads.normalising.broken import why_broken
from registry.uploads.normalising.cell import CellValue, shown
from registry.uploads.normalising.choices import read_choice
from registry.uploads.normalising.dates import read_date
from registry.uploads.normalising.identity import private_in
from registry.uploads.normalising.numbers import read_number
from registry.uploads.normalising.text import read_code, read_text

CHOSEN_FIRST: Final = frozenset({"choice"})
"""Kinds whose listed values go before the words for nothing: 无 is a value of some lists."""

READ: Final = {"date": read_date, "code": read_code}


@dataclass(frozen=True)
class Row:
    """One row as we read it.

    `fields` holds our values by key, blank ones absent; `cleared` the keys to be cleared; `seen`
    what each cell shows; `troubled` the keys whose cell could not be taken. `type` is None when
    the type is missing or unknown.
    """

    sheet: str
    number: int
    type: FacilityType | None
    fields: Mapping[str, Any]
    cleared: frozenset[str]
    seen: Mapping[str, str]
    troubled: frozenset[str]
    raw: Mapping[str, Any]
    findings: tuple[Finding, ...]


@cache
def known_fields(type_code: str | None) -> Mapping[str, Field]:
    """Return the fields of a type by key, of any type when it is not known."""
    if type_code is None:
        return all_fields()
    return {field.key: field for field in fields_of(type_code)}


def read_cell(cell: object, key: str, field: Field, header_unit: str | None) -> CellValue:
    """Return what a filled cell says of an element; a token that clears is not asked here.

    `header_unit` is the unit in the header of its column, when it names one.
    """
    broken = why_broken(cell, is_code=field.kind == "code") or private_in(cell, field)
    if broken:
        return CellValue(shown(cell), problem=broken)
    if field.kind in CHOSEN_FIRST:
        chosen = read_choice(cell, key, field)
        if chosen.problem or chosen.value is not None:
            return chosen
    # a word for no grade is nothing only where grades are listed and none of them says so
    if isinstance(cell, str) and is_placeholder(cell, key if field.kind in CHOSEN_FIRST else "*"):
        return CellValue(None, note="placeholder_blank")
    if field.kind in FIGURES:
        read = read_number(cell, field.unit_zh, header_unit)
        other = read.note == "angle_converted" and axis_of(shown(cell)) not in (None, key)
        return CellValue(shown(cell).strip()) if other else read
    read = READ[field.kind](cell) if field.kind in READ else read_text(cell, key)
    # of a division written with a name it is told, when it is placed, how that is read
    is_named = key == "division" and read.note and not str(read.value).isascii()
    return CellValue(read.value) if is_named else read


def read_type(cell: object) -> tuple[FacilityType | None, str | None, Mapping[str, Any]]:
    """Return the type a filled cell names, the rule to say about it, and what fills its words."""
    if broken := why_broken(cell):
        return None, broken, {}
    if private := private_in(cell, all_fields()["type"]):
        return None, private, {}
    read = read_text(cell, "type")
    written = read.value or ""
    try:
        kind = find_type(written)
    except DataError as error:
        return None, "type_unknown", {"near": error.params["near"]}
    if written not in (kind.code, kind.name_zh):
        return kind, "value_alias", {"read": kind.name_zh}
    return kind, read.note, {"read": kind.name_zh}


def not_carried(row: Row) -> Iterator[str]:
    """Yield the keys a row fills that its type does not have."""
    if row.type is not None:
        carried = known_fields(row.type.code)
        yield from (key for key in row.fields if key not in carried)
