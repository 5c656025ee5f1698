"""The worked example of a template: one facility of the type, every field filled in plausibly.

Its name begins with `workbook.example_mark`, so that a reader knows it and nobody registers it.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from codes.messages import text
from exports.workbooks.columns import Column

_EXAMPLE: Final = "示例"
"""What the book's example names begin with; the mark says it already."""


def example_values(columns: tuple[Column, ...], lang: str) -> dict[str, Any]:
    """Return field key -> cell value: numbers as numbers, dates as dates, the rest as text.

    The values are the book's examples, which have no code (a new facility has none) and no closing
    date (the facility is open).
    """
    values = {
        column.field.key: _typed(column, column.field.example)
        for column in columns
        if column.field.example is not None
    }
    mark = text("workbook.example_mark", lang=lang)
    values["name"] = mark + str(values["name"]).removeprefix(_EXAMPLE)
    return values


def _typed(column: Column, example: object) -> Any:
    if column.field.kind == "date":
        return date.fromisoformat(str(example))
    if column.field.kind == "integer":
        return int(str(example))
    if column.field.kind == "number":
        return float(str(example))
    return str(example)
