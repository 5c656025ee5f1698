"""The sheet of code lists: what every drop-down of a template offers, and what it means."""

from __future__ import annotations

from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from codes.messages import text
from exports.workbooks.columns import Column
from exports.workbooks.looks import TEXT, Looks
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width

_COLUMNS_PER_LIST: Final = 2


def write_lists(
    workbook: Workbook, sheet: Worksheet, columns: tuple[Column, ...], lang: str
) -> dict[str, str]:
    """Write one pair of columns a list; return where each field's choices stand, as a formula."""
    looks = Looks(workbook)
    heading, as_text = looks.get(settings().colours.may, bold=True), looks.get(num_format=TEXT)
    meaning_header = text("workbook.lists.meaning", lang=lang)
    places = {}
    for position, column in enumerate(column for column in columns if column.choices):
        left = position * _COLUMNS_PER_LIST
        sheet.set_column(left, left, _width(column, "value"), as_text)
        sheet.set_column(left + 1, left + 1, _width(column, "meaning"))
        sheet.write_string(0, left, column.header, heading)
        sheet.write_string(0, left + 1, meaning_header, heading)
        for row, choice in enumerate(column.choices, start=1):
            sheet.write_string(row, left, choice.value, as_text)
            sheet.write_string(row, left + 1, choice.meaning)
        cells = xl_range_abs(1, left, len(column.choices), left)
        places[column.field.key] = f"='{sheet.get_name()}'!{cells}"
    sheet.freeze_panes(1, 0)
    return places


def _width(column: Column, part: str) -> int:
    limits = settings().template
    longest = max(display_width(getattr(choice, part)) for choice in column.choices)
    return min(max(longest + 3, limits.narrowest), limits.widest)
