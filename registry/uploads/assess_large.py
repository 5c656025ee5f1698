"""Judge a large file a few thousand rows at a time: memory stays bounded, verdicts are the same.

The rows are compared with the registry as those of a small file are; what one row has to do with an
earlier one of the file is remembered in a few bytes, or on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from sqlmodel import Session

from registry.bulk.report import LargeReport, without_rows
from registry.collector import collector_paused
from registry.temporary import room_missed, temporary_folder
from registry.uploads.among import Among
from registry.uploads.check import missing_finding
from registry.uploads.findings import OUTCOMES, Finding
from registry.uploads.judged import Context
from registry.uploads.large_rows import LargeRows, open_rows, source_of
from registry.uploads.other_files import Look, unseen
from registry.uploads.part_processes import judged_parts
from registry.uploads.proposing.apart import Apart
from registry.uploads.proposing.fetching import by_places
from registry.uploads.proposing.missing import Named
from registry.uploads.proposing.registered import Registered
from registry.uploads.settings import UploadSettings
from registry.uploads.spool import Spool, spool
from registry.uploads.standing import last_act
from registry.uploads.sure_lines import find_sure
from registry.uploads.tally import Tally
from registry.uploads.unread import unread_columns
from registry.uploads.watched import Progress, Told


@dataclass(frozen=True)
class LargeAssessment:
    """A large file judged: its report, its rows on disk, what is about the whole of it.

    The registry was at least as the act `seen` left it.
    """

    tables: Sequence[LargeRows]
    report: LargeReport
    spool: Spool
    about: tuple[Finding, ...]
    missing: tuple[Registered, ...]
    seen: int


@contextmanager
def assess_large(
    path: Path,
    settings: UploadSettings,
    context: Context,
    session: Session,
    progress: Progress,
    look: Look = unseen,
) -> Iterator[LargeAssessment]:
    """Read and judge a large file; what is given lasts as long as the block.

    `look` is shown the judged rows, part by part, and may say more of them.

    Raises what `registry.uploads.assess.assess` raises.
    """
    with room_missed(), temporary_folder() as folder, spool(folder) as kept:
        tables = open_rows(path, settings, folder)
        told = Told(progress, sum(one.file.lines for one in tables))
        for rows in tables:
            rows.sure = find_sure(rows, context, folder, told.scanning(rows.file.lines))
        among = Among(kept, kept.numbers, Apart(session), look)
        tally, missing, seen = _judged(tables, kept, among, context, session, told)
        about = tuple(one for rows in tables for one in rows.about())
        if not tally.rows:
            raise without_rows(path, tables[0].opened.sheet.header_row, about)
        tally.found(about)
        tally.found(map(missing_finding, missing))
        report = _report(tables, tally, context, missing)
        yield LargeAssessment(tables, report, kept, about, tuple(missing), seen)


def _judged(
    tables: Sequence[LargeRows],
    kept: Spool,
    among: Among,
    context: Context,
    session: Session,
    told: Told,
) -> tuple[Tally, list[Registered], int]:
    """Judge and keep every row; return the counts, what a complete list lacks, what was seen."""
    tally, named = Tally(), Named()
    complete = tables[0].settings.scope == "complete"
    places: set[tuple[str, str]] = set()
    seen = last_act(session)
    for rows, part in judged_parts(tables, context, session):
        with collector_paused():
            before = [len(row.findings) for row in part.rows]
            among.compare(part.rows)
            part.settle(before)
            kept.add(part.kept, part.findings)
            tally.add(part.tally)
            part.passed.add_to(rows)
            rows.outcomes.update(part.tally.five())
            seen = min(seen, part.seen)
        if complete:
            named.take(part.rows)
            places |= {place for row in part.rows if (place := row.place)}
        told.judged(tally.rows)
    if not complete:
        return tally, [], seen
    everywhere = set(product({one for one, _ in places}, {one for _, one in places}))
    return tally, named.missing(by_places(session, everywhere)), seen


def _report(
    tables: Sequence[LargeRows], tally: Tally, context: Context, missing: list[Registered]
) -> LargeReport:
    causes = tally.causes()
    return LargeReport(
        source_of(tables),
        tally.rows,
        tuple(one for cause in causes for one in cause.findings),
        tally.five(),
        {},
        context.compared,
        tuple((rows.columns.sheet, *one) for rows in tables for one in unread_columns(rows)),
        tuple(one.code for one in missing),
        causes=causes,
        sheets={
            one.columns.sheet: {name: one.outcomes[name] for name in OUTCOMES} for one in tables
        },
        exact_rows=tally.rows,
    )
