"""Conditions on one normalised row, each a bit of a mask, and the types for which each counts.

The order of an element's conditions is the order in which the exact check looks at them; of those
that make one chain only the first that holds is reported, as there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from sqlglot import exp

from registry.bulk.compile.values import FALSE, TRUE, literal

WORD: Final = 62
"""Bits of one word of the mask: a signed 64-bit integer, two bits to spare."""

Cause = tuple[str, str, str | None]
"""Rule, severity, element: what findings are counted by."""

ALL, ABSENCE = "all", "absence"
ABSENCE_RULES: Final = frozenset({"element_required", "element_recommended"})


@dataclass(frozen=True)
class Condition:
    """One condition. `chain` names the conditions of which the first counts; '' is no chain.

    `types` are the types for which it counts; `needs_all` says that it does not count for a row
    that gives a code and is not compared with the registry. `step` is its place in the chain.
    `ends` says what else it silences of its element: `ALL` where the cell could not be taken,
    `ABSENCE` where it is to be cleared; a condition without a rule only silences.
    """

    cause: Cause
    holds: exp.Expr
    types: frozenset[str] = frozenset()
    chain: str = ""
    step: tuple[int, int] = (0, 0)
    needs_all: bool = False
    ends: str = ""

    @property
    def absent_key(self) -> str | None:
        """The element whose absence is all the condition says, else None."""
        if not isinstance(self.holds, exp.Is):
            return None
        column = self.holds.this
        return column.name if isinstance(column, exp.Column) else None


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
        for at, one in enumerate(bits):
            if one.holds != TRUE:
                # each on its own: most rows judged in full hold one of any dozen, and an OR that
                # asks whether they do asks each of them once more
                total = exp.Add(this=total, expression=_bit(at, one.holds))
        return exp.cast(exp.paren(total, copy=False), "bigint", copy=False)

    def held(self, bits: Sequence[int]) -> list[Condition]:
        """Return the conditions whose bits are set, word for word."""
        return [
            word[at]
            for word, set_in in zip(self.words, bits, strict=True)
            for at in set_bits(set_in)
        ]

    def without(self, absent: AbstractSet[str]) -> list[Condition]:
        """Return the conditions that hold where these elements are absent and nothing is wrong."""
        return [
            one
            for word in self.words
            for one in word
            if one.holds == TRUE or one.absent_key in absent
        ]


def counted(held: Iterable[Condition], type_code: str, *, has_code: bool) -> list[Condition]:
    """Return which of the conditions that hold are counted for a row of a type.

    Of each chain it is the first; what could not be taken or is to be cleared silences others.
    """
    own = [one for one in held if type_code in one.types and not (has_code and one.needs_all)]
    ended = {(one.cause[2], one.ends) for one in own if one.ends}
    first: dict[str, Condition] = {}
    kept = []
    for one in own:
        if not one.ends and _is_silenced(one, ended):
            continue
        if not one.chain:
            kept.append(one)
        elif one.chain not in first or one.step < first[one.chain].step:
            first[one.chain] = one
    return [one for one in (*kept, *first.values()) if one.cause[0]]


def _is_silenced(one: Condition, ended: AbstractSet[tuple[str | None, str]]) -> bool:
    element = one.cause[2]
    absence = one.cause[0] in ABSENCE_RULES
    return (element, ALL) in ended or (absence and (element, ABSENCE) in ended)


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
