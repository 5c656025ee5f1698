"""What is to happen to a judged row: its outcome, the fields to record, and before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from registry.uploads.judged import Context, Judged
from registry.uploads.normalising.row import not_carried

NOT_RECORDED: Final = frozenset({"code"})


@dataclass(frozen=True)
class Plan:
    """`outcome` is one of the five.

    `record` is what goes to the registry, None clears; empty when nothing does. `before` is what
    stands there now, empty for a new facility.
    """

    outcome: str
    record: Mapping[str, Any]
    before: Mapping[str, Any]

    @cached_property
    def changes(self) -> Mapping[str, list[Any]]:
        """What changes, a field with [before, after]; a check alone never asks."""
        before = self.before
        if not before:
            return {key: [None, value] for key, value in self.record.items() if value is not None}
        return {
            key: [before.get(key), value]
            for key, value in self.record.items()
            if before.get(key) != value and not _is_coarser(key, before.get(key), value)
        }


def plan_of(row: Judged, context: Context) -> Plan:
    """Return what is to happen to a row that has been judged."""
    if row.rejected:
        return Plan("rejected", {}, {})
    record = _record(row, context)
    before = row.registered.fields if row.registered else {}
    if "closed_on" in before and "closed_on" not in row.whole:
        record["closed_on"] = None
    if row.held:
        return Plan("held", record, before)
    if row.registered is None:
        return Plan("created", record, before)
    plan = Plan("updated", record, before)
    return plan if plan.changes else replace(plan, outcome="unchanged")


def _record(row: Judged, context: Context) -> dict[str, Any]:
    record = _taken(row)
    if row.registered is None and context.sender and row.type:
        record.setdefault("department", context.sender)
    if row.placement.code and ("division" in record or row.registered is None):
        record["division"] = row.placement.code
    if row.registered and _is_coarser(
        "division", row.registered.fields["division"], record.get("division")
    ):
        del record["division"]
    return record


def _taken(row: Judged) -> dict[str, Any]:
    """What a row says that is to be recorded; nothing is cleared of a new facility."""
    if row.sure:  # it clears nothing, and says nothing that is not to be taken
        return {key: value for key, value in row.row.fields.items() if key not in NOT_RECORDED}
    dropped = {*not_carried(row.row), *NOT_RECORDED, *row.row.troubled}
    record = {key: value for key, value in row.row.fields.items() if key not in dropped}
    if row.registered is None:
        return {key: value for key, value in record.items() if value is not None}
    return record | dict.fromkeys(row.row.cleared - dropped)


def _is_coarser(key: str, before: Any, after: Any) -> bool:
    """A county given for a facility whose township is known says nothing new."""
    return key == "division" and bool(before and after) and str(before).startswith(str(after))
