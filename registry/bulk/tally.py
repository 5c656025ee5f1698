"""Count what was found in a large file, by cause and by outcome, and keep the first of each."""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from codes.upload_limits import limit
from registry.bulk.conditions import Cause
from registry.bulk.engine import Connection, fill
from registry.bulk.exact import Batch, Judge
from registry.bulk.plan import unread
from registry.bulk.repeats import KeyRow, Repeat, key_rows
from registry.bulk.tiers import Group, Tier, first_places
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import Finding
from registry.uploads.judged import Context, Judged
from registry.uploads.proposing.plan import plan_of
from registry.uploads.repeated import report_repeated

REPEATED = "row_repeated"
MUST, HELD = "must", "held"
STOPPED: Final = frozenset({"rejected", "held"})


@dataclass
class Tally:
    """What has been counted so far. `first` holds findings with the place of their row."""

    tiers: Sequence[Tier]
    columns: SheetColumns
    context: Context
    rows: int = 0
    exact_rows: int = 0
    totals: Counter[Cause] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    first: dict[Cause, list[tuple[int, Finding]]] = field(default_factory=lambda: defaultdict(list))
    filled: Counter[int] = field(default_factory=Counter)
    keys: list[KeyRow] = field(default_factory=list)
    exact_outcomes: dict[int, str] = field(default_factory=dict)
    about: list[Finding] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    """Places of rows that are rejected or held, the first of those that SQL counted."""

    places: dict[Cause, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Of each cause the places of the first rows that SQL counted."""

    def count_decided(self, connection: Connection) -> None:
        """Count the rows that SQL decides: few masks are different, so they are grouped first."""
        most = limit("samples_kept")
        for tier in self.tiers:
            stopped = []
            for one in tier.groups(connection, "", most):
                self._count(one, most)
                if _outcome(one.causes) in STOPPED:
                    stopped.append(one)
            kept = limit("failing_rows_kept")
            self.stopped += first_places(connection, tier, stopped, kept) if stopped else []
        for index in unread(self.columns):
            query = f"SELECT count(*) FROM decided WHERE f{index}"
            self.filled[index] += _number(connection, query)

    def _count(self, group: Group, most: int) -> None:
        self.rows += group.count
        for one in group.causes:
            self.totals[one] += group.count
            self.places[one] = sorted({*self.places[one], *group.places})[:most]
        self.outcomes[_outcome(group.causes)] += group.count

    def add_exact(self, batch: Batch) -> None:
        """Count rows that the exact path judged; what repeats is counted over the whole file."""
        self.about += batch.about
        for index, filled in enumerate(batch.filled):
            self.filled[index] += filled
        for place, row in batch.judged.items():
            self.rows += 1
            self.exact_rows += 1
            outcome = plan_of(row, self.context).outcome
            self.outcomes[outcome] += 1
            self.exact_outcomes[place] = outcome
            if outcome in STOPPED:
                self.stopped.append(place)
            self.keys += key_rows(place, row)
            for one in row.findings:
                self.totals[cause_of(one)] += 1
                self._keep(place, one)

    def count_repeats(self, connection: Connection, repeats: Sequence[Repeat]) -> None:
        """Count the rows that repeat others: they are rejected, whatever they were before."""
        for one in repeats:
            self.totals[REPEATED, MUST, one.element] += 1
            before = self.exact_outcomes.get(one.place)
            if before is not None:
                self.outcomes[before] -= 1
                self.outcomes["rejected"] += 1
        fill(connection, "repeats", {"place": "BIGINT"}, [(one.place,) for one in repeats])
        among = "WHERE k.place IN (SELECT place FROM repeats)"
        for tier in self.tiers:
            for group in tier.groups(connection, among, 1):
                self.outcomes[_outcome(group.causes)] -= group.count
                self.outcomes["rejected"] += group.count

    def take_samples(self, judge: Judge, repeats: Sequence[Repeat]) -> None:
        """Judge the first rows of each cause exactly, for its words."""
        wanted = {place for places in self.places.values() for place in places}
        pairs = [one for some in _first_repeats(repeats) for one in some]
        both = {one for pair in pairs for one in (pair.place, pair.first)}
        judged: dict[int, Judged] = {}
        for batch in judge.rows(sorted(wanted | both)):
            judged |= batch.judged
        for place in sorted(wanted & judged.keys()):
            for one in judged[place].findings:
                if one.rule != REPEATED and place not in self.exact_outcomes:
                    self._keep(place, one)
        for pair in pairs:
            row = judged[pair.place]
            report_repeated([judged[pair.first], row])
            told = [one for one in row.findings if one.rule == REPEATED]
            for one in told[-1:]:
                self._keep(pair.place, replace(one, element=pair.element))

    def _keep(self, place: int, one: Finding) -> None:
        """Keep a finding while it is among the first of its cause."""
        kept, most = self.first[cause_of(one)], limit("samples_kept")
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


def _first_repeats(repeats: Sequence[Repeat]) -> Iterable[list[Repeat]]:
    by_element: dict[str | None, list[Repeat]] = defaultdict(list)
    for one in repeats:
        if len(by_element[one.element]) < limit("samples_kept"):
            by_element[one.element].append(one)
    return by_element.values()


def _number(connection: Connection, query: str) -> int:
    row: Any = connection.execute(query).fetchone()
    return int(row[0])
