"""What was asked of a facility when the release was made: fields, figures, rules of checking.

The program that serves a release may be younger than it: its own books do not count here.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

from codes.elements import Field
from exports.site.catalogue import Catalogue, Row

YES: Final = "是"
SELDOM: Final = "may"
"""A field that nobody has to fill in."""


@lru_cache(maxsize=4)
def all_fields(catalogue: Catalogue) -> dict[str, Field]:
    """Return every field of any type by key, in the order of a template."""
    return {row["key"]: _field(row) for row in catalogue.fields}


@lru_cache(maxsize=512)
def fields_of(catalogue: Catalogue, type_code: str) -> tuple[Field, ...]:
    """Return the fields of a type, in the order of its template."""
    own = _of_types(catalogue).get(type_code, {})
    return tuple(
        _field(row, own.get(row["key"]))
        for row in catalogue.fields
        if row["everywhere"] == YES or row["key"] in own
    )


def wanted_figures(catalogue: Catalogue, type_code: str) -> list[str]:
    """Return the figures that a facility of the type should report."""
    asked = fields_of(catalogue, type_code)
    return [field.key for field in asked if field.capability and field.requirement != SELDOM]


def rules_in_force(catalogue: Catalogue) -> list[Row]:
    """Return the rules in force on the day of the release."""
    day = catalogue.manifest.release_date
    return [row for row in catalogue.rules if row["valid_to"] is None or row["valid_to"] > day]


@lru_cache(maxsize=4)
def _of_types(catalogue: Catalogue) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in catalogue.type_fields:
        found.setdefault(row["type_code"], {})[row["key"]] = row
    return found


def _field(row: Row, own: Row | None = None) -> Field:
    given = {name: value for name, value in (own or {}).items() if value is not None}
    asked = {**row, **given}
    return Field(
        key=asked["key"],
        header_zh=asked["header_zh"],
        header_en=asked["header_en"],
        aliases=_items(asked["aliases"]),
        requirement=asked["requirement"],
        kind=asked["kind"],
        choices=_items(asked["choices"]),
        unit_zh=asked["unit_zh"],
        unit_en=asked["unit_en"],
        private=asked["private"] == YES,
        capability=asked["capability"] == YES,
        codebook=asked["codebook"],
        note_zh=asked["note_zh"],
        note_en=asked["note_en"],
        example=None if asked["example"] is None else json.loads(asked["example"]),
    )


def _items(listed: str | None) -> tuple[str, ...]:
    return tuple(listed.split(";")) if listed else ()
