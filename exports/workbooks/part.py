"""Write some rows of a workbook as a workbook of their own, every kind of cell as it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import isinf
from pathlib import Path
from typing import Final

from exports.workbooks.cells import error_shown
from exports.workbooks.saving import new_workbook
from registry.uploads.source import BrokenCell, SourceSheet

SHEET: Final = "1"
MOMENT: Final = "yyyy-mm-dd hh:mm:ss.000"


def write_part(path: Path, sheet: SourceSheet, records: Iterable[Sequence[object]]) -> None:
    """Write a header and rows below it, to be checked, not sent. Raises StoreError.

    The sheet has a name of its own: theirs may be one that cannot be written.
    """
    with new_workbook(path, {"constant_memory": True, "in_memory": False}) as book:
        page = book.add_worksheet(SHEET)
        moment = book.add_format({"num_format": MOMENT})
        for at, header in enumerate(sheet.headers):
            page.write_string(0, at, header)
        for number, record in enumerate(records, start=1):
            for at, cell in enumerate(record):
                if isinstance(cell, BrokenCell):
                    formula = cell.reason == "formula"
                    held = "" if formula else error_shown(cell)
                    page.write_formula(number, at, cell if formula else f"={held}", None, held)
                elif isinstance(cell, datetime):
                    page.write_datetime(number, at, cell, moment)
                # endless is read as no figure, as its text is; what is none becomes #NUM!
                elif isinstance(cell, float) and not isinf(cell):
                    page.write_number(number, at, cell)
                elif cell != "":
                    page.write_string(number, at, str(cell))
