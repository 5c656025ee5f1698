"""What checking found: findings, their causes with exact totals, and the verdict on each row.

A finding holds no sentence, only the rule and its parameters; `registry.uploads.wording` says it
in zh or en. Severities, worst first: must (the row is rejected), held (a question that somebody
has to answer), should (reported, the row proceeds), note (mended, and said).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from codes.private_numbers import identity_hidden
from codes.rules import rules
from registry.uploads.source import SourceFile

SEVERITIES: Final = ("must", "held", "should", "note")
NOT_FILLED_IN: Final = "element_recommended"
"""The rule that says no more than that a cell is blank."""
OUTCOMES: Final = ("created", "updated", "unchanged", "rejected", "held")


@dataclass(frozen=True)
class Finding:
    """One thing found. `row` is None for what concerns the whole sheet.

    `column` is the letter and `header` the header as written in the sender's file; `element` is our
    key of the field. `value` is what the cell showed. `params` fill the rule's sentences.
    """

    rule: str
    severity: str
    sheet: str
    row: int | None
    element: str | None = None
    column: str | None = None
    header: str | None = None
    value: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def found(
    rule: str,
    sheet: str,
    row: int | None,
    element: str | None = None,
    *,
    place: tuple[str | None, str | None] = (None, None),
    value: str | None = None,
    severity: str | None = None,
    **params: Any,
) -> Finding:
    """Make a finding; the severity is the rule's unless the element softens it.

    `place` is (column letter, header as written); of an identity number in `value` only the end is
    kept. Raises KeyError for a rule that is in no book.
    """
    worst = severity or rules()[rule].severity
    value = value and (identity_hidden(value) or value)
    return Finding(rule, worst, sheet, row, element, place[0], place[1], value, params)


@dataclass(frozen=True)
class Cause:
    """All findings of one rule on one element, in the order of the file."""

    rule: str
    severity: str
    element: str | None
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.findings)


@dataclass(frozen=True)
class CheckReport:
    """The result of checking one file.

    `rows` counts the rows that hold something; `outcomes` has the five outcomes and adds up to
    `rows`; `row_outcomes` gives the outcome by (sheet, row). `compared` says whether the rows were
    compared with a registry. `ignored` names the columns that were not read as (sheet, letter,
    header, reason). `missing` lists the codes of registered facilities that a complete list lacks.
    """

    source: SourceFile
    rows: int
    findings: tuple[Finding, ...]
    outcomes: Mapping[str, int]
    row_outcomes: Mapping[tuple[str, int], str]
    compared: bool
    ignored: tuple[tuple[str, str, str, str], ...] = ()
    missing: tuple[str, ...] = ()

    def totals(self) -> tuple[Cause, ...]:
        """Group the findings as `causes_of` does."""
        return causes_of(self.findings)

    def outcomes_of(self, sheet: str) -> Mapping[str, int]:
        """Return the five outcomes of the rows of one sheet."""
        counted = Counter(one for (name, _), one in self.row_outcomes.items() if name == sheet)
        return {name: counted[name] for name in OUTCOMES}

    @property
    def clean(self) -> bool:
        """True when nothing is worse than a note."""
        return all(one.severity == "note" for one in self.findings)


def causes_of(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """Group findings by (rule, element): worst severity first, then the most frequent.

    What is merely not filled in comes after what is wrong.
    """
    groups: dict[tuple[str, str, str | None], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.rule, one.severity, one.element), []).append(one)
    causes = [
        Cause(rule, severity, element, tuple(group))
        for (rule, severity, element), group in groups.items()
    ]
    return tuple(sorted(causes, key=order))


def order(cause: Cause) -> tuple[int, bool, int, int, str, str]:
    """Return what causes are sorted by: severity, wrong before missing, the most frequent.

    Of those as frequent the one met first in the file; in one row, by name: however it is checked,
    a file has one order.
    """
    missing = cause.rule == NOT_FILLED_IN
    first = next((one.row or 0 for one in cause.findings), 0)
    worst = SEVERITIES.index(cause.severity)
    return worst, missing, -cause.total, first, cause.rule, cause.element or ""
