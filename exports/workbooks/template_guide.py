"""The sheet of instructions: how to fill in, how to send back, and a table of the columns."""

from __future__ import annotations

from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from codes.facility_types import FacilityType
from codes.messages import text
from exports.workbooks.columns import Column, form_expected, note_of, requirement_label
from exports.workbooks.looks import EDGE, TEXT, Looks
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width

_STEPS: Final = ("rows", "must", "empty", "code", "example", "division", "send", "return")
_TABLE: Final[tuple[tuple[str, int], ...]] = (
    ("header", 22),
    ("requirement", 9),
    ("form", 46),
    ("unit", 10),
    ("example", 26),
    ("note", 52),
)
"""Columns of the table and their widths in characters."""

_LINE_HEIGHT: Final = 16


def write_guide(
    workbook: Workbook,
    sheet: Worksheet,
    columns: tuple[Column, ...],
    facility_type: FacilityType,
    lang: str,
) -> None:
    """Write title, numbered steps and the table of columns."""
    looks = Looks(workbook)
    for position, (_, width) in enumerate(_TABLE):
        sheet.set_column(position, position, width)
    row = _write_title(sheet, looks, facility_type, lang)
    row = _write_steps(sheet, looks, row, lang)
    _write_table(sheet, looks, row + 1, columns, lang)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write_title(sheet: Worksheet, looks: Looks, facility_type: FacilityType, lang: str) -> int:
    name = facility_type.name_en if lang == "en" else facility_type.name_zh
    title = text("workbook.template.title", lang=lang, type=name)
    colour = f"#{settings().colours.title}"
    sheet.write_string(0, 0, title, looks.get(bold=True, font_size=16, font_color=colour))
    sheet.set_row(0, 28)
    about = text("workbook.template.about", lang=lang, code=facility_type.code)
    sheet.write_string(1, 0, about, looks.get(font_size=10, font_color="#595959"))
    return 3


def _write_steps(sheet: Worksheet, looks: Looks, row: int, lang: str) -> int:
    plain, last = looks.get(text_wrap=True), len(_TABLE) - 1
    across = sum(width for _, width in _TABLE)
    for number, step in enumerate(_STEPS, start=1):
        sentence = f"{number}. " + text(f"workbook.step.{step}", lang=lang)
        sheet.merge_range(row, 0, row, last, sentence, plain)
        sheet.set_row(row, _LINE_HEIGHT * (1 + display_width(sentence) // across) + 2)
        row += 1
    return row


def _write_table(
    sheet: Worksheet,
    looks: Looks,
    row: int,
    columns: tuple[Column, ...],
    lang: str,
) -> None:
    heading = looks.get(settings().colours.may, bold=True)
    for position, (name, _) in enumerate(_TABLE):
        sheet.write_string(row, position, text(f"workbook.guide.{name}", lang=lang), heading)
    colours = {
        level: looks.get(getattr(settings().colours, level), text_wrap=True)
        for level in ("must", "should", "may")
    }
    plain = looks.get(border=1, border_color=EDGE, num_format=TEXT, text_wrap=True)
    for number, column in enumerate(columns, start=row + 1):
        cells = _cells(column, lang)
        for position, value in enumerate(cells):
            coloured = position <= 1
            look = colours[column.field.requirement] if coloured else plain
            sheet.write_string(number, position, value, look)
        sheet.set_row(number, _LINE_HEIGHT * _lines(cells) + 2)


def _cells(column: Column, lang: str) -> tuple[str, ...]:
    field = column.field
    note = note_of(field, lang)
    if field.private and not note:  # the description of such a field says so itself
        note = text("workbook.note.private", lang=lang)
    return (
        column.header,
        requirement_label(field, lang),
        form_expected(column, lang),
        column.unit,
        str(field.example or ""),
        note,
    )


def _lines(cells: tuple[str, ...]) -> int:
    widths = (width for _, width in _TABLE)
    pairs = zip(cells, widths, strict=True)
    return max(1 + (display_width(cell) + 1) // width for cell, width in pairs)
