"""A column of a table as CSV may have it, and how a column is asked for."""

from __future__ import annotations

from typing import Final

from exports.formula_guard import STARTS_FORMULA
from exports.release.allow_list import PublicColumn

EXACT_DIGITS: Final = 15
_STARTS_FORMULA: Final = ", ".join(f"char({ord(one)})" for one in STARTS_FORMULA)


def is_guarded(column: PublicColumn) -> bool:
    """Say whether cells of the column may have got an apostrophe; a program takes one off."""
    return column.kind == "text" and not column.points_to and not column.values


def sheet_cell(column: PublicColumn, prefix: str = "") -> str:
    """Return the SQL of a cell for a spreadsheet, which also keeps digits that it would round off.

    It takes text of digits for a number: of 16 digits it keeps 15, a zero before them it drops.
    """
    safe = csv_cell(column, prefix)
    if not is_guarded(column):
        return safe
    name = f'{prefix}"{column.name}"'
    digits = f"{name} NOT GLOB '*[^0-9]*' AND length({name}) > 1"
    rounded = f"(length({name}) > {EXACT_DIGITS} OR substr({name}, 1, 1) = '0')"
    return f"CASE WHEN {digits} AND {rounded} THEN '''' || {name} ELSE {safe} END"


def csv_cell(column: PublicColumn, prefix: str = "") -> str:
    """Return the SQL of a cell that no spreadsheet will run as a formula.

    Text that would be one is given a leading apostrophe, the usual sign for "this is text"; so is
    text that begins with one, so that a leading apostrophe can always be taken off again. Codes,
    dates and values of our lists cannot be one.
    """
    name = f'{prefix}"{column.name}"'
    if not is_guarded(column):
        return name
    return (
        f"CASE WHEN substr({name}, 1, 1) IN ({_STARTS_FORMULA}) THEN '''' || {name} ELSE {name} END"
    )


def json_pairs(columns: list[tuple[str, str]]) -> str:
    """Return SQLite's `json_object` of (key, SQL) pairs."""
    listed = ", ".join(f"'{key}', {sql}" for key, sql in columns)
    return f"json_object({listed})"
