"""The codes of an upload's rows, as a table the sender can copy into her own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook

from codes import facility_code
from codes.errors import StoreError
from codes.messages import language, text
from codes.system_errors import reason_of
from exports.workbooks.saving import new_workbook
from exports.workbooks.settings import settings
from registry.uploads.diff import Diff
from registry.uploads.diff_rows import RowDiff

COLUMNS: Final = ("sheet", "row", "outcome", "code", "name")
WIDTHS: Final = (14, 8, 10, 22, 40)

_ROW_BY_ROW: Final[dict[str, Any]] = {"constant_memory": True, "in_memory": False}
"""A batch may have a million rows: none is held once it is written."""


def write_codes(found: Diff, directory: Path, lang: str | None = None) -> Path:
    """Write one line a row: where it stands in the file, how it came out, its code and name.

    A row without a facility has no code. More rows than a sheet takes go on in another. Raises
    StoreError when it cannot be written.
    """
    lang = lang or language()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("report.unwritable", path=directory, detail=reason_of(error)) from error
    path = directory / text("report.codes_name", lang=lang, id=found.summary.id)
    most, rows = settings().codes.rows, iter(found.rows)
    with new_workbook(path, _ROW_BY_ROW) as workbook:
        for number in range(1, max(1, -(-len(found.rows) // most)) + 1):
            _write_sheet(workbook, number, islice(rows, most), lang)
    return path


def _write_sheet(workbook: Workbook, number: int, rows: Iterable[RowDiff], lang: str) -> None:
    name = text("report.codes_sheet", lang=lang)
    sheet = workbook.add_worksheet(name if number == 1 else f"{name} {number}")
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_row(0, 0, [text(f"report.codes_column_{key}", lang=lang) for key in COLUMNS])
    for line, one in enumerate(rows, 1):
        outcome = text(f"report.outcome_{one.outcome}", lang=lang)
        code = facility_code.format(one.code) if one.code else None
        sheet.write_row(line, 0, (one.sheet, one.row, outcome, code, one.name))
