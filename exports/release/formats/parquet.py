"""Every public table as Parquet, for programs: codes stay text, dates are dates, figures numbers.

DuckDB makes them from the CSV files that stand beside. An empty cell is NULL; the apostrophe that
keeps a spreadsheet from running a cell is taken off again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from exports.release.allow_list import AllowList, PublicColumn, PublicTable
from exports.release.formats.cells import is_guarded
from exports.release.formats.duck import FOLDER, parquet_name, path_text
from exports.release.formats.tables_csv import file_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TYPES: Final = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}
ROW_GROUP: Final = 100_000
CSV_OPTIONS: Final = (
    "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"',"
    " new_line = '\\r\\n', nullstr = '', max_line_size = 16000000"
)


def write_parquet(db: DuckDBPyConnection, directory: Path, listed: AllowList) -> None:
    """Write `parquet/<name>.parquet` for every table whose CSV stands in `directory` already."""
    (directory / FOLDER).mkdir()
    for table in listed.tables.values():
        _write(db, directory, table)


def _write(db: DuckDBPyConnection, directory: Path, table: PublicTable) -> None:
    types = ", ".join(f"'{row.name}': '{TYPES[row.kind]}'" for row in table.columns.values())
    chosen = ", ".join(_exact(row) for row in table.columns.values())
    source = path_text(directory / file_name(table))
    target = path_text(directory / parquet_name(table.name))
    db.execute(
        f"COPY (SELECT {chosen} FROM read_csv({source}, columns = {{{types}}}, {CSV_OPTIONS}))"  # noqa: S608
        f" TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    )


def _exact(column: PublicColumn) -> str:
    name = f'"{column.name}"'
    if not is_guarded(column):
        return name
    return f"CASE WHEN starts_with({name}, '''') THEN substr({name}, 2) ELSE {name} END AS {name}"
