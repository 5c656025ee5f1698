"""Rows that SQL decided, in groups of the same findings: few groups, however many rows.

What a group's rows come to (conditions of its type, the first of each chain) is worked out here,
once a group.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from registry.bulk.cells_query import WORD, absence_keys
from registry.bulk.conditions import Cause, Condition, counted, set_bits
from registry.bulk.engine import Connection
from registry.bulk.places import PLACED
from registry.bulk.plan import Plan, type_numbers
from registry.bulk.scan import Scanned

BATCH: Final = 10_000

Group = tuple[Cause | None, list[Cause], int, Sequence[int]]
"""What placing found, what the conditions found, how many rows have both, the first few places."""


class Tier(Protocol):
    """Rows of one view, which keep what was found in words of their own."""

    def groups(self, connection: Connection, among: str, most: int) -> Iterator[Group]:
        """Yield the groups of the rows `among` (a WHERE on `k`), `most` places of each."""


@dataclass(frozen=True)
class _Alike:
    """Rows of one type that are alike in all that was found."""

    type_code: str
    has_code: bool
    placed: Cause | None
    count: int
    places: Sequence[int]
    bits: Sequence[int]

    def group(self, held: Sequence[Condition]) -> Group:
        """Return the group, given which conditions hold."""
        found = counted(held, self.type_code, has_code=self.has_code)
        return self.placed, [one.cause for one in found], self.count, self.places


@dataclass(frozen=True)
class SureTier:
    """Rows of which only the empty cells are known, which is all that is wrong with them."""

    plan: Plan
    view: str = "sure_rows"

    def groups(self, connection: Connection, among: str, most: int) -> Iterator[Group]:
        """Yield the groups of the rows."""
        words = [f"e{at}" for at in range(-(-len(self._keys) // WORD))]
        for one in _grouped(connection, self.view, words, among, most):
            absent = {
                self._keys[WORD * at + bit]
                for at, word in enumerate(one.bits)
                for bit in set_bits(word)
            }
            yield one.group(self.plan.mask.without(absent))

    @cached_property
    def _keys(self) -> list[str]:
        return absence_keys(self.plan)


@dataclass(frozen=True)
class JudgedTier:
    """Rows of which every condition is known."""

    plan: Plan
    view: str = "judged_rows"

    def groups(self, connection: Connection, among: str, most: int) -> Iterator[Group]:
        """Yield the groups of the rows."""
        words = [f"r{at}" for at in range(len(self.plan.mask.words))]
        for one in _grouped(connection, self.view, words, among, most):
            yield one.group(self.plan.mask.held(one.bits))


def tiers(scanned: Scanned) -> list[Tier]:
    """Return the tiers of a scan."""
    sure: list[Tier] = [SureTier(scanned.first)] if scanned.first else []
    return [*sure, JudgedTier(scanned.second)]


def _grouped(
    connection: Connection, view: str, words: Sequence[str], among: str, most: int
) -> Iterator[_Alike]:
    listed = "".join(f", k.{word}" for word in words)
    cursor = connection.execute(
        f"SELECT k.type_no, k.has_code, p.rule, p.severity, count(*), min(k.place, {most}){listed} "
        f"FROM {view} AS k LEFT JOIN p ON {PLACED} {among} GROUP BY ALL"
    )
    codes = {number: code for code, number in type_numbers().items()}
    while rows := cursor.fetchmany(BATCH):
        for number, has_code, rule, severity, count, places, *bits in rows:
            placed = (rule, severity, "division") if rule else None
            yield _Alike(codes[number], has_code, placed, count, places, bits)
