"""The rows of a large file that go back: those that are rejected or held, as they were judged.

A large file is counted, not kept; its report has the first rows that fail, each with everything
that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from registry.bulk.report import LargeReport
from registry.uploads.findings import CheckReport, Finding
from registry.uploads.source import SourceRow, SourceSheet

STOPPING: Final = {"must": "rejected", "held": "held"}


def failing_rows(report: LargeReport) -> CheckReport:
    """Return the report with those rows, their findings and outcomes; its totals stay as counted.

    Findings on other rows stay where they are: the first of each cause.
    """
    sheets = tuple(_with_rows(one, report) for one in report.source.sheets)
    told = {(row.sheet, row.number) for row in report.failing}
    findings = [one for row in report.failing for one in row.findings]
    others = [one for one in report.findings if (one.sheet, one.row) not in told]
    source = replace(report.source, sheets=sheets)
    outcomes = {(one.sheet, one.number): _outcome(one.findings) for one in report.failing}
    return replace(report, source=source, findings=(*findings, *others), row_outcomes=outcomes)


def _with_rows(sheet: SourceSheet, report: LargeReport) -> SourceSheet:
    width = len(sheet.headers)
    own = (one for one in report.failing if one.sheet == sheet.name)
    rows = tuple(SourceRow(one.number, _padded(one.cells, width)) for one in own)
    return replace(sheet, rows=rows)


def _outcome(findings: Sequence[Finding]) -> str:
    severities = {one.severity for one in findings}
    return next(word for severity, word in STOPPING.items() if severity in severities)


def _padded(record: Sequence[object], width: int) -> tuple[object, ...]:
    return (*record[:width], *("",) * (width - len(record)))
