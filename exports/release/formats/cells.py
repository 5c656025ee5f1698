"""A column of a table as CSV may have it, and how a column is asked for."""

from __future__ import annotations

from typing import Final

from exports.formula_guard import STARTS_FORMULA
from exports.release.allow_list import PublicColumn

EXACT_DIGITS: Final = 15
_ANY_START: Final = "".join(sorted(STARTS_FORMULA, key=lambda one: one != "-")).replace("'", "''")
"""The hyphen first, where it stands for itself and not for a range."""


def is_guarded(column: PublicColumn) -> bool:
    """Say whether cells of the column may have got an apostrophe; a program takes one off."""
    return column.kind == "text" and not column.points_to and not column.values


def csv_cell(column: PublicColumn) -> str:
    """Return SQLite's SQL of a cell that no spreadsheet will run as a formula.

    Text that would be one is given a leading apostrophe, the usual sign for "this is text"; so is
    text that begins with one, so that a leading apostrophe can always be taken off again. Codes,
    dates and values of our lists cannot be one.
    """
    name = f'"{column.name}"'
    if not is_guarded(column):
        return name
    return f"CASE WHEN {name} GLOB '[{_ANY_START}]*' THEN '''' || {name} ELSE {name} END"


def sheet_cell(column: PublicColumn, prefix: str) -> str:
    """Return DuckDB's SQL of a cell for a spreadsheet, which also keeps digits it would round off.

    It takes text of digits for a number: of 16 digits it keeps 15, a zero before them it drops.
    """
    name = f'{prefix}"{column.name}"'
    if not is_guarded(column):
        return name
    risky = rf"^([{_ANY_START}]|[0-9]{{{EXACT_DIGITS + 1},}}$|0[0-9]+$)"
    return f"CASE WHEN regexp_matches({name}, '{risky}') THEN '''' || {name} ELSE {name} END"


def json_pairs(columns: list[tuple[str, str]]) -> str:
    """Return SQLite's `json_object` of (key, SQL) pairs."""
    listed = ", ".join(f"'{key}', {sql}" for key, sql in columns)
    return f"json_object({listed})"
