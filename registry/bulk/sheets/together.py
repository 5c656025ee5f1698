"""Put the reports on the sheets of a workbook together into one on the workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from codes.upload_limits import limit
from registry.bulk.opening import Opened
from registry.bulk.report import CountedCause, LargeReport, Shown
from registry.bulk.watching import Progress
from registry.uploads.findings import OUTCOMES, order


def together(report: LargeReport | None, sheet: LargeReport, shown: Shown) -> LargeReport:
    """Return the report on some sheets and one more; the first places of each cause stay."""
    if report is None:
        return sheet
    causes = _causes(report, sheet, shown)
    outcomes = Counter(report.outcomes) + Counter(sheet.outcomes)
    most = limit("failing_rows_kept")
    return replace(
        report,
        source=replace(report.source, sheets=(*report.source.sheets, *sheet.source.sheets)),
        rows=report.rows + sheet.rows,
        findings=tuple(one for cause in causes for one in cause.findings),
        outcomes={name: outcomes[name] for name in OUTCOMES},
        ignored=(*report.ignored, *sheet.ignored),
        causes=causes,
        stopped=(*report.stopped, *sheet.stopped)[:most],
        failing=(*report.failing, *sheet.failing)[:most],
        sheets={**report.sheets, **sheet.sheets},
        exact_rows=report.exact_rows + sheet.exact_rows,
    )


def _causes(report: LargeReport, sheet: LargeReport, shown: Shown) -> tuple[CountedCause, ...]:
    causes = {(one.rule, one.severity, one.element): one for one in report.causes}
    for one in sheet.causes:
        cause = one.rule, one.severity, one.element
        if (before := causes.get(cause)) is None:
            causes[cause] = one
            continue
        most = max(shown.places, len(before.findings), len(one.findings))
        findings = (*before.findings, *one.findings)[:most]
        causes[cause] = replace(before, findings=findings, counted=before.counted + one.counted)
    return tuple(sorted(causes.values(), key=order))


def told_of_all(progress: Progress, tables: Sequence[Opened], number: int) -> Progress:
    """Return what is told how far the check of one table is, and tells how far that of all is."""
    if len(tables) == 1:
        return progress
    lines = [one.made.lines if one.made else 0 for one in tables]
    before, every = sum(lines[:number]), sum(lines)
    return lambda done, _lines: progress(before + done, every)
