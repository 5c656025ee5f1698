"""Check a large text file in DuckDB: totals as the path of small files gives them, to the row.

SQL decides the rows whose cells are plain, and counts what it finds; every other row is judged by
the path of small files itself, as are the first rows of each cause, which get its exact words.
Nothing is compared with the registry, and rows that are merely alike (rule `row_alike`) are not
asked about.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from codes.errors import DataError, StoreError
from codes.upload_limits import limit
from registry.bulk.canonical import CanonicalFile, NotReadableError
from registry.bulk.earlier import EarlierSheets
from registry.bulk.engine import Connection, connect, fill
from registry.bulk.exact import Judge
from registry.bulk.known_cells import known_cells
from registry.bulk.opening import Opened, canonical, refusal, rewrite, said_of
from registry.bulk.places import place
from registry.bulk.plan import Plan, numbered
from registry.bulk.repeats import GIVEN, find_repeats, first_repeats
from registry.bulk.report import FailingRow, LargeReport, Shown
from registry.bulk.reporting import report_of
from registry.bulk.samples import take_samples
from registry.bulk.scan import Scanned, lines_scanned, scan
from registry.bulk.sheets.opening import open_file
from registry.bulk.sheets.together import together, told_of_all
from registry.bulk.tally import OUTCOMES_OF, Tally
from registry.bulk.tiers import tiers
from registry.bulk.types_met import types_met
from registry.bulk.watching import Progress, Work
from registry.collector import collector_paused
from registry.temporary import room_missed, temporary_folder
from registry.uploads.assess import about_file
from registry.uploads.check import context_of
from registry.uploads.columns import map_columns
from registry.uploads.judged import Context
from registry.uploads.reading.headers import HeaderNames, header_names
from registry.uploads.settings import UploadSettings

EXAMPLE: Final = "example_row_skipped"

Scan = Callable[[Connection, CanonicalFile, Plan], Scanned | None]
"""What makes the tables of `registry.bulk.scan`; None when the text is not in the form."""


def check_large(
    path: str | Path,
    settings: UploadSettings | None = None,
    *,
    department_code: str | None = None,
    today: date | None = None,
    progress: Progress = lambda _done, _all: None,
    shown: Shown | None = None,
) -> LargeReport:
    """Return what is found in a delimited text file, rows counted exactly, the first of each shown.

    As many places are told as a JSON report has, unless `shown` says otherwise.
    Raises what `registry.uploads.check.check_file` raises for a file that cannot be read, and
    DataError `bulk.not_text` for a workbook.
    """
    settings = settings or UploadSettings()
    context = context_of(settings, False, department_code, today)
    return checked(Path(path), settings, context, progress, _scan, shown)


def checked(
    path: Path,
    settings: UploadSettings,
    context: Context,
    progress: Progress,
    scan_by: Scan,
    shown: Shown | None = None,
) -> LargeReport:
    """Return what is found in a file whose rows `scan_by` brings into the tables of a scan."""
    names = header_names(settings.mapped)
    shown = shown or Shown(limit("samples_kept"))
    report = None
    with room_missed(), temporary_folder() as folder, collector_paused():
        tables = open_file(path, settings, names, folder)
        earlier = EarlierSheets(folder) if len(tables) > 1 else None
        for number, opened in enumerate(tables):
            told = told_of_all(progress, tables, number)
            check = _Check(opened, settings, context, names, told, scan_by, shown, earlier)
            (own := folder / str(number)).mkdir()
            with _engine(own, path) as connection:
                report = together(report, check.report(connection, own), shown)
            if len(report.failing) == limit("failing_rows_kept"):
                shown = replace(shown, back=False)
    if report is None or not report.rows:
        examples = [one.row for one in report.findings if one.rule == EXAMPLE] if report else []
        message = "read.rows_examples" if examples else "read.rows_absent"
        at = examples[0] if examples else tables[0].sheet.header_row
        raise DataError(message, path=path.name, row=at)
    return report


@dataclass(frozen=True)
class _Check:
    """The check of one table: of a text, or of a sheet after `earlier` ones."""

    opened: Opened
    settings: UploadSettings
    context: Context
    names: HeaderNames
    progress: Progress
    scan_by: Scan
    shown: Shown
    earlier: EarlierSheets | None

    def report(self, connection: Connection, folder: Path) -> LargeReport:
        """Return what is found in the table."""
        opened, settings, context, names = self.opened, self.settings, self.context, self.names
        columns, about = map_columns(opened.sheet, names)
        about = [*about_file(opened.source("", opened.sheet), opened.sheet), *about]
        plan = Plan(columns, settings.given, context, names)
        watched = _watched(self.scan_by, self.progress)
        file, scanned = _scanned(connection, opened, plan, folder, settings, watched)
        judge = Judge(file, opened.sheet, columns, settings, context, names, opened.delimiter)
        tally = Tally(tiers(scanned), columns, context, self.shown)
        failing = _tally(connection, tally, judge, scanned, self.progress, self.earlier)
        return report_of(tally, opened.source(file.sha256, opened.sheet), about, file, failing)


@contextmanager
def _engine(folder: Path, path: Path) -> Iterator[Connection]:
    """Open the database; what DuckDB cannot do (memory, disk) is said in a sentence."""
    try:
        with connect(folder) as connection:
            yield connection
    except duckdb.Error as error:
        detail = str(error).partition("\n")[0]
        raise StoreError("bulk.engine_failed", path=path.name, detail=detail) from error


def _scanned(
    connection: Connection,
    opened: Opened,
    plan: Plan,
    folder: Path,
    settings: UploadSettings,
    scan_by: Scan,
) -> tuple[CanonicalFile, Scanned]:
    """Scan the file as it stands, else rewritten; say what is wrong when neither can be read."""
    try:
        file = canonical(opened, folder)
        if (scanned := scan_by(connection, file, plan)) is not None:
            return file, scanned
        file = rewrite(opened, folder)
        if (scanned := scan_by(connection, file, plan)) is not None:
            return file, scanned
        most = limit("bulk_rows_from")
        raise StoreError("bulk.rewritten_not_read", path=opened.path.name, rows=most)
    except NotReadableError as error:
        raise refusal(opened.path, settings, said_of(error, opened.path)) from error
    except UnicodeDecodeError as error:
        ours = DataError("bulk.encoding_damaged", path=opened.path.name)
        raise refusal(opened.path, settings, ours) from error


def _watched(scan_by: Scan, progress: Progress) -> Scan:
    def scan_told(connection: Connection, file: CanonicalFile, plan: Plan) -> Scanned | None:
        with Work(progress, file.lines).watching(connection):
            return scan_by(connection, file, plan)

    return scan_told


def _scan(connection: Connection, file: CanonicalFile, plan: Plan) -> Scanned | None:
    """Scan in DuckDB; None when the text, as it stands, is not in the form after all."""
    plan = replace(plan, types=types_met(file, plan.columns, plan.given))
    try:
        plan = replace(plan, known=known_cells(connection, file, plan))
        scanned = scan(connection, file, plan)
    except duckdb.Error:
        if file.numbered:
            raise
        return None
    return scanned if file.numbered or lines_scanned(connection) == file.lines else None


def _tally(
    connection: Connection,
    tally: Tally,
    judge: Judge,
    scanned: Scanned,
    progress: Progress,
    earlier: EarlierSheets | None,
) -> tuple[FailingRow, ...]:
    plan = scanned.second
    place(connection, tally.context, plan)
    tally.count_decided(connection)
    fill(connection, "given", GIVEN, [])
    fill(connection, "exact_outcomes", OUTCOMES_OF, [])
    work = Work(progress, judge.file.lines)
    exact = connection.execute("SELECT DISTINCT place FROM exact_rows ORDER BY place").fetchnumpy()
    places = array("q", np.asarray(exact["place"], dtype=np.int64).tobytes())
    work.part("exact", 0)
    judged = 0
    for batch in judge.rows(places):
        tally.add_exact(connection, batch)
        judged += len(batch.judged)
        work.part("exact", judged / len(places))
    if earlier:
        earlier.give(connection)
    find_repeats(connection, numbered(plan), alone=not earlier, earlier=earlier is not None)
    tally.count_repeats(connection)
    pairs = first_repeats(connection, tally.shown.places)
    work.part("samples", 0)
    back = set(tally.first_stopped() if tally.shown.back else ())
    failing = take_samples(tally, judge, pairs, back, earlier)
    if earlier:
        earlier.keep(connection, judge)
    progress(judge.file.lines, judge.file.lines)
    return failing
