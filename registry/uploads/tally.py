"""Count what is found in a file while its rows pass, and keep the first places of each cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from codes.upload_limits import limit
from registry.bulk.report import CountedCause
from registry.uploads.findings import OUTCOMES, Finding, order
from registry.uploads.judged import Judged
from registry.uploads.proposing.plan import Plan

Cause = tuple[str, str, str | None]
"""Rule, severity, element."""


@dataclass
class Tally:
    """How many rows came out how, and the totals of the causes with their first findings."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    totals: Counter[Cause] = field(default_factory=Counter)
    first: dict[Cause, list[Finding]] = field(default_factory=dict)

    def count(self, row: Judged, plan: Plan) -> None:
        """Count one more row."""
        self.rows += 1
        self.outcomes[plan.outcome] += 1
        self.found(row.findings)

    def found(self, findings: Iterable[Finding]) -> None:
        """Count findings."""
        most = limit("samples_kept")
        for one in findings:
            cause = one.rule, one.severity, one.element
            self.totals[cause] += 1
            if self.totals[cause] <= most:
                self.first.setdefault(cause, []).append(one)

    def add(self, other: Tally) -> None:
        """Count what was counted of rows that come later."""
        self.rows += other.rows
        self.outcomes.update(other.outcomes)
        self.totals.update(other.totals)
        for cause, findings in other.first.items():
            kept = self.first.setdefault(cause, [])
            kept += findings[: limit("samples_kept") - len(kept)]

    def causes(self) -> tuple[CountedCause, ...]:
        """Return the causes: worst severity first, then the most frequent."""
        counted = (
            CountedCause(*cause, tuple(self.first[cause]), total)
            for cause, total in self.totals.items()
        )
        return tuple(sorted(counted, key=order))

    def five(self) -> dict[str, int]:
        """Return the five outcomes; they add up to the rows."""
        return {name: self.outcomes[name] for name in OUTCOMES}
