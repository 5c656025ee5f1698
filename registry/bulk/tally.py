"""Count what was found in a large file, by cause and by outcome, and keep the first of each."""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from codes.rules import rules
from codes.upload_limits import limit
from registry.bulk.conditions import ABSENCE_RULES, Cause
from registry.bulk.engine import Connection, append
from registry.bulk.exact import Batch
from registry.bulk.plan import unread
from registry.bulk.repeats import GIVEN, KeyRow, Repeat, element_of, key_rows
from registry.bulk.report import Shown
from registry.bulk.tiers import Group, Tier, first_places
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import Finding
from registry.uploads.judged import Context
from registry.uploads.proposing.plan import plan_of

REPEATED = "row_repeated"
IN_OTHER_FILE: Final = "row_in_other_file"
MUST, HELD = "must", "held"
ABOUT: Final = -1
"""In the place of a row: a finding about a line that is none."""

OUTCOMES_OF: Final = {"place": "BIGINT", "outcome": "VARCHAR"}
"""The table of the outcomes of rows judged exactly."""

STOPPED: Final = frozenset({"rejected", "held"})


@dataclass
class Tally:
    """What has been counted so far. `first` holds findings with the place of their row."""

    tiers: Sequence[Tier]
    columns: SheetColumns
    context: Context
    shown: Shown
    rows: int = 0
    exact_rows: int = 0
    totals: Counter[Cause] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    first: dict[Cause, list[tuple[int, Finding]]] = field(default_factory=lambda: defaultdict(list))
    filled: Counter[int] = field(default_factory=Counter)
    width: int = 0
    """Columns up to the last in which a line that is no row has anything."""

    stopped: list[int] = field(default_factory=list)
    """Places of rows that are rejected or held, the first of each way of judging."""

    repeated: dict[int, Repeat] = field(default_factory=dict)
    """The first rows that repeat another, by their places."""

    places: dict[Cause, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Of each cause the places of the first rows that SQL counted."""

    sure: dict[int, str] = field(default_factory=dict)
    """Of those that are sure the codes of their types, by their places."""

    _exact_stopped: int = 0

    def count_decided(self, connection: Connection) -> None:
        """Count the rows that SQL decides: few masks are different, so they are grouped first."""
        most = limit("samples_kept")
        for tier in self.tiers:
            stopped = []
            for one in tier.groups(connection, "", most):
                self._count(one)
                if _outcome(one.causes) in STOPPED:
                    stopped.append(one)
            kept = limit("failing_rows_kept")
            self.stopped += first_places(connection, tier, stopped, kept) if stopped else []
        for index in unread(self.columns):
            query = f"SELECT count(*) FROM decided WHERE f{index}"
            self.filled[index] += _number(connection, query)

    def _count(self, group: Group) -> None:
        self.rows += group.count
        for one in group.causes:
            self.totals[one] += group.count
            self.places[one] = sorted({*self.places[one], *group.places})[: self.most(one)]
        if group.sure:
            self.sure |= dict.fromkeys(group.places, group.sure)
        self.outcomes[_outcome(group.causes)] += group.count

    def add_exact(self, connection: Connection, batch: Batch) -> None:
        """Count rows that the exact path judged; what repeats is counted over the whole file."""
        for one in batch.about:
            self.totals[cause_of(one)] += 1
            self.keep(ABOUT, one)
        self.width = max(self.width, batch.width)
        for index, filled in enumerate(batch.filled):
            self.filled[index] += filled
        keys: list[KeyRow] = []
        outcomes: list[tuple[int, str]] = []
        for place, row in batch.judged.items():
            outcomes.append((place, plan_of(row, self.context).outcome))
            keys += key_rows(place, row)
            for one in row.findings:
                self.totals[cause_of(one)] += 1
                self.keep(place, one)
        self._count_exact(outcomes)
        append(connection, "given", GIVEN, keys)
        append(connection, "exact_outcomes", OUTCOMES_OF, outcomes)

    def _count_exact(self, outcomes: Sequence[tuple[int, str]]) -> None:
        self.rows += len(outcomes)
        self.exact_rows += len(outcomes)
        self.outcomes.update(outcome for _, outcome in outcomes)
        stopped = [place for place, outcome in outcomes if outcome in STOPPED]
        # in the order of the file: more than are kept of them are not needed
        kept = stopped[: limit("failing_rows_kept") - self._exact_stopped]
        self._exact_stopped += len(kept)
        self.stopped += kept

    def count_repeats(self, connection: Connection) -> None:
        """Count the rows that repeat others: they are rejected, whatever they were before."""
        counted = connection.execute("SELECT step, count(*) FROM repeats GROUP BY step").fetchall()
        for step, count in counted:
            self.totals[REPEATED, MUST, element_of(step)] += count
        before: Counter[str] = Counter()
        for outcome, count in connection.execute(
            "SELECT outcome, count(*) FROM exact_outcomes SEMI JOIN repeats USING (place) "
            "GROUP BY outcome"
        ).fetchall():
            before[outcome] += count
        among = "WHERE k.place IN (SELECT place FROM repeats)"
        for tier in self.tiers:
            for group in tier.groups(connection, among, 1):
                before[_outcome(group.causes)] += group.count
        self.outcomes.subtract(before)
        self.outcomes["rejected"] += before.total()
        most = limit("failing_rows_kept")
        kept = f"SELECT place, first, step FROM repeats ORDER BY place LIMIT {most}"
        for place, first, step in connection.execute(kept).fetchall():
            self.stopped.append(place)
            self.repeated[place] = Repeat(place, first, element_of(step))

    def count_in_others(self, counted: Sequence[tuple[int, int]]) -> None:
        """Count the rows that another file has, so many by each step; they are as they were."""
        severity = rules()[IN_OTHER_FILE].severity
        for step, count in counted:
            self.totals[IN_OTHER_FILE, severity, element_of(step)] += count

    def wanted(self) -> set[int]:
        """Return the places of the rows to be judged for the words of what SQL counted."""
        return {
            place
            for cause, places in self.places.items()
            for place in places
            if not self.is_blank_cell(cause, place)
        }

    def is_blank_cell(self, cause: Cause, place: int) -> bool:
        """Say whether a cause speaks of no more than a blank cell in a row that is sure."""
        return cause[0] in ABSENCE_RULES and place in self.sure

    def first_stopped(self) -> list[int]:
        """Return the places of the first rows that are rejected or held, in order."""
        return sorted(set(self.stopped))[: limit("failing_rows_kept")]

    def most(self, cause: Cause) -> int:
        """Return how many findings of a cause are kept: blank cells cost nothing to tell."""
        return limit("samples_kept") if cause[0] in ABSENCE_RULES else self.shown.places

    def keep(self, place: int, one: Finding) -> None:
        """Keep a finding while it is among the first of its cause."""
        kept, most = self.first[cause_of(one)], self.most(cause_of(one))
        kept.append((place, one))
        if len(kept) > 2 * most:
            kept.sort(key=lambda pair: pair[0])
            del kept[most:]


def _outcome(causes: Iterable[Cause]) -> str:
    severities = {severity for _, severity, _ in causes}
    return "rejected" if MUST in severities else "held" if HELD in severities else "created"


def cause_of(one: Finding) -> Cause:
    """Return what a finding is counted by."""
    return one.rule, one.severity, one.element


def _number(connection: Connection, query: str) -> int:
    row: Any = connection.execute(query).fetchone()
    return int(row[0])
