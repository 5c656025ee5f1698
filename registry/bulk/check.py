"""Check a large file in DuckDB: totals as the path of small files gives them, to the row.

A text is one table; of a long workbook each sheet with data is one, written as a text first.
SQL decides the rows whose cells are plain, and counts what it finds; every other row is judged by
the path of small files itself, as are the first rows of each cause, which get its exact words.
Nothing is compared with the registry, and rows that are merely alike (rule `row_alike`) are not
asked about.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from codes.upload_limits import limit
from registry.bulk.earlier_files import EarlierFiles
from registry.bulk.earlier_sheets import EarlierSheets
from registry.bulk.engine import engine
from registry.bulk.report import LargeReport, Shown, without_rows
from registry.bulk.scanning import scan_here
from registry.bulk.sheets.opening import open_file
from registry.bulk.sheets.together import together, told_of_all
from registry.bulk.table_check import Asked, TableCheck
from registry.bulk.watching import Progress
from registry.collector import collector_paused
from registry.temporary import room_missed, temporary_folder
from registry.uploads.check import context_of
from registry.uploads.reading.headers import header_names
from registry.uploads.settings import UploadSettings


def check_large(
    path: str | Path,
    settings: UploadSettings | None = None,
    *,
    department_code: str | None = None,
    today: date | None = None,
    progress: Progress = lambda _done, _all: None,
    shown: Shown | None = None,
    others: EarlierFiles | None = None,
) -> LargeReport:
    """Return what is found in a large file, rows counted exactly, the first of each shown.

    As many places are told as a JSON report has, unless `shown` says otherwise. With `others` the
    rows are compared with those of the files checked before, and remembered.
    Raises what `registry.uploads.check.check_file` raises for a file that cannot be read, and
    DataError `bulk.not_text` for a workbook that is no .xlsx.
    """
    settings = settings or UploadSettings()
    context = context_of(settings, False, department_code, today)
    asked = Asked(settings, context, header_names(settings.mapped), scan_here, others)
    return checked(Path(path), asked, progress, shown)


def checked(
    path: Path, asked: Asked, progress: Progress, shown: Shown | None = None
) -> LargeReport:
    """Return what is found in a file."""
    shown = shown or Shown(limit("samples_kept"))
    report = None
    with room_missed(), temporary_folder() as folder:
        tables = open_file(path, asked.settings, asked.names, folder)
        earlier = EarlierSheets(folder) if len(tables) > 1 else None
        for number, opened in enumerate(tables):
            (own := folder / str(number)).mkdir()
            told = told_of_all(progress, tables, number)
            # table by table: what one leaves in cycles is freed before the next
            with collector_paused(), engine(own, path.name) as connection:
                check = TableCheck(connection, opened, asked, shown, told, earlier)
                report = together(report, check.report(own), shown)
            if len(report.failing) == limit("failing_rows_kept"):
                shown = replace(shown, back=False)
    if report is None or not report.rows:
        about = report.findings if report else ()
        raise without_rows(path, tables[0].sheet.header_row, about)
    return report
