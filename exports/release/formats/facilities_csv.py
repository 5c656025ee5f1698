"""The facilities as one CSV that a spreadsheet opens as it is: UTF-8 with BOM, Chinese headers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from exports.release.allow_list import PublicTable
from exports.release.formats.cells import sheet_cell
from exports.release.formats.duck import path_text, read_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FACILITIES_CSV: Final = "facilities.csv"
BOM: Final = "\ufeff"


def write_facilities_csv(db: DuckDBPyConnection, directory: Path, table: PublicTable) -> None:
    """Write every facility in code order; after each code column stands the name it means."""
    chosen: list[str] = []
    joins: list[str] = []
    for column in table.columns.values():
        before = "" if chosen else BOM
        chosen.append(f'{sheet_cell(column, "facility.")} AS "{before}{column.title_zh}"')
        if column.points_to:
            label = "full_name" if column.points_to == "division" else "name_zh"
            chosen.append(f'"{column.name}"."{label}" AS "{column.title_zh}名称"')
            joins.append(
                f'LEFT JOIN {read_table(directory, column.points_to)} AS "{column.name}"'
                f' ON "{column.name}".code = facility."{column.name}"'
            )
    source = f"{read_table(directory, table.name)} AS facility {' '.join(joins)}"
    db.execute(
        f"COPY (SELECT {', '.join(chosen)} FROM {source})"  # noqa: S608
        f" TO {path_text(directory / FACILITIES_CSV)} (FORMAT csv, HEADER, NEW_LINE '\r\n')"
    )
