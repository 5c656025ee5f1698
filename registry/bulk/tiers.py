"""Rows that SQL decided, in groups of the same findings: few groups, however many rows.

What a group's rows come to (conditions of its type, the first of each chain) is worked out here,
once a group.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Final, Protocol

from codes.rules import rules
from registry.bulk.cells_query import absence_keys
from registry.bulk.compile.values import TRUE
from registry.bulk.conditions import ABSENCE, WORD, Cause, Condition, counted, set_bits
from registry.bulk.engine import Connection, fill
from registry.bulk.places import BY_POINT, PLACED, RULE
from registry.bulk.plan import Plan, type_numbers
from registry.bulk.points import SAID
from registry.bulk.scan import Scanned

BATCH: Final = 10_000

_SAID: Final = "LEFT JOIN s ON k.place = s.place"
_BITS: Final = "coalesce(s.said, 0)"


@dataclass(frozen=True)
class Group:
    """Rows that are alike in all that was found: their causes, how many, the first few places.

    `mark` is what tells them apart in their view: type, code given, placing, what is said of where
    they stand, words. `sure` is the code of their type where nothing was found in any filled cell.
    """

    causes: list[Cause]
    count: int
    places: Sequence[int]
    mark: tuple[object, ...]
    sure: str | None = None

    @property
    def rejected(self) -> bool:
        """Whether anything found rejects the rows."""
        return any(severity == "must" for _, severity, _ in self.causes)


@dataclass(frozen=True)
class _Alike:
    type_no: int
    has_code: bool
    rule: str | None
    said: int
    count: int
    places: Sequence[int]
    bits: Sequence[int]

    def group(self, held: Sequence[Condition]) -> Group:
        """Return the group, given which conditions hold."""
        every = [*_of_place(self.rule, self.said), *held]
        found = counted(every, _codes()[self.type_no], has_code=self.has_code)
        mark = (self.type_no, self.has_code, self.rule, self.said, *self.bits)
        return Group([one.cause for one in found], self.count, self.places, mark)


@cache
def _of_place(rule: str | None, said: int) -> tuple[Condition, ...]:
    """What is said of where rows stand, as conditions that hold."""
    found = [SAID[bit] for bit in SAID if said & bit]
    if rule:
        found.append((rule, "division"))
    every = frozenset(type_numbers())
    told = [Condition((one, rules()[one].severity, key), TRUE, every) for one, key in found]
    if rule in BY_POINT:  # a division is asked for, in other words than that it is absent
        told.append(Condition(("", "", "division"), TRUE, every, ends=ABSENCE))
    return tuple(told)


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
            group = one.group(self.plan.mask.without(absent))
            yield replace(group, sure=_codes()[one.type_no])

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
    rows = rows_of(connection, tier, groups)
    found = connection.execute(f"{rows} ORDER BY k.place LIMIT {most}")
    return [place for (place,) in found.fetchall()]


def rows_of(connection: Connection, tier: Tier, groups: Sequence[Group]) -> str:
    """Return the query of the places of the rows of these groups, which holds until the next."""
    kinds = {"type_no": "SMALLINT", "has_code": "BOOLEAN", "rule": "VARCHAR", "said": "TINYINT"}
    fill(
        connection,
        "wanted",
        {**kinds, **dict.fromkeys(tier.words, "BIGINT")},
        [one.mark for one in groups],
    )
    alike = "".join(f" AND k.{word} = w.{word}" for word in tier.words)
    return (
        f"SELECT k.place FROM {tier.view} AS k {PLACED} {_SAID} "
        "JOIN wanted AS w ON k.type_no = w.type_no AND k.has_code = w.has_code "
        f"AND {RULE} IS NOT DISTINCT FROM w.rule AND {_BITS} = w.said{alike}"
    )


def _grouped(connection: Connection, tier: Tier, among: str, most: int) -> Iterator[_Alike]:
    listed = "".join(f", k.{word}" for word in tier.words)
    cursor = connection.execute(
        f"SELECT k.type_no, k.has_code, {RULE}, {_BITS}, count(*), min(k.place, {most}){listed} "
        f"FROM {tier.view} AS k {PLACED} {_SAID} {among} GROUP BY ALL"
    )
    while rows := cursor.fetchmany(BATCH):
        for number, has_code, rule, said, count, places, *bits in rows:
            yield _Alike(number, has_code, rule, said, count, places, bits)


@cache
def _codes() -> dict[int, str]:
    return {number: code for code, number in type_numbers().items()}
