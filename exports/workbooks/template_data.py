"""The sheet to fill in: coloured headers with notes, formats, drop-downs, one worked example."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from codes.elements import FIGURES
from codes.messages import text
from exports.workbooks.columns import Column, form_expected, note_of, requirement_label
from exports.workbooks.example_row import example_values
from exports.workbooks.looks import Looks
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width, shortened

_PROMPT_TITLE_LIMIT: Final = 32
_PROMPT_LIMIT: Final = 255
_NOTE_WIDTH: Final = 300
_NOTE_LINE_HEIGHT: Final = 19
_NOTE_LINE_COLUMNS: Final = 42


def write_data_sheet(
    workbook: Workbook,
    sheet: Worksheet,
    columns: tuple[Column, ...],
    places: dict[str, str],
    lang: str,
) -> None:
    """Write header, example and the rules of every column; `places` says where choices stand."""
    last_row = settings().template.rows
    examples = example_values(columns, lang)
    looks = Looks(workbook)
    missing = workbook.add_format({"bg_color": f"#{settings().colours.must}"})
    for position, column in enumerate(columns):
        plain = looks.get(num_format=column.number_format)
        sheet.set_column(position, position, _width(column, lang), plain)
        sheet.write_string(0, position, column.header, _header_look(looks, column))
        _write_note(sheet, position, column, lang)
        _write_example(
            sheet, position, examples.get(column.field.key), _example_look(looks, column)
        )
        sheet.data_validation(1, position, last_row, position, _validation(column, places, lang))
        if column.field.requirement == "must":
            _mark_missing(sheet, position, len(columns), missing)
    _arrange(sheet, columns, last_row)


def _arrange(sheet: Worksheet, columns: tuple[Column, ...], last_row: int) -> None:
    """Keep header and name in view, let rows be filtered, and print on A3 across."""
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, _name_position(columns) + 1)
    sheet.autofilter(0, 0, last_row, len(columns) - 1)
    sheet.ignore_errors(
        {"number_stored_as_text": f"A1:{xl_col_to_name(len(columns))}{last_row + 1}"}
    )
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.repeat_rows(0)


def _header_look(looks: Looks, column: Column) -> Format:
    colour = getattr(settings().colours, column.field.requirement)
    return looks.get(colour, bold=True, text_wrap=True, valign="vcenter")


def _example_look(looks: Looks, column: Column) -> Format:
    look = {"num_format": column.number_format, "italic": True, "font_color": "#595959"}
    return looks.get(settings().colours.example, **look)


def _write_note(sheet: Worksheet, position: int, column: Column, lang: str) -> None:
    lines = [f"{column.header}({requirement_label(column.field, lang)})"]
    if note := note_of(column.field, lang):
        lines.append(note)
    if column.unit:
        lines.append(text("workbook.note.unit", lang=lang, unit=column.unit))
    lines.append(text("workbook.note.form", lang=lang, form=form_expected(column, lang)))
    if column.field.example:
        lines.append(text("workbook.note.example", lang=lang, example=column.field.example))
    if column.field.private and not note:  # the description of such a field says so itself
        lines.append(text("workbook.note.private", lang=lang))
    height = sum(1 + display_width(line) // _NOTE_LINE_COLUMNS for line in lines)
    options = {"width": _NOTE_WIDTH, "height": (height + 1) * _NOTE_LINE_HEIGHT, "font_size": 10}
    sheet.write_comment(0, position, "\n".join(lines), options)


def _write_example(sheet: Worksheet, position: int, value: object, look: Format) -> None:
    if isinstance(value, date):
        sheet.write_datetime(1, position, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(1, position, value, look)
    else:
        sheet.write_string(1, position, str(value or ""), look)


def _validation(column: Column, places: dict[str, str], lang: str) -> dict[str, Any]:
    """Return the rule of a column; it warns and never forbids, since [清空] is always allowed."""
    form = form_expected(column, lang)
    title = shortened(
        f"{column.header}({requirement_label(column.field, lang)})", _PROMPT_TITLE_LIMIT
    )
    return {
        **_permitted(column, places),
        "input_title": title,
        "input_message": shortened(f"{form}\n{note_of(column.field, lang)}".strip(), _PROMPT_LIMIT),
        "error_title": shortened(column.header, _PROMPT_TITLE_LIMIT),
        "error_message": shortened(
            text("workbook.validation.warning", lang=lang, form=form), _PROMPT_LIMIT
        ),
        "error_type": "warning",
        "show_error": column.field.key != "division",
    }


def _permitted(column: Column, places: dict[str, str]) -> dict[str, Any]:
    if column.choices:
        return {"validate": "list", "source": places[column.field.key]}
    if column.field.kind == "date":
        return {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
    if column.field.kind not in FIGURES:
        return {"validate": "any"}
    least = column.bounds.get("minimum", column.bounds.get("exclusiveMinimum"))
    most = column.bounds.get("maximum")
    if least is not None and most is not None:
        between = {"minimum": least, "maximum": most}
        return {"validate": "decimal", "criteria": "between", **between}
    if most is not None:
        return {"validate": "decimal", "criteria": "<=", "value": most}
    return {"validate": "decimal", "criteria": ">=", "value": least or 0}


def _mark_missing(sheet: Worksheet, position: int, columns: int, look: Format) -> None:
    """Colour an empty cell that must be filled as soon as its row holds anything."""
    letter, last = xl_col_to_name(position), xl_col_to_name(columns - 1)
    rule = f"=AND(COUNTA($A3:${last}3)>0,LEN(${letter}3)=0)"
    sheet.conditional_format(
        2, position, settings().template.rows, position,
        {"type": "formula", "criteria": rule, "format": look},
    )  # fmt: skip


def _name_position(columns: tuple[Column, ...]) -> int:
    keys = [column.field.key for column in columns]
    return keys.index("name") if "name" in keys else 0


def _width(column: Column, lang: str) -> int:
    limits = settings().template
    wanted = max(
        display_width(column.header) + 5,
        display_width(str(column.field.example or "")) + 2,
        display_width(text("workbook.example_mark", lang=lang))
        if column.field.key == "name"
        else 0,
    )
    return min(max(wanted, limits.narrowest), limits.widest)
