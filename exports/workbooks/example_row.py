"""The worked example of a template: one facility of the type, every field filled in plausibly.

Its name begins with `workbook.example_mark`, so that a reader knows it and nobody registers it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from codes.facility_types import FacilityType
from codes.messages import text
from exports.workbooks.columns import Column


def example_values(
    columns: tuple[Column, ...], facility_type: FacilityType, lang: str
) -> dict[str, Any]:
    """Return field key -> cell value: numbers as numbers, dates as dates, the rest as text.

    The code stays empty, since a new facility has none; so does the closing date, since the
    facility of the example is open.
    """
    left_empty = ("code", "closed_on")
    values = {
        column.field.key: _typed(column, column.field.example)
        for column in columns
        if column.field.key not in left_empty and column.field.example
    }
    for column in columns:
        if (
            column.closed
            and column.choices
            and values.get(column.field.key) not in _offered(column)
        ):
            values[column.field.key] = column.choices[0].value
    values["name"] = text("workbook.example_mark", lang=lang) + str(values.get("name", ""))
    return values


def _offered(column: Column) -> set[str]:
    return {choice.value for choice in column.choices}


def _typed(column: Column, example: object) -> Any:
    if column.field.kind == "date":
        return date.fromisoformat(str(example))
    if column.field.kind == "integer":
        return int(str(example))
    if column.field.kind == "number":
        return float(str(example))
    return str(example)
