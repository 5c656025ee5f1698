"""Which of several sources is preferred, by a rule that is always said.

The one marked 首选; else the one whose kind of source comes first (book `source_kinds`; the
observations' sources have no kind); else the one recorded last, of one file the later row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from codes.messages import text
from codes.source_kinds import NOT_STATED, source_kinds
from registry.ledgers.entries import YES

How = Literal["only", "marked", "kind", "latest"]


@dataclass(frozen=True)
class Chosen:
    """The preferred row, why it is, how many sources there are, and the other sources' rows."""

    row: Mapping[str, Any]
    how: How
    sources: int
    others: tuple[Mapping[str, Any], ...] = ()

    @property
    def how_shown(self) -> str:
        """Why it is preferred, in the language in use."""
        return how_shown(self.how, self.sources)


def choose(rows: Sequence[Mapping[str, Any]]) -> Chosen:
    """Return the preferred one of the rows of one cell, one or more, each of another source."""
    first, *others = sorted(rows, key=_order, reverse=True)
    if not others:
        return Chosen(first, "only", 1)
    how: How = "latest"
    if first["preferred"] == YES:
        how = "marked"
    elif all(_rank(first) < _rank(other) for other in others):
        how = "kind"
    return Chosen(first, how, len(rows), tuple(others))


def how_shown(how: How, sources: int) -> str:
    """Say why one of so many sources is preferred, in the language in use."""
    return text(f"ledger.chosen_{how}", sources=sources)


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["preferred"] == YES, -_rank(row), row["recorded_at"], row["id"])


def _rank(row: Mapping[str, Any]) -> int:
    kinds = source_kinds()
    return kinds.get(row.get("source_kind", NOT_STATED), kinds[NOT_STATED]).rank
