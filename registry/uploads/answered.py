"""The answers about sameness that are remembered: who gave them, and which of them stand.

What is remembered is in two tables; whose answer it was, the audit knows. An act of answering and
what it left carry one moment; of earlier versions the act is the first of its row after it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from registry.tables.audit import AuditEntry
from registry.tables.upload import MatchDecision, RowsApart
from registry.uploads.take_back import DECIDE

TAKE_BACK: Final = "upload_take_back"
"""The act of taking an answer back."""

STANDS: Final = "stands"
TAKEN_BACK: Final = "taken_back"
REPLACED: Final = "replaced"
"""A later answer has said otherwise."""


@dataclass(frozen=True)
class Act:
    """An entry of the audit about a row of an upload."""

    seq: int
    at: datetime
    by: str
    upload_id: int
    detail: Mapping[str, Any]

    @property
    def sheet(self) -> str:
        """The sheet of the row."""
        return str(self.detail["sheet"])

    @property
    def row(self) -> int:
        """The number of the row."""
        return int(self.detail["row"])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Which rows it told apart, as `rows_apart` has them."""
        return [(one, other) for one, other in self.detail.get("apart", ())]

    @property
    def said_anything(self) -> bool:
        """Whether it told of more than this upload; of earlier versions that is not recorded."""
        said = self.detail.get("facilities", True) or self.pairs
        return bool(self.detail.get("key") and said)


@dataclass
class Remembered:
    """What is remembered still of one act."""

    facilities: list[MatchDecision] = field(default_factory=list)
    apart: list[RowsApart] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.facilities or self.apart)


@dataclass(frozen=True)
class Answered:
    """An act of answering, what is remembered of it, and the act that took it back, if one did."""

    act: Act
    remembered: Remembered
    taken_back: Act | None

    @property
    def state(self) -> str:
        """Whether it stands, was taken back or replaced."""
        if self.remembered:
            return STANDS
        return TAKEN_BACK if self.taken_back else REPLACED


def answered(session: Session, upload_id: int | None = None) -> list[Answered]:
    """Return every answer about sameness, of all uploads or of one, the latest first."""
    acts = [one for one in _acts(session, DECIDE) if one.said_anything]
    remembered = _remembered(session, acts)
    back = {number: one for one in _acts(session, TAKE_BACK) for number in one.detail["answers"]}
    return [
        Answered(one, remembered.get(one.seq) or Remembered(), back.get(one.seq))
        for one in reversed(acts)
        if upload_id in (None, one.upload_id)
    ]


def _acts(session: Session, action: str) -> list[Act]:
    query = select(AuditEntry).where(col(AuditEntry.action) == action)
    return [
        Act(one.seq, one.at, one.actor, int(one.subject.partition(":")[2]), json.loads(one.detail))
        for one in session.exec(query.order_by(col(AuditEntry.seq)))
    ]


def _remembered(session: Session, acts: Sequence[Act]) -> Mapping[int, Remembered]:
    """Return what is remembered by the number of the act that left it."""
    by_key: dict[Any, list[Act]] = defaultdict(list)
    for act in acts:
        for key in (act.detail["key"], *act.pairs):
            by_key[key].append(act)
    found: dict[int, Remembered] = defaultdict(Remembered)
    for verdict in session.exec(select(MatchDecision).order_by(col(MatchDecision.id))):
        own = by_key.get(verdict.row_key, ())
        for act in _first_since(own, verdict.decided_at):
            found[act.seq].facilities.append(verdict)
    for pair in session.exec(select(RowsApart).order_by(col(RowsApart.id))):
        own = by_key.get((pair.row_digest, pair.other_digest), ())
        for act in _first_since(own, pair.decided_at):
            found[act.seq].apart.append(pair)
    return found


def _first_since(acts: Sequence[Act], moment: datetime) -> Sequence[Act]:
    """Return the first act at a moment or after it, none when there is none."""
    at = bisect_left(acts, moment, key=lambda one: one.at)
    return acts[at : at + 1]
