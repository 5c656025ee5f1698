"""The columns of a normalised row as SQL expressions: text, and the number a text may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

NUMBER: Final = r"^[+-]?[0-9]{1,15}(?:\.[0-9]{1,9})?$"
"""The shape of a text that holds a number; such a number is the same in Python and in SQL."""

NUMBER_SHAPE: Final = re.compile(NUMBER)

DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DATE_LENGTH: Final = 10
NUMERIC_TYPES: Final = ("number", "integer")

TRUE: Final = exp.true()
FALSE: Final = exp.false()


@dataclass(frozen=True)
class Value:
    """One property of a row. `text` is its column; `number` its number, None for a text property.

    `text` is NULL where the row lacks it, `number` also where the text is no number. `day` says
    whether the text is a day that exists, where that has been looked at before.
    """

    text: exp.Expr
    number: exp.Expr | None = None
    day: exp.Expr | None = None

    @property
    def absent(self) -> exp.Expr:
        """True where the row lacks the property."""
        if isinstance(self.text, exp.Null):
            return TRUE.copy()
        return exp.Is(this=self.text.copy(), expression=exp.null())

    @property
    def present(self) -> exp.Expr:
        """True where the row has the property."""
        if isinstance(self.text, exp.Null):
            return FALSE.copy()
        return exp.Not(this=self.absent)

    @property
    def is_number(self) -> exp.Expr:
        """True where the row holds a number."""
        if self.number is None:
            return FALSE.copy()
        return exp.Not(this=exp.Is(this=self.number.copy(), expression=exp.null()))

    @property
    def is_day(self) -> exp.Expr:
        """True where the row holds a day that exists; not to be asked where it is absent."""
        return is_date(self.text) if self.day is None else self.day.copy()


def values_of(properties: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values of a schema's properties, each in a column of its name."""
    return {
        key: value_of(exp.column(key, quoted=True), numeric=_is_numeric(one))
        for key, one in properties.items()
    }


def _is_numeric(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.get("type") in NUMERIC_TYPES


def value_of(column: exp.Expr, *, numeric: bool) -> Value:
    """Return the value a column holds."""
    return Value(column, number_in(column) if numeric else None)


def number_in(column: exp.Expr) -> exp.Expr:
    """Return the number in a text column, NULL where its text has not the shape of one."""
    cast = exp.TryCast(this=column.copy(), to=exp.DataType.build("double"))
    return exp.case().when(matches(column, NUMBER), cast)


def is_date(text: exp.Expr) -> exp.Expr:
    """Return whether a text is a day that exists: leap years counted, no year 0.

    A day is written in one way only, so that reading it and writing it again gives the text.
    """
    cast = exp.TryCast(this=text.copy(), to=exp.DataType.build("date"))
    again = exp.EQ(this=exp.cast(cast, "varchar"), expression=text.copy())
    # `infinity` too is read and written so
    whole = exp.EQ(this=exp.Length(this=text.copy()), expression=literal(DATE_LENGTH))
    year_zero = exp.func("starts_with", text.copy(), exp.Literal.string("0000"))
    return all_of([exp.func("coalesce", again, exp.false()), whole, exp.Not(this=year_zero)])


def missing_value() -> Value:
    """Return a property that no row has."""
    return Value(exp.null())


def matches(column: exp.Expr, pattern: str) -> exp.Expr:
    """Return whether a text matches a pattern that is anchored at both ends."""
    return exp.RegexpLike(this=column.copy(), expression=exp.Literal.string(pattern))


def literal(value: float | str) -> exp.Expr:
    """Return a constant; a float exactly, not as a decimal fraction of fewer digits."""
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, float) and not value.is_integer():
        return exp.cast(exp.Literal.string(repr(value)), "double")
    return exp.Literal.number(int(value))


def all_of(parts: Sequence[exp.Expr]) -> exp.Expr:
    """Return the conjunction, true for none."""
    if any(part == FALSE for part in parts):
        return FALSE.copy()
    kept = [part for part in parts if part != TRUE]
    return exp.and_(*kept, copy=False) if kept else TRUE.copy()


def any_of(parts: Sequence[exp.Expr]) -> exp.Expr:
    """Return the disjunction, false for none."""
    if any(part == TRUE for part in parts):
        return TRUE.copy()
    kept = [part for part in parts if part != FALSE]
    return exp.or_(*kept, copy=False) if kept else FALSE.copy()


def negated(part: exp.Expr) -> exp.Expr:
    """Return the negation of an expression that is never NULL."""
    if part in (TRUE, FALSE):
        return FALSE.copy() if part == TRUE else TRUE.copy()
    return exp.Not(this=exp.paren(part, copy=False))
