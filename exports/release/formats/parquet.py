"""Every public table as Parquet, for programs: codes stay text, dates are dates, figures numbers.

DuckDB makes them from the CSV files that stand beside, one thread and fixed options, so that the
same rows give the same bytes. An empty cell is NULL; the apostrophe that keeps a spreadsheet from
running a cell is taken off again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from exports.release.allow_list import AllowList, PublicColumn, PublicTable
from exports.release.formats.cells import is_guarded
from exports.release.formats.tables_csv import file_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER: Final = "parquet"
TYPES: Final = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}
MEMORY: Final = "512MB"
ROW_GROUP: Final = 100_000
CSV_OPTIONS: Final = (
    "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"',"
    " new_line = '\\r\\n', nullstr = '', max_line_size = 16000000"
)


def write_parquet(directory: Path, listed: AllowList) -> None:
    """Write `parquet/<name>.parquet` for every table whose CSV stands in `directory` already."""
    import duckdb

    (directory / FOLDER).mkdir()
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": MEMORY,
        "temp_directory": str(directory / ".duckdb"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=settings) as db:
        for table in listed.tables.values():
            _write(db, directory, table)


def parquet_name(table: PublicTable) -> str:
    """Return the name of a table's Parquet file within the release."""
    return f"{FOLDER}/{table.name}.parquet"


def _write(db: DuckDBPyConnection, directory: Path, table: PublicTable) -> None:
    types = ", ".join(f"'{row.name}': '{TYPES[row.kind]}'" for row in table.columns.values())
    chosen = ", ".join(_exact(row) for row in table.columns.values())
    source = _quoted(directory / file_name(table))
    target = _quoted(directory / parquet_name(table))
    db.execute(
        f"COPY (SELECT {chosen} FROM read_csv({source}, columns = {{{types}}}, {CSV_OPTIONS}))"  # noqa: S608
        f" TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    )


def _exact(column: PublicColumn) -> str:
    name = f'"{column.name}"'
    if not is_guarded(column):
        return name
    return f"CASE WHEN {name}[1] = '''' THEN {name}[2:] ELSE {name} END AS {name}"


def _quoted(path: Path) -> str:
    return "'" + os.fspath(path).replace("'", "''") + "'"
