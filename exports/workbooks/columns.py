"""The columns of a template: header, form, drop-down and help of each field of a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from codes.china_time import today
from codes.departments import find_department
from codes.divisions import children, counties_of_city, division
from codes.elements import Field, fields_of, schema_of
from codes.errors import DataError
from codes.facility_types import find_type
from codes.home import home_city
from codes.messages import text
from codes.value_lists import list_names, values
from exports.workbooks.looks import TEXT

NUMBER_FORMATS: Final = {"date": "yyyy-mm-dd", "integer": "0", "number": "General"}
"""Cell format by kind of field; every other kind is kept as text, so that 07 stays 07."""


BOUNDS: Final = ("minimum", "exclusiveMinimum", "maximum")


@dataclass(frozen=True)
class Choice:
    """One entry of a drop-down: what goes into the cell, and what it means."""

    value: str
    meaning: str


@dataclass(frozen=True)
class Column:
    """One column of a template.

    `closed` says that nothing but the choices is right. `bounds` holds those of the JSON Schema's
    minimum, exclusiveMinimum and maximum that the type's schema has.
    """

    field: Field
    header: str
    unit: str
    choices: tuple[Choice, ...]
    closed: bool
    bounds: Mapping[str, float]

    @property
    def number_format(self) -> str:
        """The spreadsheet's format code for the cells."""
        return NUMBER_FORMATS.get(self.field.kind, TEXT)


def columns_of(type_code: str, lang: str, city_code: str | None = None) -> tuple[Column, ...]:
    """Return the columns of a type's template in order.

    Raises DataError for a type that the spec does not have, and for what is no city in force.
    """
    properties = schema_of(type_code)["properties"]
    city = city_code or home_city()
    _check_city(city)
    return tuple(
        _column(field, properties.get(field.key, {}), _choices(field, city), lang)
        for field in fields_of(type_code)
    )


def requirement_label(field: Field, lang: str) -> str:
    """Return 必填, 应填 or 选填."""
    return text(f"workbook.requirement.{field.requirement}", lang=lang)


def form_expected(column: Column, lang: str) -> str:
    """Say in one sentence what a cell of the column looks like."""
    kind = column.field.kind
    comma = "、" if lang == "zh" else ", "
    if column.field.key == "division":
        return text("workbook.form.division", lang=lang)
    if column.choices:
        values = [choice.value for choice in column.choices]
        if len(values) == 1:
            return text("workbook.form.only", lang=lang, choice=values[0])
        return text("workbook.form.choice", lang=lang, choices=comma.join(values))
    if column.bounds:
        bounds = [
            text(f"workbook.bound.{bound}", lang=lang, value=f"{value:.10g}")
            for bound, value in column.bounds.items()
        ]
        return text(f"workbook.form.bounded_{kind}", lang=lang, bounds=comma.join(bounds))
    return text(f"workbook.form.{kind}", lang=lang)


def note_of(field: Field, lang: str) -> str:
    """Return the field's own explanation."""
    return field.note_en if lang == "en" else field.note_zh


def _check_city(code: str) -> None:
    try:
        found = division(code, today())
    except DataError:
        raise DataError("workbook.city_unknown", seen=code) from None
    if found.level != "city":
        raise DataError("workbook.city_unknown", seen=code)


@cache
def division_choices(city_code: str, on: date) -> tuple[Choice, ...]:
    """Return a city's counties, each followed by its townships, as in force on a day."""
    found = []
    for county in counties_of_city(city_code, on):
        found.append(Choice(county.code, county.name))
        for town in children(county.code, on):
            found.append(Choice(town.code, f"{county.name}{town.name}"))
    return tuple(found)


def _column(
    field: Field, schema: Mapping[str, Any], choices: tuple[Choice, ...], lang: str
) -> Column:
    return Column(
        field=field,
        header=field.header_en if lang == "en" else field.header_zh,
        unit=(field.unit_en if lang == "en" else field.unit_zh) or "",
        choices=choices,
        closed=bool(choices) and field.key != "division",
        bounds={bound: schema[bound] for bound in BOUNDS if bound in schema},
    )


def _choices(field: Field, city_code: str) -> tuple[Choice, ...]:
    if field.key == "division":
        return division_choices(city_code, today())
    return tuple(Choice(value, _meaning(field, value)) for value in field.choices)


def _meaning(field: Field, value: str) -> str:
    """Return the code of a type or department, the English label of a value."""
    if field.key == "type":
        return find_type(value).code
    if field.key == "department":
        return find_department(value).code
    return values(field.codebook)[value].name_en if field.codebook in list_names() else ""
