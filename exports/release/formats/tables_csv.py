"""Every public table as CSV for programs: UTF-8, the columns' own names, empty for unknown."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Final

from exports.release.allow_list import AllowList, PublicTable
from exports.release.formats.cells import csv_cell

FOLDER: Final = "tables"


def write_tables_csv(directory: Path, db: sqlite3.Connection, listed: AllowList) -> None:
    """Write `tables/<name>.csv` for every table, rows in order of key."""
    (directory / FOLDER).mkdir()
    for table in listed.tables.values():
        _write(directory / file_name(table), db, table)


def file_name(table: PublicTable) -> str:
    """Return the name of a table's file within the release."""
    return f"{FOLDER}/{table.name}.csv"


def _write(path: Path, db: sqlite3.Connection, table: PublicTable) -> None:
    chosen = ", ".join(csv_cell(column) for column in table.columns.values())
    order = ", ".join(f'"{name}"' for name in table.key)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        writer.writerows(db.execute(f'SELECT {chosen} FROM "{table.name}" ORDER BY {order}'))  # noqa: S608
