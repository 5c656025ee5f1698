"""A whole schema as one SQL condition, and the keywords that join schemas or look at several keys.

Keywords that are not compiled are refused by BookError, so that nothing a schema says is ignored.
Annotations (title, description, examples, `x-`) say nothing about validity.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlglot import exp

from codes.book import BookError
from registry.bulk.compile.keywords import KEYWORDS
from registry.bulk.compile.values import (
    Value,
    all_of,
    any_of,
    missing_value,
    negated,
    values_of,
)

ANNOTATIONS: Final = frozenset({"$schema", "$id", "title", "description", "examples"})

BRANCHES: Final = ("then", "else")
"""Said by the `if` beside them; without one they are checked and mean nothing."""

Schema = Mapping[str, Any]
Values = Mapping[str, Value]


def compile_schema(schema: Schema) -> exp.Expr:
    """Return the condition under which a row keeps the schema.

    Raises BookError for a keyword, a type or a format that is not compiled.
    """
    return holds(schema, values_of(schema.get("properties", {})), "/")


def holds(schema: Schema, values: Values, where: str) -> exp.Expr:
    """Return the condition under which a row keeps a schema about rows."""
    parts = []
    for keyword, said in _said(schema, where):
        if keyword not in ROW_KEYWORDS:
            raise BookError("book.keyword_refused", where=where, seen=keyword)
        parts.append(_wrapped(ROW_KEYWORDS[keyword](said, schema, values, f"{where}{keyword}/")))
    return all_of(parts)


def value_holds(schema: Schema, value: Value, where: str) -> exp.Expr:
    """Return the condition under which one property keeps its schema, true where it is absent."""
    return all_of([_wrapped(one) for _, one in value_conditions(schema, value, where)])


def value_conditions(schema: Schema, value: Value, where: str) -> list[tuple[str, exp.Expr]]:
    """Return (keyword, condition) of each keyword about one value, in the schema's order."""
    found = []
    for keyword, said in _said(schema, where):
        if keyword in KEYWORDS:
            found.append((keyword, KEYWORDS[keyword](value, said, where)))
        elif keyword in VALUE_JOINS:
            found.append((keyword, VALUE_JOINS[keyword](said, schema, value, f"{where}{keyword}/")))
        elif keyword not in BRANCHES:
            raise BookError("book.keyword_refused", where=where, seen=keyword)
        elif "if" not in schema:
            value_holds(said, value, f"{where}{keyword}/")
    return found


def _said(schema: Schema, where: str) -> Iterator[tuple[str, Any]]:
    """Yield what a schema says of validity. A bare `true` or `false` says it without a keyword."""
    if not isinstance(schema, Mapping):
        raise BookError("book.keyword_refused", where=where, seen=json.dumps(schema))
    for keyword, said in schema.items():
        if keyword not in ANNOTATIONS and not keyword.startswith("x-"):
            yield keyword, said


def _properties(said: Schema, _schema: Schema, values: Values, where: str) -> exp.Expr:
    return all_of(
        [
            _wrapped(value_holds(one, values.get(key, missing_value()), f"{where}{key}/"))
            for key, one in said.items()
        ]
    )


def _required(said: list[str], _schema: Schema, values: Values, _where: str) -> exp.Expr:
    return all_of([_value(values, key).present for key in said])


def _dependent(said: Schema, _schema: Schema, values: Values, _where: str) -> exp.Expr:
    return all_of(
        [
            _wrapped(any_of([_value(values, given).absent, _wrapped(_both(needed, values))]))
            for given, needed in said.items()
        ]
    )


def _both(keys: list[str], values: Values) -> exp.Expr:
    return all_of([_value(values, key).present for key in keys])


def _all_of(said: list[Schema], _schema: Schema, values: Values, where: str) -> exp.Expr:
    return all_of([_wrapped(holds(one, values, f"{where}{at}/")) for at, one in enumerate(said)])


def _not(said: Schema, _schema: Schema, values: Values, where: str) -> exp.Expr:
    return negated(holds(said, values, where))


def _if(said: Schema, schema: Schema, values: Values, where: str) -> exp.Expr:
    return _either(
        holds(said, values, where),
        holds(schema.get("then", {}), values, f"{where}then/"),
        holds(schema.get("else", {}), values, f"{where}else/"),
    )


def _is_object(said: str, _schema: Schema, _values: Values, where: str) -> exp.Expr:
    if said != "object":
        raise BookError("book.keyword_refused", where=where, seen=f"type: {said}")
    return all_of([])


def _branch(said: Schema, schema: Schema, values: Values, where: str) -> exp.Expr:
    if "if" not in schema:
        holds(said, values, where)
    return all_of([])


def _value_all(said: list[Schema], _schema: Schema, value: Value, where: str) -> exp.Expr:
    return all_of([_wrapped(value_holds(one, value, where)) for one in said])


def _value_not(said: Schema, _schema: Schema, value: Value, where: str) -> exp.Expr:
    return any_of([value.absent, negated(value_holds(said, value, where))])


def _value_if(said: Schema, schema: Schema, value: Value, where: str) -> exp.Expr:
    return _either(
        value_holds(said, value, where),
        value_holds(schema.get("then", {}), value, where),
        value_holds(schema.get("else", {}), value, where),
    )


def _either(test: exp.Expr, then: exp.Expr, other: exp.Expr) -> exp.Expr:
    return all_of(
        [
            _wrapped(any_of([negated(test.copy()), _wrapped(then)])),
            _wrapped(any_of([_wrapped(test), _wrapped(other)])),
        ]
    )


def _wrapped(part: exp.Expr) -> exp.Expr:
    return exp.paren(part, copy=False)


def _value(values: Values, key: str) -> Value:
    return values.get(key) or missing_value()


RowKeyword = Callable[[Any, Schema, Values, str], exp.Expr]
ROW_KEYWORDS: Final[Mapping[str, RowKeyword]] = {
    "type": _is_object,
    "properties": _properties,
    "required": _required,
    "dependentRequired": _dependent,
    "allOf": _all_of,
    "not": _not,
    "if": _if,
    "then": _branch,
    "else": _branch,
}
"""Keyword about a row -> its condition."""

ValueJoin = Callable[[Any, Schema, Value, str], exp.Expr]
VALUE_JOINS: Final[Mapping[str, ValueJoin]] = {
    "allOf": _value_all,
    "not": _value_not,
    "if": _value_if,
}
"""Keyword that joins schemas about one value -> its condition."""
