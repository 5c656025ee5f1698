"""What was found, arranged for marking: by row, by cell, and which rows go back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from codes.messages import language, speaking, text
from codes.rules import rules
from exports.workbooks.settings import settings
from registry.uploads.findings import SEVERITIES, CheckReport, Finding
from registry.uploads.source import SourceRow, SourceSheet
from registry.uploads.wording import said_of, words_of


@dataclass(frozen=True)
class RowMarks:
    """The findings of one row, worst first, and how the row came out."""

    findings: tuple[Finding, ...]
    outcome: str | None

    @property
    def stays_out(self) -> bool:
        """True for a rejected or held row."""
        return self.standing in ("must", "held")

    @property
    def standing(self) -> str:
        """Return rejected and held rows as must and held, else should or passed."""
        if self.outcome in ("rejected", "held"):
            return "must" if self.outcome == "rejected" else "held"
        return self.told[0].severity if self.told else "passed"

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings worth a line in the row: neither notes nor what is merely not filled in."""
        return tuple(
            found
            for found in self.findings
            if found.severity != "note" and found.rule not in settings().returned.causes_only
        )

    @property
    def tidied(self) -> tuple[str, ...]:
        """The headers of the cells that were read in a tidied form, as the sender wrote them."""
        notes = (found.header for found in self.findings if found.severity == "note")
        return tuple(dict.fromkeys(header for header in notes if header))


def row_marks(report: CheckReport) -> dict[tuple[str, int], RowMarks]:
    """Return the marks by (sheet, row number), for every row that was judged or has a finding."""
    outcomes = report.row_outcomes
    placed = [found for found in report.findings if found.row is not None]
    placed.sort(key=_place)
    marks = {place: RowMarks((), outcome) for place, outcome in outcomes.items()}
    for place, group in groupby(placed, key=_place):
        marks[place] = RowMarks(tuple(sorted(group, key=severity_rank)), outcomes.get(place))
    return marks


def severity_rank(finding: Finding) -> int:
    """Rank by severity, worst (must) first."""
    return SEVERITIES.index(finding.severity)


def worst(findings: Iterable[Finding]) -> str:
    """Return the worst severity of some findings."""
    return min(findings, key=severity_rank).severity


def sentences(finding: Finding, lang: str, *, in_workbook: bool = True) -> tuple[str, str]:
    """Return (what is wrong, how to mend it) for somebody who has a report and no command line.

    In the workbook it is said of a cell that comes back empty.
    """
    with speaking(lang):
        words = words_of(finding)
        if in_workbook and finding.row:
            words["emptied"] = text("upload.cell_emptied")
        return said_of(finding, words), remedy_of(finding.rule).format_map(words)


def remedy_of(rule_id: str) -> str:
    """Return a rule's remedy in the language in use, its parameters in braces.

    Where the rule's own is a command, the catalogue has another one for workbook and page.
    """
    try:
        return text(f"workbook.remedy.{rule_id}")
    except KeyError:
        rule = rules()[rule_id]
        return rule.remedy_en if language() == "en" else rule.remedy_zh


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
