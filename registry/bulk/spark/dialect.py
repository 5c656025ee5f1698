"""The compiled rules in Spark's SQL: what DuckDB alone has is said in the equal form of Spark's.

SQLGlot writes the rest. A function met here for the first time is refused, never passed on: what
has the same name may mean something else (`trunc` cuts dates in Spark).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from sqlglot import exp

from registry.bulk.compile.values import literal
from registry.bulk.spark.regex import java_pattern

SAME: Final = frozenset({"ascii", "translate", "instr", "array", "concat_ws"})
"""Functions SQLGlot does not know that say the same in both."""


def spark_form(expression: exp.Expr) -> exp.Expr:
    """Return the expression, copied, in the form of Spark's functions.

    Raises NotImplementedError for a function or a pattern whose equal form is not known.
    """
    whole = exp.Paren(this=expression.copy())
    for node in reversed(list(whole.walk())):  # from within, for a form keeps its arguments
        found = _in_spark(node)
        if found is not node:
            node.replace(found)
    return cast("exp.Expr", whole.this)


def spark_sql(expression: exp.Expr) -> str:
    """Return the expression as the text of a query for Spark."""
    return spark_form(expression).sql("spark")


def _in_spark(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.RegexpLike):
        return exp.RegexpLike(this=node.this, expression=_pattern(node.expression))
    if isinstance(node, exp.TryCast) and not node.args.get("safe"):
        # without `safe` SQLGlot writes CAST, which fails in Spark's ANSI mode
        return exp.TryCast(this=node.this, to=node.args["to"], safe=True)
    if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.UBIGINT:
        # the only such column is a hash, and its texts travel in its place
        return exp.cast(node.this, exp.DataType.build("array<string>", dialect="spark"))
    if isinstance(node, exp.Anonymous) and node.name not in SAME:
        if node.name not in FORMS:
            raise NotImplementedError(node.name)
        return FORMS[node.name](node.expressions)
    return node


def _pattern(pattern: exp.Expr) -> exp.Expr:
    if not isinstance(pattern, exp.Literal):
        raise NotImplementedError(pattern.sql("duckdb"))
    return exp.Literal.string(java_pattern(pattern.this))


def _whole(arguments: list[exp.Expr]) -> exp.Expr:
    """The number without its fraction. A number of ours has 15 digits, so it fits 64 bits."""
    (number,) = arguments
    below = exp.LT(this=number.copy(), expression=literal(0))
    up, down = exp.Ceil(this=number.copy()), exp.Floor(this=number.copy())
    return exp.case().when(below, up).else_(down)


def _found(arguments: list[exp.Expr]) -> exp.Expr:
    return exp.Anonymous(this="instr", expressions=arguments)


def _replaced(arguments: list[exp.Expr]) -> exp.Expr:
    text, pattern, new, how = arguments
    if how != literal("g"):
        raise NotImplementedError("regexp_replace")
    return exp.RegexpReplace(this=text, expression=_pattern(pattern), replacement=new)


def _texts(arguments: list[exp.Expr]) -> exp.Expr:
    """DuckDB's hash is DuckDB's own, so the texts travel and the driver hashes them."""
    return exp.Anonymous(this="array", expressions=arguments)


FORMS: Final[Mapping[str, Callable[[list[exp.Expr]], exp.Expr]]] = {
    "trunc": _whole,
    "strpos": _found,
    "regexp_replace": _replaced,
    "hash": _texts,
}
"""Function of DuckDB -> what makes its equal in Spark of its arguments."""
