"""The codes of an upload's rows, as a table the sender can copy into her own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from codes import facility_code
from codes.errors import StoreError
from codes.messages import language, text
from codes.system_errors import reason_of
from exports.workbooks.saving import new_workbook
from registry.uploads.diff import Diff

COLUMNS: Final = ("sheet", "row", "outcome", "code", "name")
WIDTHS: Final = (14, 8, 10, 22, 40)


def write_codes(found: Diff, directory: Path, lang: str | None = None) -> Path:
    """Write one line a row: where it stands in the file, how it came out, its code and name.

    A row without a facility has no code. Raises StoreError when it cannot be written.
    """
    lang = lang or language()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("report.unwritable", path=directory, detail=reason_of(error)) from error
    path = directory / text("report.codes_name", lang=lang, id=found.summary.id)
    with new_workbook(path) as workbook:
        sheet = workbook.add_worksheet(text("report.codes_sheet", lang=lang))
        sheet.freeze_panes(1, 0)
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text(f"report.codes_column_{name}", lang=lang))
        for number, one in enumerate(found.rows, 1):
            outcome = text(f"report.outcome_{one.outcome}", lang=lang)
            cells = (
                one.sheet,
                one.row,
                outcome,
                facility_code.format(one.code) if one.code else None,
                one.name,
            )
            sheet.write_row(number, 0, cells)
    return path
