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
from registry.uploads.source import SourceRow

STOPPING: Final = {"must": "rejected", "held": "held"}


def failing_rows(report: LargeReport) -> CheckReport:
    """Return the report with those rows, their findings and outcomes; its totals stay as counted.

    Findings on other rows stay where they are: the first of each cause.
    """
    sheet = report.source.sheets[0]
    width = len(sheet.headers)
    rows = tuple(SourceRow(one.number, _padded(one.cells, width)) for one in report.failing)
    told = {row.number for row in rows}
    findings = [one for row in report.failing for one in row.findings]
    others = [one for one in report.findings if one.row not in told]
    source = replace(report.source, sheets=(replace(sheet, rows=rows),))
    outcomes = {(sheet.name, one.number): _outcome(one.findings) for one in report.failing}
    return replace(report, source=source, findings=(*findings, *others), row_outcomes=outcomes)


def _outcome(findings: Sequence[Finding]) -> str:
    severities = {one.severity for one in findings}
    return next(word for severity, word in STOPPING.items() if severity in severities)


def _padded(record: Sequence[object], width: int) -> tuple[object, ...]:
    return (*record[:width], *("",) * (width - len(record)))
