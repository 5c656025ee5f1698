"""Conditions on one normalised row, each a bit of a mask, and the types for which each counts.

The order of an element's conditions is the order in which the exact check looks at them; of those
that make one chain only the first that holds is reported, as there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from sqlglot import exp

from registry.bulk.compile.values import FALSE, TRUE, literal

WORD: Final = 62
"""Bits of one word of the mask: a signed 64-bit integer, two bits to spare."""

BLOCK: Final = 16
"""Conditions that are asked together whether one of them holds."""

Cause = tuple[str, str, str | None]
"""Rule, severity, element: what findings are counted by."""


@dataclass(frozen=True)
class Condition:
    """One condition. `chain` names the conditions of which the first counts; '' is no chain.

    `types` are the types for which it counts; `needs_all` says that it does not count for a row
    that gives a code and is not compared with the registry. `step` is its place in the chain.
    """

    cause: Cause
    holds: exp.Expr
    types: frozenset[str] = frozenset()
    chain: str = ""
    step: tuple[int, int] = (0, 0)
    needs_all: bool = False


@dataclass
class Collected:
    """Conditions met type by type: the same one for several types is kept once."""

    found: dict[tuple[Cause, str, str, bool], tuple[Condition, set[str]]] = field(
        default_factory=dict
    )
    known: dict[int, tuple[Condition, tuple[Cause, str, str, bool]]] = field(default_factory=dict)
    """Conditions by identity; they are kept, so that no other takes the identity of one gone."""

    def add(self, condition: Condition, types: Iterable[str]) -> None:
        """Keep a condition for some types; one that never holds is dropped.

        The same object may be given again for other types, which costs nothing.
        """
        if condition.holds == FALSE:
            return
        if id(condition) not in self.known:
            text = condition.holds.sql("duckdb")
            named = (condition.cause, text, condition.chain, condition.needs_all)
            self.known[id(condition)] = condition, named
        key = self.known[id(condition)][1]
        self.found.setdefault(key, (condition, set()))[1].update(types)

    def conditions(self) -> list[Condition]:
        """Return the conditions with all their types."""
        return [replace(one, types=frozenset(types)) for one, types in self.found.values()]


@dataclass(frozen=True)
class Mask:
    """Conditions laid out in words. A chain stands within one word, in its order."""

    words: tuple[tuple[Condition, ...], ...]

    @cached_property
    def causes(self) -> tuple[tuple[Cause, ...], ...]:
        """The cause of each bit of each word."""
        return tuple(tuple(one.cause for one in word) for word in self.words)

    def raw(self, word: int) -> exp.Expr:
        """Return the word's bits as an integer, before types and chains are looked at."""
        bits = self.words[word]
        always = sum(1 << at for at, one in enumerate(bits) if one.holds == TRUE)
        total: exp.Expr = literal(always)
        seldom: list[tuple[int, Condition]] = []
        for at, one in enumerate(bits):
            if one.holds != TRUE and _is_absence(one.holds):
                total = exp.Add(this=total, expression=_bit(at, one.holds))
            elif one.holds != TRUE:
                seldom.append((at, one))
        for start in range(0, len(seldom), BLOCK):
            total = exp.Add(this=total, expression=_block(seldom[start : start + BLOCK]))
        return exp.cast(exp.paren(total, copy=False), "bigint", copy=False)

    def of_type(self, type_code: str) -> list[int]:
        """Return the bits of each word that count for a type."""
        return [
            sum(1 << at for at, one in enumerate(word) if type_code in one.types)
            for word in self.words
        ]

    def kept_with_code(self, word: int) -> int:
        """Return the bits of a word that count for a row that gives a code."""
        return sum(1 << at for at, one in enumerate(self.words[word]) if not one.needs_all)

    def first_of_chains(self, word: int, bits: exp.Expr) -> exp.Expr:
        """Return the word with only the first bit of each chain."""
        chains: dict[str, int] = {}
        for at, one in enumerate(self.words[word]):
            if one.chain:
                chains[one.chain] = chains.get(one.chain, 0) | 1 << at
        several = [chain for chain in chains.values() if chain.bit_count() > 1]
        if not several:
            return bits
        total = _and(bits, (1 << WORD) - 1 - sum(several))
        for chain in several:
            kept = exp.paren(_and(bits, chain))
            lowest = exp.BitwiseAnd(this=kept, expression=exp.paren(exp.Neg(this=kept.copy())))
            total = exp.BitwiseOr(this=exp.paren(total), expression=exp.paren(lowest))
        return total


def lay_out(conditions: Iterable[Condition]) -> Mask:
    """Put conditions into words, chains together."""
    groups: dict[str, list[Condition]] = {}
    for at, one in enumerate(conditions):
        groups.setdefault(one.chain or f" {at}", []).append(one)
    words: list[list[Condition]] = [[]]
    for group in groups.values():
        group.sort(key=lambda one: one.step)
        if len(words[-1]) + len(group) > WORD:
            words.append([])
        words[-1] += group
    return Mask(tuple(map(tuple, words)))


def set_bits(bits: int) -> Sequence[int]:
    """Return the positions of the bits that are set.

    >>> set_bits(0b1010)
    [1, 3]
    """
    return [at for at in range(bits.bit_length()) if bits >> at & 1]


def _bit(at: int, holds: exp.Expr) -> exp.Expr:
    return exp.case().when(holds.copy(), literal(1 << at)).else_(literal(0))


def _block(conditions: Sequence[tuple[int, Condition]]) -> exp.Expr:
    """The bits of conditions that seldom hold: told apart only for rows where one of them does."""
    total: exp.Expr = literal(0)
    for at, one in conditions:
        total = exp.Add(this=total, expression=_bit(at, one.holds))
    if len(conditions) == 1:
        return exp.paren(total, copy=False)
    # one flat OR, of which a row without anything wrong asks each part once
    held = exp.or_(*(one.holds for _, one in conditions))
    whole = exp.func("coalesce", exp.paren(held, copy=False), exp.true())
    return exp.case().when(whole, exp.paren(total, copy=False)).else_(literal(0))


def _is_absence(holds: exp.Expr) -> bool:
    """Whether a condition says only that a cell is empty, which is as often so as not."""
    return isinstance(holds, exp.Is)


def _and(bits: exp.Expr, mask: int) -> exp.Expr:
    return exp.BitwiseAnd(this=bits.copy(), expression=literal(mask))
