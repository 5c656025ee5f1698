"""Figures of a synthetic facility: round a middle value, in bounds, no part above its whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp
from random import Random
from typing import Any

from codes.cross_field_rules import cross_field_rules
from codes.elements import FIGURES, Field, fields_of, schema_of
from registry.synthetic.parameters import Measure, as_number, measures

_ALL = "*"
_OWN_SHARE = 0.4
"""How much of the spread is a figure's own; the rest is the size of the whole facility."""


@dataclass(frozen=True)
class Bounds:
    """What one figure of one type may be and what it usually is."""

    key: str
    whole: bool
    middle: float
    scaled: bool
    least: float
    most: float


def figures(type_code: str, keys: frozenset[str], random: Random) -> dict[str, float | int]:
    """Return a value for each of `keys` that is a figure of the type.

    All figures of a facility grow with one size drawn for it, so that a home with many beds has
    many residents; relations of the book `cross_field_rules` (nursing beds ≤ beds) hold.
    """
    spread = as_number("spread")
    size = exp(random.gauss(0, spread))
    found: dict[str, float | int] = {}
    for one in bounds_of(type_code):
        if one.key in keys:
            own = exp(random.gauss(0, spread * _OWN_SHARE))
            value = one.middle * own * (size if one.scaled else 1)
            found[one.key] = _fitted(one, value)
    for left, right in _relations():
        if left in found and right in found and found[left] > found[right]:
            found[left] = found[right]
    return found


@cache
def schema(type_code: str) -> dict[str, Any]:
    """Return the type's schema, once: it is a copy, and there are hundreds of types."""
    return schema_of(type_code)


@cache
def bounds_of(type_code: str) -> tuple[Bounds, ...]:
    """Return the figures a type can have; coordinates are not figures."""
    properties = schema(type_code)["properties"]
    return tuple(
        _bounds(type_code, field, properties[field.key])
        for field in fields_of(type_code)
        if field.kind in FIGURES and field.key not in ("longitude", "latitude")
    )


def _bounds(type_code: str, field: Field, limits: dict[str, float]) -> Bounds:
    named = _best(type_code, field.key)
    example = float(field.example or 1) * _factor(type_code)
    return Bounds(
        key=field.key,
        whole=field.kind == "integer",
        middle=named.median if named and named.median else example,
        scaled=not (named and named.fixed),
        least=max(limits.get("minimum", 0), limits.get("exclusiveMinimum", 0)),
        most=limits.get("maximum", float("inf")),
    )


def _fitted(one: Bounds, value: float) -> float | int:
    kept = min(max(value, one.least), one.most)
    if one.whole:
        return max(round(kept), 1)
    return max(round(kept, 1), 0.1)


def _factor(type_code: str) -> float:
    row = _best(type_code, _ALL)
    return row.factor if row and row.factor else 1.0


def _best(type_code: str, measure: str) -> Measure | None:
    """Return the row whose `of` fits the type most closely."""
    rows = [row for row in measures() if row.measure == measure and type_code.startswith(row.of)]
    return max(rows, key=lambda row: len(row.of), default=None)


@cache
def _relations() -> tuple[tuple[str, str], ...]:
    """Return (left, right) of every relation between figures, wholes before their parts' parts."""
    pairs = [(row.left, row.right) for row in cross_field_rules().values()]
    # A chain a <= b <= c must settle b first: order pairs by how far the right is from the top.
    return tuple(sorted(pairs, key=lambda pair: _depth(pair[1], pairs)))


def _depth(key: str, pairs: list[tuple[str, str]]) -> int:
    above = [right for left, right in pairs if left == key]
    return 1 + max((_depth(right, pairs) for right in above), default=0)
