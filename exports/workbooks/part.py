"""Write some rows of a workbook as a workbook of their own, every kind of cell as it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import xlsxwriter

from registry.uploads.source import BrokenCell, SourceSheet

MOMENT: Final = "yyyy-mm-dd hh:mm:ss.000"


def write_part(path: Path, sheet: SourceSheet, records: Iterable[Sequence[object]]) -> None:
    """Write a header and rows below it, on a sheet called as theirs; to be checked, not sent."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet.name)
        moment = book.add_format({"num_format": MOMENT})
        for at, header in enumerate(sheet.headers):
            page.write_string(0, at, header)
        for number, record in enumerate(records, start=1):
            for at, cell in enumerate(record):
                if isinstance(cell, BrokenCell):
                    formula = cell.reason == "formula"
                    page.write_formula(
                        number, at, cell if formula else "=NA()", None, "" if formula else cell
                    )
                elif isinstance(cell, datetime):
                    page.write_datetime(number, at, cell, moment)
                elif isinstance(cell, float):
                    page.write_number(number, at, cell)
                elif cell != "":
                    page.write_string(number, at, str(cell))
