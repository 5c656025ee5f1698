"""Drop-downs for the sender's columns that hold one of a list, in the workbook that goes back."""

from __future__ import annotations

from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from codes.elements import Field, all_fields
from codes.messages import text
from registry.uploads.reading.headers import header_names

LONGEST_LIST: Final = 255
"""Characters a drop-down's own list may have; a longer one stands on a sheet."""


class Choices:
    """Adds drop-downs; long lists go to a hidden sheet, which is skipped when the file comes back.

    They warn and never forbid: a blank and the word that clears stay allowed.
    """

    def __init__(self, workbook: Workbook, lang: str) -> None:
        self._workbook, self._lang = workbook, lang
        self._sheet: Worksheet | None = None
        self._places: dict[str, str] = {}
        self._columns = 0

    def add(self, sheet: Worksheet, headers: dict[int, str], first: int, last: int) -> None:
        """Add them below the headers, given by 0-based column, to 0-based rows first to last."""
        names, fields = header_names(), all_fields()
        for column, header in headers.items():
            field = fields.get(names.key(header) or "")
            if field is None or not field.choices or last < first:
                continue
            rule = {
                "validate": "list",
                "source": self._source(field),
                "error_type": "warning",
                "error_title": text("workbook.choice.title", lang=self._lang),
                "error_message": text("workbook.choice.warning", lang=self._lang),
            }
            sheet.data_validation(first, column, last, column, rule)

    def _source(self, field: Field) -> list[str] | str:
        if len(",".join(field.choices)) <= LONGEST_LIST:
            return list(field.choices)
        if field.key not in self._places:
            self._places[field.key] = self._listed(field)
        return self._places[field.key]

    def _listed(self, field: Field) -> str:
        if self._sheet is None:
            self._sheet = self._workbook.add_worksheet(
                text("workbook.sheet.lists", lang=self._lang)
            )
            self._sheet.hide()
        column, self._columns = self._columns, self._columns + 1
        self._sheet.write_string(
            0, column, field.header_en if self._lang == "en" else field.header_zh
        )
        self._sheet.write_column(1, column, field.choices)
        cells = xl_range_abs(1, column, len(field.choices), column)
        return f"='{self._sheet.get_name()}'!{cells}"
