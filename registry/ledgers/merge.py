"""Compare entries with what is recorded: what is new, corrected, or there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.audit import Act
from registry.ledgers.entries import NO, YES, Entry, Key

Record = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A recorded row to be replaced; `before` and `after` hold only the columns that differ."""

    old_id: int
    record: Record
    before: Record
    after: Record


@dataclass
class MergePlan:
    """What recording a batch would do.

    `unmarked` are rows that lose the mark 首选 to another source of the same cell. `records` are
    all rows to write, those of the batch in its order and last.
    """

    table: str
    added: list[Record] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unmarked: list[Change] = field(default_factory=list)
    unchanged: int = 0

    records: list[Record] = field(default_factory=list)

    def write(self, act: Act) -> None:
        """Record it; a replaced row is superseded, never changed."""
        replaced = [*self.changed, *self.unmarked]
        act.supersede(self.table, sorted(one.old_id for one in replaced))
        act.write(self.table, self.records)


def plan_merge(
    table: str, entries: Sequence[Entry], known: Iterable[Mapping[str, Any]]
) -> MergePlan:
    """Return what to do with the entries; `known` are the recorded rows of their years."""
    plan = MergePlan(table)
    if not entries:
        return plan
    columns = entries[0].key_columns
    recorded = {tuple(row[name] for name in columns): row for row in known}
    marked = {entry.cell: entry.key for entry in entries if entry.preferred == YES}
    for entry in entries:
        old = recorded.pop(entry.key, None)
        record = _record(entry, old, marked)
        if old is None:
            plan.added.append(record)
            plan.records.append(record)
        elif change := _change(old, record, entry.value_columns):
            plan.changed.append(change)
            plan.records.append(record)
        else:
            plan.unchanged += 1
    for key, row in recorded.items():
        if row["preferred"] == YES and key[:-1] in marked:
            record = {**row, "preferred": NO}
            plan.unmarked.append(Change(row["id"], record, {"preferred": YES}, {"preferred": NO}))
    plan.records[:0] = [one.record for one in plan.unmarked]
    return plan


def _record(entry: Entry, old: Mapping[str, Any] | None, marked: Mapping[Key, Key]) -> Record:
    values = entry.values
    if values["preferred"] is None and entry.cell in marked:
        values["preferred"] = NO
    fallback = old or entry.defaults
    filled = {
        name: fallback.get(name) if value is None else value for name, value in values.items()
    }
    return {**dict(zip(entry.key_columns, entry.key, strict=True)), **filled}


def _change(old: Mapping[str, Any], record: Record, value_columns: Sequence[str]) -> Change | None:
    differ = [name for name in value_columns if old[name] != record[name]]
    if not differ:
        return None
    before, after = ({name: row[name] for name in differ} for row in (old, record))
    return Change(old["id"], record, before, after)
