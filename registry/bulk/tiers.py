"""Rows that SQL decided, in groups of the same findings: few groups, however many rows.

What a group's rows come to (conditions of its type, the first of each chain) is worked out here,
once a group.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, Protocol

from registry.bulk.cells_query import absence_keys
from registry.bulk.conditions import WORD, Cause, Condition, counted, set_bits
from registry.bulk.engine import Connection, fill
from registry.bulk.places import PLACED
from registry.bulk.plan import Plan, type_numbers
from registry.bulk.scan import Scanned

BATCH: Final = 10_000


@dataclass(frozen=True)
class Group:
    """Rows that are alike in all that was found: their causes, how many, the first few places.

    `mark` is what tells them apart in their view: type, code given, placing, words.
    """

    causes: list[Cause]
    count: int
    places: Sequence[int]
    mark: tuple[object, ...]


@dataclass(frozen=True)
class _Alike:
    type_no: int
    has_code: bool
    placed: Cause | None
    count: int
    places: Sequence[int]
    bits: Sequence[int]

    def group(self, held: Sequence[Condition]) -> Group:
        """Return the group, given which conditions hold."""
        found = counted(held, _codes()[self.type_no], has_code=self.has_code)
        causes = [*([self.placed] if self.placed else []), *(one.cause for one in found)]
        rule = self.placed[0] if self.placed else None
        return Group(
            causes, self.count, self.places, (self.type_no, self.has_code, rule, *self.bits)
        )


class Tier(Protocol):
    """Rows of one view, which keep what was found in words of their own."""

    @property
    def view(self) -> str:
        """The view."""

    @property
    def words(self) -> Sequence[str]:
        """The columns of its words."""

    def groups(self, connection: Connection, among: str, most: int) -> Iterator[Group]:
        """Yield the groups of the rows `among` (a WHERE on `k`), `most` places of each."""


@dataclass(frozen=True)
class SureTier:
    """Rows of which only the empty cells are known, which is all that is wrong with them."""

    plan: Plan
    view: str = "sure_rows"

    @property
    def words(self) -> Sequence[str]:
        """The columns that say which elements are absent."""
        return [f"e{at}" for at in range(-(-len(self._keys) // WORD))]

    def groups(self, connection: Connection, among: str, most: int) -> Iterator[Group]:
        """Yield the groups of the rows."""
        for one in _grouped(connection, self, among, most):
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

    @property
    def words(self) -> Sequence[str]:
        """The columns of the words of the mask."""
        return [f"r{at}" for at in range(len(self.plan.mask.words))]

    def groups(self, connection: Connection, among: str, most: int) -> Iterator[Group]:
        """Yield the groups of the rows."""
        for one in _grouped(connection, self, among, most):
            yield one.group(self.plan.mask.held(one.bits))


def tiers(scanned: Scanned) -> list[Tier]:
    """Return the tiers of a scan."""
    sure: list[Tier] = [SureTier(scanned.first)] if scanned.first else []
    return [*sure, JudgedTier(scanned.second)]


def first_places(
    connection: Connection, tier: Tier, groups: Sequence[Group], most: int
) -> list[int]:
    """Return the first places of the rows of these groups, in order, `most` of them."""
    kinds = {"type_no": "SMALLINT", "has_code": "BOOLEAN", "rule": "VARCHAR"}
    fill(
        connection,
        "wanted",
        {**kinds, **dict.fromkeys(tier.words, "BIGINT")},
        [one.mark for one in groups],
    )
    alike = "".join(f" AND k.{word} = w.{word}" for word in tier.words)
    found = connection.execute(
        f"SELECT k.place FROM {tier.view} AS k LEFT JOIN p ON {PLACED} "
        "JOIN wanted AS w ON k.type_no = w.type_no AND k.has_code = w.has_code "
        f"AND p.rule IS NOT DISTINCT FROM w.rule{alike} ORDER BY k.place LIMIT {most}"
    )
    return [place for (place,) in found.fetchall()]


def _grouped(connection: Connection, tier: Tier, among: str, most: int) -> Iterator[_Alike]:
    listed = "".join(f", k.{word}" for word in tier.words)
    cursor = connection.execute(
        f"SELECT k.type_no, k.has_code, p.rule, p.severity, count(*), min(k.place, {most}){listed} "
        f"FROM {tier.view} AS k LEFT JOIN p ON {PLACED} {among} GROUP BY ALL"
    )
    while rows := cursor.fetchmany(BATCH):
        for number, has_code, rule, severity, count, places, *bits in rows:
            placed = (rule, severity, "division") if rule else None
            yield _Alike(number, has_code, placed, count, places, bits)


@cache
def _codes() -> dict[int, str]:
    return {number: code for code, number in type_numbers().items()}
