"""Check digits in SQL: the facility code and the unified social credit code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sqlglot import exp

from codes.code_layout import CHECK, CLASS, COUNTY, SERIAL, Layout, load_layout
from registry.bulk.compile.values import all_of, literal, matches

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
"""GB 32100-2015: weights of the 17 characters; the check character counts once."""

USCC_DIGITS: Final = 8
"""So many characters at its beginning are digits."""

_LOOK_AHEAD: Final = "(?!0000)"


def facility_code_valid(code: exp.Expr) -> exp.Expr:
    """Return whether a compact code (capitals, no hyphens) is one; for the shipped kind of layout.

    Raises NotImplementedError for a layout whose check system is not MOD 97-10.
    """
    layout = load_layout()
    if layout.by_name(CHECK).check_system != "mod_97_10":
        raise NotImplementedError(layout.by_name(CHECK).check_system)
    check = _part(code, layout, CHECK)
    kept = all_of(
        [
            _known(code, layout),
            exp.NEQ(this=_county_end(code, layout), expression=exp.Literal.string("0000")),
            exp.NEQ(this=_part(code, layout, SERIAL), expression=_zeros(layout)),
            exp.Between(this=check, low=exp.Literal.string("02"), high=exp.Literal.string("98")),
            exp.EQ(this=_modulo_97(code, layout), expression=literal(1)),
        ]
    )
    # CASE, not AND: what has another shape would overflow the sum
    return exp.case().when(matches(code, _shape(layout)), kept).else_(exp.false())


def uscc_valid(code: exp.Expr) -> exp.Expr:
    """Return whether a text of 18 characters is a credit code that passes its check."""
    total = _weighed_digits(code, USCC_WEIGHTS[:USCC_DIGITS])
    for at, weight in enumerate(USCC_WEIGHTS[USCC_DIGITS:], start=USCC_DIGITS + 1):
        place = exp.Anonymous(
            this="strpos", expressions=[exp.Literal.string(USCC_ALPHABET), _cut(code, at, 1)]
        )
        value = exp.paren(exp.Sub(this=place, expression=literal(1)), copy=False)
        term = exp.Mul(this=value, expression=literal(weight))
        total = exp.Add(this=total, expression=term)
    rest = exp.Mod(this=exp.paren(total, copy=False), expression=literal(31))
    shape = f"^[0-9]{{8}}[{USCC_ALPHABET}]{{10}}$"
    # CASE, not AND: what has another shape has no sum
    kept = exp.EQ(this=rest, expression=literal(0))
    return exp.case().when(matches(code, shape), kept).else_(exp.false())


def _weighed_digits(code: exp.Expr, weights: Sequence[int]) -> exp.Expr:
    """The digits at the beginning, each by its weight: one number, taken apart by arithmetic."""
    whole = exp.TryCast(this=_cut(code, 1, len(weights)), to=exp.DataType.build("bigint"))
    total: exp.Expr = literal(0)
    for at, weight in enumerate(weights, start=1):
        above = exp.IntDiv(this=whole.copy(), expression=literal(10 ** (len(weights) - at)))
        digit = exp.Mod(this=exp.paren(above, copy=False), expression=literal(10))
        term = exp.Mul(this=exp.paren(digit, copy=False), expression=literal(weight))
        total = exp.Add(this=total, expression=term)
    return total


def _shape(layout: Layout) -> str:
    """The characters of each segment; a book's pattern too, its look-ahead said apart."""
    parts = []
    for segment in layout.segments:
        form = segment.pattern.replace(_LOOK_AHEAD, "").replace(r"\d", "[0-9]")
        parts.append(
            f"(?:{form})" if form else f"[{re.escape(segment.alphabet)}]" + _times(segment.length)
        )
    return f"^{''.join(parts)}$"


def _times(length: int) -> str:
    return f"{{{length}}}"


def _known(code: exp.Expr, layout: Layout) -> exp.Expr:
    """Category and class together are one of the book's classes."""
    start, length = _place(layout, CLASS)
    head = _cut(code, 1, start + length - 1)
    return head.isin(*sorted(layout.known_values[CLASS]))


def _county_end(code: exp.Expr, layout: Layout) -> exp.Expr:
    start, length = _place(layout, COUNTY)
    return _cut(code, start + length - 4, 4)


def _zeros(layout: Layout) -> exp.Expr:
    return exp.Literal.string("0" * layout.by_name(SERIAL).length)


def _modulo_97(code: exp.Expr, layout: Layout) -> exp.Expr:
    """One letter and digits: the letter counts two digits, all fit a signed 64-bit integer."""
    letter = exp.Sub(
        this=exp.Anonymous(this="ascii", expressions=[_cut(code, 1, 1)]), expression=literal(55)
    )
    digits = layout.length - 1
    tail = exp.TryCast(this=_cut(code, 2, digits), to=exp.DataType.build("bigint"))
    whole = exp.Add(
        this=exp.Mul(
            this=exp.cast(exp.paren(letter, copy=False), "bigint"), expression=literal(10**digits)
        ),
        expression=tail,
    )
    return exp.Mod(this=exp.paren(whole, copy=False), expression=literal(97))


def _part(code: exp.Expr, layout: Layout, name: str) -> exp.Expr:
    return _cut(code, *_place(layout, name))


def _place(layout: Layout, name: str) -> tuple[int, int]:
    """Where a segment starts, counted from 1, and its length."""
    start = 1
    for segment in layout.segments:
        if segment.segment == name:
            return start, segment.length
        start += segment.length
    raise KeyError(name)


def _cut(text: exp.Expr, start: int, length: int) -> exp.Expr:
    return exp.Substring(this=text.copy(), start=literal(start), length=literal(length))
