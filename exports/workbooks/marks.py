"""What was found, arranged for marking: by row, by cell, and which rows go back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from codes.reserved_names import is_reserved
from registry.uploads.findings import SEVERITIES, CheckReport, Finding
from registry.uploads.source import SourceRow, SourceSheet, column_letter
from registry.uploads.wording import finding_text


@dataclass(frozen=True)
class RowMarks:
    """The findings of one row, worst first, and how the row came out."""

    findings: tuple[Finding, ...]
    outcome: str | None

    def at(self, letter: str) -> tuple[Finding, ...]:
        """Return the findings on the cell in the column `letter`."""
        return tuple(found for found in self.findings if found.column == letter)

    @property
    def stays_out(self) -> bool:
        """True for a rejected or held row."""
        return self.standing in ("must", "held")

    @property
    def standing(self) -> str:
        """Return rejected and held rows as must and held, else the worst severity, else passed."""
        if self.outcome in ("rejected", "held"):
            return "must" if self.outcome == "rejected" else "held"
        return self.findings[0].severity if self.findings else "passed"


def row_marks(report: CheckReport) -> dict[tuple[str, int], RowMarks]:
    """Return the marks by (sheet, row number), for rows that have any finding."""
    placed = [found for found in report.findings if found.row is not None]
    placed.sort(key=_place)
    return {
        place: RowMarks(tuple(sorted(group, key=severity_rank)), report.row_outcomes.get(place))
        for place, group in groupby(placed, key=_place)
    }


def severity_rank(finding: Finding) -> int:
    """Rank by severity, worst (must) first."""
    return SEVERITIES.index(finding.severity)


def sentences(finding: Finding, lang: str) -> tuple[str, str]:
    """Return (what is wrong, how to mend it)."""
    return finding_text(finding, lang)


def without_result_column(sheet: SourceSheet) -> tuple[int, tuple[str, ...]]:
    """Return how many leading columns are our own result column (0 or 1), and the other headers.

    A workbook that went back once and comes again has the column; it is replaced, not doubled.
    """
    skip = 1 if sheet.headers and is_reserved("header", sheet.headers[0]) else 0
    return skip, sheet.headers[skip:]


def letters_of(sheet: SourceSheet) -> list[str]:
    """Return the sender's column letters of the headers that go back, in order."""
    skip, headers = without_result_column(sheet)
    return [column_letter(skip + position) for position in range(len(headers))]


def rows_to_return(
    sheet: SourceSheet, marks: dict[tuple[str, int], RowMarks], everything: bool, limit: int
) -> Sequence[SourceRow]:
    """Return all rows of the sheet, or only those that do not get through, up to `limit`."""
    if everything:
        return sheet.rows
    wanted = []
    for row in sheet.rows:
        found = marks.get((sheet.name, row.number))
        if found and found.stays_out:
            wanted.append(row)
    return wanted[:limit]


def _place(finding: Finding) -> tuple[str, int]:
    return finding.sheet, finding.row or 0
