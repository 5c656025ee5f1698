"""The facilities as one CSV that a spreadsheet opens as it is: UTF-8 with BOM, Chinese headers.

A text cell that a spreadsheet would run as a formula is given a leading apostrophe, the usual sign
for "this is text". Codes begin with a letter and so stay text by themselves.
"""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Any, Final

from exports.release.allow_list import PublicTable

FACILITIES_CSV: Final = "facilities.csv"
_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_facilities_csv(path: Path, db: sqlite3.Connection, table: PublicTable) -> None:
    """Write every facility in code order; after each code column stands the name it means."""
    headers: list[str] = []
    chosen: list[str] = []
    joins: list[str] = []
    for column in table.columns.values():
        headers.append(column.title_zh)
        chosen.append(f'facility."{column.name}"')
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
        writer.writerows(map(safe_cell, row) for row in db.execute(sql))


def safe_cell(value: Any) -> Any:
    """Return the value as a spreadsheet may have it.

    >>> safe_cell("=1+1"), safe_cell(-1.5), safe_cell("第一医院")
    ("'=1+1", -1.5, '第一医院')
    """
    if isinstance(value, str) and value.startswith(_STARTS_FORMULA):
        return f"'{value}"
    return value
