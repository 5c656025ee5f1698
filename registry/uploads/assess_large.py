"""Judge a large text a few thousand rows at a time: memory stays bounded, verdicts are the same.

The rows are compared with the registry as those of a small file are; what one row has to do with an
earlier one of the file is remembered in a few bytes, or on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from codes.errors import DataError
from registry.bulk.report import LargeReport
from registry.uploads.among import Among
from registry.uploads.check import missing_finding
from registry.uploads.findings import Finding
from registry.uploads.judge import judge
from registry.uploads.judged import Context, Judged
from registry.uploads.large_rows import LargeRows, open_rows
from registry.uploads.proposing.fetching import by_places
from registry.uploads.proposing.missing import Named
from registry.uploads.proposing.parts import parts_of
from registry.uploads.proposing.plan import Plan, plan_of
from registry.uploads.proposing.registered import Registered
from registry.uploads.settings import UploadSettings
from registry.uploads.spool import Spool, spool
from registry.uploads.tally import Tally

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LargeAssessment:
    """A large file judged: its report, its rows on disk, what is about the whole of it."""

    rows: LargeRows
    report: LargeReport
    spool: Spool
    about: tuple[Finding, ...]
    missing: tuple[Registered, ...]


@contextmanager
def assess_large(
    path: Path, settings: UploadSettings, context: Context, session: Session, progress: Progress
) -> Iterator[LargeAssessment]:
    """Read and judge a large text; what is given lasts as long as the block.

    Raises what `registry.uploads.assess.assess` raises.
    """
    with TemporaryDirectory(prefix="fuwuma-") as name, spool(Path(name)) as kept:
        rows = open_rows(path, settings, Path(name))
        tally, missing = _judged(rows, kept, context, session, settings, progress)
        about = rows.about()
        if not tally.rows:
            examples = [one.row for one in about if one.rule == "example_row_skipped"]
            message = "read.rows_examples" if examples else "read.rows_absent"
            at = examples[0] if examples else rows.opened.sheet.header_row
            raise DataError(message, path=path.name, row=at)
        tally.found(about)
        tally.found(map(missing_finding, missing))
        yield LargeAssessment(
            rows, _report(rows, tally, context, missing), kept, tuple(about), tuple(missing)
        )


def _judged(
    rows: LargeRows,
    kept: Spool,
    context: Context,
    session: Session,
    settings: UploadSettings,
    progress: Progress,
) -> tuple[Tally, list[Registered]]:
    """Judge and keep every row; return the counts, and what a complete list lacks."""
    tally, named, among = Tally(), Named(), Among(kept)
    places: set[tuple[str, str]] = set()
    for batch in rows.batches():
        judge(batch, context, session, apart=True)
        among.compare(batch)
        planned = [(row, plan_of(row, context)) for row in batch]
        kept.add(planned)
        _count(tally, planned)
        parts_of.cache_clear()  # names of a million rows, hardly one of which comes again
        if settings.scope == "complete":
            named.take(batch)
            places |= {place for row in batch if (place := _place(row))}
        progress(tally.rows, rows.file.lines)
    if settings.scope != "complete":
        return tally, []
    everywhere = set(product({one for one, _ in places}, {one for _, one in places}))
    return tally, named.missing(by_places(session, everywhere))


def _count(tally: Tally, planned: list[tuple[Judged, Plan]]) -> None:
    for one in planned:
        tally.count(*one)


def _place(row: Judged) -> tuple[str, str] | None:
    if row.type is None or row.county is None or not row.whole.get("name"):
        return None
    return row.type.class_code, row.county


def _report(
    rows: LargeRows, tally: Tally, context: Context, missing: list[Registered]
) -> LargeReport:
    causes = tally.causes()
    return LargeReport(
        rows.source(),
        tally.rows,
        tuple(one for cause in causes for one in cause.findings),
        tally.five(),
        {},
        context.compared,
        tuple(("", *one) for one in rows.columns.ignored),
        tuple(one.code for one in missing),
        causes=causes,
        exact_rows=tally.rows,
    )
