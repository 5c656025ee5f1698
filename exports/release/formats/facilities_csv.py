"""The facilities as one CSV that a spreadsheet opens as it is: UTF-8 with BOM, Chinese headers."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Final

from exports.release.allow_list import PublicTable
from exports.release.formats.cells import sheet_cell

FACILITIES_CSV: Final = "facilities.csv"


def write_facilities_csv(path: Path, db: sqlite3.Connection, table: PublicTable) -> None:
    """Write every facility in code order; after each code column stands the name it means."""
    headers: list[str] = []
    chosen: list[str] = []
    joins: list[str] = []
    for column in table.columns.values():
        headers.append(column.title_zh)
        chosen.append(sheet_cell(column, "facility."))
        if column.points_to:
            label = "full_name" if column.points_to == "division" else "name_zh"
            headers.append(f"{column.title_zh}名称")
            chosen.append(f'"{column.name}"."{label}"')
            joins.append(
                f'LEFT JOIN "{column.points_to}" AS "{column.name}"'
                f' ON "{column.name}".code = facility."{column.name}"'
            )
    sql = f"SELECT {', '.join(chosen)} FROM facility {' '.join(joins)} ORDER BY facility.code"  # noqa: S608
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headers)
        writer.writerows(db.execute(sql))
