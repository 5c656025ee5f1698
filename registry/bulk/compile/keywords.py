"""Each keyword about one value as an SQL condition that holds wherever the property is absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlglot import exp

from codes.book import BookError
from codes.patterns import pattern_mistake
from registry.bulk.compile.values import (
    TRUE,
    Value,
    all_of,
    any_of,
    literal,
    matches,
    negated,
)

Keyword = Callable[[Value, Any, str], exp.Expr]
"""(value, what the keyword says, where it stands) -> whether the value keeps it."""


def _type(value: Value, wanted: Any, where: str) -> exp.Expr:
    if wanted == "string":
        return any_of([value.absent, negated(value.is_number)])
    if wanted not in ("number", "integer"):
        raise _refused(where, f"type: {wanted}")
    if value.number is None:
        return value.absent
    whole = exp.EQ(this=value.number.copy(), expression=_truncated(value.number))
    kept = [value.is_number, whole] if wanted == "integer" else [value.is_number]
    return any_of([value.absent, all_of(kept)])


def _enum(value: Value, choices: Any, _where: str) -> exp.Expr:
    words = [one for one in choices if isinstance(one, str)]
    figures = [one for one in choices if type(one) in (int, float)]  # False is no 0 in JSON
    fits = [value.absent]
    if words:
        is_word = value.text.copy().isin(*words)
        fits.append(all_of([negated(value.is_number), is_word]) if value.number else is_word)
    if figures and value.number is not None:
        listed = [exp.EQ(this=value.number.copy(), expression=literal(one)) for one in figures]
        fits.append(all_of([value.is_number, exp.paren(any_of(listed), copy=False)]))
    return any_of(fits)


def _const(value: Value, wanted: Any, where: str) -> exp.Expr:
    return _enum(value, [wanted], where)


def _pattern(value: Value, pattern: Any, where: str) -> exp.Expr:
    if mistake := pattern_mistake(pattern, where):
        raise mistake
    return _for_text(value, matches(value.text, f"^(?:{pattern[1:-1]})$"))


def _format(value: Value, name: Any, where: str) -> exp.Expr:
    if name != "date":
        raise _refused(where, f"format: {name}")
    return _for_text(value, value.is_day)


def _min_length(value: Value, least: Any, _where: str) -> exp.Expr:
    return _for_text(value, exp.GTE(this=_length(value), expression=literal(least)))


def _max_length(value: Value, most: Any, _where: str) -> exp.Expr:
    return _for_text(value, exp.LTE(this=_length(value), expression=literal(most)))


def _bound(comparison: type[exp.Binary]) -> Keyword:
    def compare(value: Value, limit: Any, _where: str) -> exp.Expr:
        if value.number is None:
            return TRUE.copy()
        kept: exp.Expr = comparison(this=value.number.copy(), expression=literal(limit))
        return any_of([negated(value.is_number), kept])

    return compare


def _multiple_of(value: Value, unit: Any, _where: str) -> exp.Expr:
    if value.number is None:
        return TRUE.copy()
    if isinstance(unit, float):
        quotient = exp.Div(this=value.number.copy(), expression=literal(unit))
        kept: exp.Expr = exp.EQ(
            this=_truncated(exp.paren(quotient, copy=False)),
            expression=exp.paren(quotient.copy(), copy=False),
        )
    else:
        rest = exp.Mod(this=value.number.copy(), expression=literal(unit))
        kept = exp.EQ(this=exp.paren(rest, copy=False), expression=literal(0))
    return any_of([negated(value.is_number), kept])


KEYWORDS: Final[Mapping[str, Keyword]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "format": _format,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minimum": _bound(exp.GTE),
    "maximum": _bound(exp.LTE),
    "exclusiveMinimum": _bound(exp.GT),
    "exclusiveMaximum": _bound(exp.LT),
    "multipleOf": _multiple_of,
}
"""Keyword about one value -> its condition."""


def _for_text(value: Value, kept: exp.Expr) -> exp.Expr:
    """Say nothing of numbers and of what is absent."""
    exempt = [value.absent] if value.number is None else [value.absent, value.is_number]
    return any_of([*exempt, kept])


def _length(value: Value) -> exp.Expr:
    return exp.Length(this=value.text.copy())


def _truncated(number: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="trunc", expressions=[number.copy()])


def _refused(where: str, seen: str) -> BookError:
    return BookError("book.keyword_refused", where=where, seen=seen)
