"""From a file to judged rows: read, map the columns, bring every row into our form, judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.uploads.columns import SheetColumns, check_mapped, map_columns
from registry.uploads.findings import Finding, found
from registry.uploads.judge import judge
from registry.uploads.judged import Context, Judged
from registry.uploads.normalising.sheet import RowReader
from registry.uploads.proposing.plan import Plan, plan_of
from registry.uploads.proposing.registered import Registered
from registry.uploads.read import read_file
from registry.uploads.reading.headers import header_names
from registry.uploads.settings import UploadSettings
from registry.uploads.sheet_type import settings_of
from registry.uploads.source import SourceFile, SourceSheet

if TYPE_CHECKING:
    from registry.plain_sql import Reader

INEXACT: Final = frozenset({"xls", "ods"})
"""Formats whose errors in formulas cannot be told from blank cells."""

SHOWN_RANGES: Final = 5


@dataclass(frozen=True)
class Assessment:
    """A file judged: every row with its plan, what concerns whole sheets, what is missing."""

    source: SourceFile
    context: Context
    rows: Sequence[Judged]
    plans: Sequence[Plan]
    about_sheets: Sequence[Finding]
    ignored: Sequence[tuple[str, str, str, str]]
    missing: Sequence[Registered]


def assess(
    path: str | Path,
    settings: UploadSettings,
    context: Context,
    reader: Reader | None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Assessment:
    """Read and judge a file. `progress` is told (rows done, rows in all).

    Raises what `read_file` raises, and UsageError for a `--map` header that stands nowhere.
    """
    source = read_file(path, settings.mapped)
    check_mapped(source, settings.mapped)
    names = header_names(settings.mapped)
    rows: list[Judged] = []
    about: list[Finding] = []
    ignored: list[tuple[str, str, str, str]] = []
    for sheet in source.sheets:
        columns, findings = map_columns(sheet, names)
        own, typed = settings_of(sheet, columns, settings)
        about += [*about_file(source, sheet), *findings, *typed]
        ignored += [(sheet.name, *one) for one in columns.ignored]
        rows += _rows(sheet, columns, own, source.delimiter)
    total = len(rows)
    verdict = judge(
        rows,
        context,
        reader,
        complete=settings.scope == "complete",
        progress=lambda done: progress(done, total),
    )
    plans = [plan_of(row, context) for row in rows]
    return Assessment(source, context, rows, plans, about, ignored, verdict.missing)


def _rows(
    sheet: SourceSheet, columns: SheetColumns, settings: UploadSettings, delimiter: str | None
) -> Iterable[Judged]:
    widths, reader = dict(sheet.widths), RowReader(columns, settings.given)
    for source in sheet.rows:
        row = reader.read(source)
        judged = Judged(row, columns, findings=list(row.findings))
        if source.number in widths:
            judged.report_width(widths[source.number], sheet.headed, delimiter or ",")
        yield judged


def about_file(source: SourceFile, sheet: SourceSheet) -> Iterable[Finding]:
    """Yield what is said of a sheet as a whole, its header aside."""
    if source.kind in INEXACT:
        yield found("format_inexact", sheet.name, None, kind=f".{source.kind}")
    for row in sheet.repeated:
        yield found("header_row_repeated", sheet.name, row)
    for row in sheet.examples:
        yield found("example_row_skipped", sheet.name, row)
    for rule, row, said in sheet.no_rows:
        yield found(rule, sheet.name, row, value=said)
    if sheet.hidden:
        first = list(map(str, sheet.hidden[:SHOWN_RANGES]))
        yield found("rows_hidden", sheet.name, None, count=len(sheet.hidden), first=first)
    if sheet.merged:
        yield found(
            "cells_merged",
            sheet.name,
            None,
            count=len(sheet.merged),
            ranges=list(sheet.merged[:SHOWN_RANGES]),
        )
