"""The columns of a template: header, form, drop-down and help of each field of a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from codes.departments import departments
from codes.divisions import children, counties_of_city
from codes.elements import Field, fields_of, schema_of
from codes.facility_types import facility_types
from codes.messages import text
from exports.workbooks.looks import TEXT
from exports.workbooks.settings import settings

NUMBER_FORMATS: Final = {"date": "yyyy-mm-dd", "integer": "0", "number": "General"}
"""Cell format by kind of field; every other kind is kept as text, so that 07 stays 07."""


@dataclass(frozen=True)
class Choice:
    """One entry of a drop-down: what goes into the cell, and what it means."""

    value: str
    meaning: str


@dataclass(frozen=True)
class Column:
    """One column of a template.

    `closed` says that nothing but the choices is right; `minimum` and `maximum` are the bounds of
    a number, as the type's schema has them.
    """

    field: Field
    header: str
    choices: tuple[Choice, ...]
    closed: bool
    minimum: float | None
    maximum: float | None

    @property
    def number_format(self) -> str:
        """The spreadsheet's format code for the cells."""
        return NUMBER_FORMATS.get(self.field.kind, TEXT)


def columns_of(type_code: str, lang: str, city_code: str | None = None) -> tuple[Column, ...]:
    """Return the columns of a type's template in order.

    Raises DataError for a type that the spec does not have.
    """
    properties = schema_of(type_code)["properties"]
    city = city_code or settings().template.city_code
    return tuple(
        _column(field, properties.get(field.key, {}), _choices(field, type_code, city), lang)
        for field in fields_of(type_code)
    )


def requirement_label(field: Field, lang: str) -> str:
    """Return 必填, 应填 or 选填."""
    return text(f"workbook.requirement.{field.requirement}", lang=lang)


def form_expected(column: Column, lang: str) -> str:
    """Say in one sentence what a cell of the column looks like."""
    kind = column.field.kind
    if column.field.key == "division":
        return text("workbook.form.division", lang=lang)
    if column.choices:
        shown = "、" if lang == "zh" else ", "
        return text("workbook.form.choice", lang=lang, choices=shown.join(_values(column)))
    if kind in ("integer", "number") and (column.minimum is not None or column.maximum is not None):
        return text(f"workbook.form.{kind}_{_bounds(column)}", lang=lang, **_limits(column))
    return text(f"workbook.form.{kind}", lang=lang)


def note_of(field: Field, lang: str) -> str:
    """Return the field's own explanation."""
    return field.note_en if lang == "en" else field.note_zh


def _column(
    field: Field, schema: Mapping[str, Any], choices: tuple[Choice, ...], lang: str
) -> Column:
    return Column(
        field=field,
        header=field.header_en if lang == "en" else field.header_zh,
        choices=choices,
        closed=bool(choices) and field.key != "division",
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum"),
    )


def _choices(field: Field, type_code: str, city_code: str) -> tuple[Choice, ...]:
    facility_type = facility_types()[type_code]
    if field.key == "type":
        return (Choice(facility_type.name_zh, facility_type.name_en),)
    if field.key == "department":
        known = departments()
        return tuple(
            Choice(known[code].name_zh, known[code].name_en)
            for code in facility_type.department_codes
        )
    if field.key == "division":
        return division_choices(city_code)
    return tuple(Choice(value, "") for value in field.choices)


def division_choices(city_code: str) -> tuple[Choice, ...]:
    """Return a city's counties, each followed by its townships, as in force today."""
    found = []
    for county in counties_of_city(city_code, None):
        found.append(Choice(county.code, county.name))
        found += [
            Choice(town.code, f"{county.name}{town.name}") for town in children(county.code, None)
        ]
    return tuple(found)


def _values(column: Column) -> list[str]:
    return [choice.value for choice in column.choices]


def _bounds(column: Column) -> str:
    if column.minimum is None:
        return "at_most"
    return "at_least" if column.maximum is None else "between"


def _limits(column: Column) -> dict[str, str]:
    return {"minimum": _plain(column.minimum), "maximum": _plain(column.maximum)}


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:,.10g}"
