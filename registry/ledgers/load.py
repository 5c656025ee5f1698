"""Record a batch in its ledger: all of it or nothing, and the same file again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session

from registry.audit import Act, acting
from registry.ledgers.batch import Batch
from registry.ledgers.entries import Entry, Key, PopulationEntry
from registry.ledgers.jumps import check_jumps, figures_around
from registry.ledgers.known import known_rows, of_years
from registry.ledgers.merge import MergePlan, plan_merge
from registry.ledgers.preferred import Chosen, choose
from registry.ledgers.totals import check_totals
from registry.tables.ledger import Observation, PopulationFigure
from registry.uploads.findings import Finding
from registry.uploads.people import person

E = TypeVar("E", bound=Entry)
TABLES = {
    "population": str(PopulationFigure.__tablename__),
    "observation": str(Observation.__tablename__),
}


@dataclass(frozen=True)
class LoadReport:
    """What recording a batch did or, when nothing was written, would have done.

    `several` are the cells of the batch that have several sources now, with the preferred one.
    `audit_seq` is the number of the act, None when nothing was written.
    """

    batch: Batch[Any]
    findings: tuple[Finding, ...]
    plan: MergePlan
    several: tuple[Chosen, ...]
    audit_seq: int | None

    @property
    def refused(self) -> bool:
        """True when a finding forbids recording any of it."""
        return any(one.severity == "must" for one in self.findings)


def load(session: Session, batch: Batch[E], *, by: str) -> LoadReport:
    """Record a batch in the session's transaction; nothing when a row is wrong.

    Raises UsageError when `by` names nobody.
    """
    table = TABLES[batch.ledger]
    with acting(
        session, actor=person(by), action=f"load_{batch.ledger}", subject=table, detail={}
    ) as act:
        report = _assess(session, batch, act)
        act.detail = _detail(report)
        if report.refused:
            act.abandoned = True
            return report
        report.plan.write(act)
        act.abandon_if_empty()
    return report


def rehearse(session: Session, batch: Batch[E]) -> LoadReport:
    """Say what recording a batch would do; nothing is written."""
    return _assess(session, batch, None)


def _assess(session: Session, batch: Batch[E], act: Act | None) -> LoadReport:
    table = TABLES[batch.ledger]
    years = {entry.key[entry.key_columns.index("year")] for entry in batch.entries}
    known = known_rows(session, table, of_years(table, years)) if years else []
    figures = [one for one in batch.entries if isinstance(one, PopulationEntry)]
    findings = (
        *batch.findings,
        *(check_totals(figures, known) if figures else ()),
        *check_jumps(batch.entries, figures_around(session, batch.entries)),
    )
    plan = plan_merge(table, batch.entries, known)
    writes = bool(plan.records)
    refused = any(one.severity == "must" for one in findings)
    seq = act.seq if act and writes and not refused else None
    return LoadReport(batch, findings, plan, _several(batch.entries, known, plan), seq)


def _several(
    entries: Sequence[Entry], known: Iterable[Mapping[str, Any]], plan: MergePlan
) -> tuple[Chosen, ...]:
    """The cells that will have several sources; new rows count as recorded last, in file order."""
    if not entries:
        return ()
    columns = entries[0].key_columns
    state = {tuple(row[name] for name in columns): (0, row) for row in known}
    for record in plan.records:
        key = tuple(record[name] for name in columns)
        state.pop(key, None)
        state[key] = (1, record)
    cells: dict[Key, list[Mapping[str, Any]]] = defaultdict(list)
    for place, (key, (new, row)) in enumerate(state.items()):
        when = {"recorded_at": (new, "" if new else row["recorded_at"].isoformat()), "id": place}
        cells[key[:-1]].append({**row, **when})
    wanted = dict.fromkeys(entry.cell for entry in entries)
    return tuple(choose(cells[cell]) for cell in wanted if len(cells[cell]) > 1)


def _detail(report: LoadReport) -> dict[str, Any]:
    source, plan = report.batch.source, report.plan
    return {
        "file": source.name if source else None,
        "sha256": source.sha256 if source else None,
        "rows": report.batch.rows,
        "added": len(plan.added),
        "corrected": len(plan.changed),
        "unmarked": len(plan.unmarked),
        "unchanged": plan.unchanged,
    }
