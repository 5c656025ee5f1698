"""Check one table of a large file: a text, or a sheet of a workbook."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from registry.bulk.earlier_files import EarlierFiles, leave_out, number_rows
from registry.bulk.earlier_sheets import EarlierSheets
from registry.bulk.engine import Connection, fill
from registry.bulk.exact import Judge
from registry.bulk.opening import Opened
from registry.bulk.places import place
from registry.bulk.plan import Plan, numbered
from registry.bulk.repeats import GIVEN, find_repeats, first_repeats
from registry.bulk.report import FailingRow, LargeReport, Shown
from registry.bulk.reporting import report_of
from registry.bulk.samples import take_samples
from registry.bulk.scanning import Scan, scanned, watched
from registry.bulk.tally import OUTCOMES_OF, Tally
from registry.bulk.tiers import tiers
from registry.bulk.watching import Progress, Work
from registry.uploads.assess import about_file
from registry.uploads.columns import map_columns
from registry.uploads.judged import Context
from registry.uploads.reading.headers import HeaderNames
from registry.uploads.settings import UploadSettings
from registry.uploads.sheet_type import settings_of


@dataclass(frozen=True)
class Asked:
    """How a file is to be checked: what its rows are scanned by, what they are compared with."""

    settings: UploadSettings
    context: Context
    names: HeaderNames
    scan_by: Scan
    others: EarlierFiles | None = None


@dataclass(frozen=True)
class TableCheck:
    """The check of one table: of a text, or of a sheet after `earlier` ones."""

    connection: Connection
    opened: Opened
    asked: Asked
    shown: Shown
    progress: Progress
    earlier: EarlierSheets | None

    def report(self, folder: Path) -> LargeReport:
        """Return what is found in the table; `folder` takes it where it is rewritten."""
        opened, asked = self.opened, self.asked
        context, names = asked.context, asked.names
        columns, about = map_columns(opened.sheet, names)
        settings, typed = settings_of(opened.sheet, columns, asked.settings)
        about = [*about_file(opened.source("", opened.sheet), opened.sheet), *about, *typed]
        if opened.made and not opened.made.lines:
            none = Tally([], columns, context, self.shown)
            source = opened.source(opened.made.sha256, opened.sheet)
            return report_of(none, source, about, opened.made, ())
        plan = Plan(columns, settings.given, context, names)
        scan_by = watched(asked.scan_by, self.progress)
        file, found = scanned(self.connection, opened, plan, folder, settings, scan_by)
        judge = Judge(file, opened.sheet, columns, settings, context, names, opened.delimiter)
        tally = Tally(tiers(found), columns, context, self.shown)
        self._count(tally, judge, found.second)
        self._compare(tally, judge, found.second)
        failing = self._take_samples(tally, judge)
        opened.refuse_changed()
        return report_of(tally, opened.source(file.sha256, opened.sheet), about, file, failing)

    def _count(self, tally: Tally, judge: Judge, plan: Plan) -> None:
        """Count the rows, one by one those that SQL leaves open."""
        connection, work = self.connection, Work(self.progress, judge.file.lines)
        place(connection, tally.context, plan)
        tally.count_decided(connection)
        fill(connection, "given", GIVEN, [])
        fill(connection, "exact_outcomes", OUTCOMES_OF, [])
        query = "SELECT DISTINCT place FROM exact_rows ORDER BY place"
        exact = connection.execute(query).fetchnumpy()
        places = array("q", np.asarray(exact["place"], dtype=np.int64).tobytes())
        work.part("exact", 0)
        judged = 0
        for batch in judge.rows(places):
            tally.add_exact(connection, batch)
            judged += len(batch.judged)
            work.part("exact", judged / len(places))

    def _compare(self, tally: Tally, judge: Judge, plan: Plan) -> None:
        """Find the rows that are in the file, or in another one, already."""
        connection, earlier, others = self.connection, self.earlier, self.asked.others
        if earlier:
            earlier.give(connection)
        alone = not earlier and not others
        find_repeats(connection, numbered(plan), alone=alone, earlier=earlier is not None)
        tally.count_repeats(connection)
        if others:
            leave_out(connection, tally.tiers)
            number_rows(connection, judge.file, judge.sheet.name)
            others.compare(connection)
            tally.count_in_others(others.counted(connection))

    def _take_samples(self, tally: Tally, judge: Judge) -> tuple[FailingRow, ...]:
        connection, others = self.connection, self.asked.others
        pairs = first_repeats(connection, tally.shown.places)
        Work(self.progress, judge.file.lines).part("samples", 0)
        back = set(tally.first_stopped() if tally.shown.back else ())
        in_others = others.first(connection, tally.shown.places, back) if others else {}
        failing = take_samples(tally, judge, pairs, back, in_others, self.earlier)
        if self.earlier:
            self.earlier.keep(connection, judge)
        self.progress(judge.file.lines, judge.file.lines)
        return failing
