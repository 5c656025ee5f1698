"""Write the files of a synthetic city as the departments would have sent them."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from codes.elements import all_fields
from codes.errors import StoreError
from codes.system_errors import reason_of
from exports.workbooks.cells import write_cell
from exports.workbooks.looks import Looks
from exports.workbooks.saving import new_workbook
from exports.workbooks.settings import settings
from exports.workbooks.text_size import display_width
from registry.synthetic.files import DepartmentFile, FileSheet


def write_department_file(file: DepartmentFile, folder: Path) -> Path:
    """Write one file into `folder` under its own name and return the path.

    Raises StoreError when it cannot be written.
    """
    path = folder / file.name
    if file.style.kind == "xlsx":
        with new_workbook(path) as workbook:
            for sheet in file.sheets:
                _write_sheet(workbook, sheet)
        return path
    try:
        path.write_bytes(_csv_text(file).encode(file.style.encoding))
    except OSError as error:
        raise StoreError("workbook.unwritable", path=path, detail=reason_of(error)) from error
    return path


def _csv_text(file: DepartmentFile) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=file.style.delimiter.replace(r"\t", "\t"))
    for sheet in file.sheets:
        writer.writerows([title] for title in sheet.titles)
        writer.writerow(sheet.headers)
        writer.writerows(sheet.rows)
    return text.getvalue()


def _write_sheet(workbook: Workbook, sheet: FileSheet) -> None:
    page = workbook.add_worksheet(sheet.name)
    looks = Looks(workbook)
    for number, title in enumerate(sheet.titles):
        look = looks.get(bold=True, font_size=14, align="center")
        page.merge_range(number, 0, number, len(sheet.headers) - 1, title, look)
    header_row = len(sheet.titles)
    for column, (key, header) in enumerate(zip(sheet.keys, sheet.headers, strict=True)):
        page.write_string(header_row, column, header, looks.get(settings().colours.may, bold=True))
        page.set_column(column, column, _width(key, header))
    for number, row in enumerate(sheet.rows, start=header_row + 1):
        for column, value in enumerate(row):
            write_cell(page, number, column, value, looks, None)
    page.freeze_panes(header_row + 1, 1)


def _width(key: str, header: str) -> int:
    """Return a column's width: its header's, or more for what is long in most rows."""
    limits = settings().template
    example: Any = all_fields()[key].example
    shown = "2026-09-30" if isinstance(example, date) else str(example or "")
    wide = limits.widest if key in ("name", "address", "operator_name") else 0
    wanted = max(display_width(header), display_width(shown), wide) + 2
    return min(max(wanted, limits.narrowest), limits.widest)
