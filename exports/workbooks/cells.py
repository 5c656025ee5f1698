"""Write one cell of a sender's file back as it was: text as text, numbers and dates as themselves.

Text that looks like a formula (=, +, -, @ in front) is written as a string, so that a file we send
back never computes, calls or links to anything the sender or somebody else typed into a cell. An
error stays one: as a text it would pass for content when the file comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from exports.workbooks.looks import TEXT, Looks
from exports.workbooks.text_size import shortened
from registry.uploads.source import BrokenCell

CELL_LIMIT: Final = 32_767
"""Characters a spreadsheet cell holds."""

NOT_AVAILABLE: Final = "#N/A"
ERRORS: Final = frozenset(
    {"#DIV/0!", NOT_AVAILABLE, "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
)
"""The error values that every spreadsheet reads (ECMA-376 part 1, 18.17.3)."""

_FIRST_YEAR: Final = 1900
"""Spreadsheets count days from here; an older date is written as text."""

_NUMBER_LIMIT: Final = 2**53
"""From here on a spreadsheet's numbers lose digits."""


def write_cell(
    sheet: Worksheet, row: int, column: int, value: object, looks: Looks, fill: str | None
) -> None:
    """Write `value` at 0-based (row, column), filled RRGGBB; a blank cell only if it is filled."""
    if value is None or value == "":
        if fill:
            sheet.write_blank(row, column, None, looks.get(fill, num_format=TEXT))
        return
    if isinstance(value, BrokenCell) and value.reason == "error":
        shown = error_shown(value)
        sheet.write_formula(row, column, f"={shown}", looks.get(fill), shown)
        return
    write, content, number_format = _way_to_write(sheet, value)
    write(row, column, content, looks.get(fill, num_format=number_format))


def error_shown(cell: BrokenCell) -> str:
    """Return the error value that a cell can hold for the one that was read."""
    return str(cell) if cell in ERRORS else NOT_AVAILABLE


def _way_to_write(sheet: Worksheet, value: object) -> tuple[Callable[..., Any], Any, str]:
    if isinstance(value, str):  # nearly every cell is
        return sheet.write_string, shortened(str(value), CELL_LIMIT), TEXT
    if isinstance(value, bool):
        return sheet.write_boolean, value, "General"
    if isinstance(value, int | float) and abs(value) < _NUMBER_LIMIT:
        return sheet.write_number, value, "General"
    if number_format := _moment_format(value):
        return sheet.write_datetime, value, number_format
    return sheet.write_string, shortened(str(value), CELL_LIMIT), TEXT


def _moment_format(value: object) -> str | None:
    """Return the format of a date or time; None for anything else and for days before 1900."""
    if isinstance(value, timedelta):
        return "[h]:mm:ss"
    if isinstance(value, time):
        return "hh:mm:ss"
    if not isinstance(value, date) or value.year < _FIRST_YEAR:
        return None
    whole_day = not isinstance(value, datetime) or value.time() == time()
    return "yyyy-mm-dd" if whole_day else "yyyy-mm-dd hh:mm:ss"
