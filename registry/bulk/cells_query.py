"""The queries over the lines of a canonical file: which rows are sure, what holds of the others.

The first reads the file and makes of each line

sure        nothing is wrong with it but that cells are empty; e0, e1, ... say which
line        the cells, as one list, for a row that is not sure

the second takes the rows that are not sure, their cells mended, and makes of each

exact       SQL cannot tell what becomes of the row; blank: no cell holds anything
r0, r1, ... words of the mask, before types and chains are looked at

and both make type_no (index of the type), has_code, division, as_of, datum, longitude, latitude,
address_head, name_hash, k_<key>, and f<index>: whether a cell of a column that is not read holds
anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp

from registry.bulk.canonical import CanonicalFile
from registry.bulk.compile.values import (
    any_of,
    is_date,
    literal,
    negated,
    number_in,
)
from registry.bulk.conditions import WORD
from registry.bulk.file_cells import (
    LINE,
    about_cells,
    cell_columns,
    cell_of,
    odd_begin,
    source,
)
from registry.bulk.plain import plain_together
from registry.bulk.plan import Plan, column_called, is_day, is_numeric, named
from registry.bulk.row_parts import implausible, kept_of, undecided
from registry.bulk.sure import numbers, unsure

TYPE_WORDS: Final = "type_words"


def first_query(file: CanonicalFile, plan: Plan) -> exp.Select:
    """Return the query that reads the file and tells the rows that are sure."""
    cells = [exp.column(name) for name in cell_columns(file)]
    elements = [*cells, *_elements(plan, {}), *about_cells(file, plan)]
    unknown = {key: value for key, value in plan.values.items() if key not in plan.known}
    known = [*plain_together(unknown, plan.types), *numbers(plan), ("type_no", _type_no())]
    typed = select(
        [exp.Star(), *(named(one, name) for name, one in known)],
        _from(select(elements, source(file)), "cells"),
    )
    is_sure = exp.func("coalesce", negated(_not_sure(plan)), exp.true())
    judged = select([exp.Star(), named(is_sure, "sure")], _from(typed, "typed"))
    kept: list[exp.Expr] = [exp.column("sure"), exp.column("type_no")]
    # one column, not thirty: each takes memory, and short of it DuckDB writes on one core
    kept.append(named(_unless_sure(cells), LINE))
    kept += [named(one, f"e{at}") for at, one in enumerate(_absent(plan))]
    return select([*kept, *kept_of(plan)], _from(judged, "judged"))


def second_query(
    file: CanonicalFile,
    plan: Plan,
    rows: exp.Expr,
    mended: Mapping[str, exp.Expr],
    not_read: exp.Expr,
) -> exp.Select:
    """Return the query that judges `rows` (place, type_no, cells) in full.

    `mended` are the elements whose cells are not taken as they stand, `not_read` says that a row
    holds a cell SQL cannot read; both may ask further columns of the rows, as the plan's conditions
    on what was mended do.
    """
    whole = [exp.Star(), *_elements(plan, mended), *about_cells(file, plan)]
    read = [named(one, name) for name, one in (*_figures(plan), *_days(plan))]
    typed = select([exp.Star(), *read], _from(select(whole, rows), "cells"))
    kept: list[exp.Expr] = [exp.column(name) for name in ("place", "blank", "type_no")]
    is_exact = any_of([exp.column("strange"), not_read, undecided(plan, odd_begin(file))])
    kept.append(named(is_exact, "exact"))
    kept += [named(plan.mask.raw(at), f"r{at}") for at in range(len(plan.mask.words))]
    return select([*kept, *kept_of(plan)], _from(typed, "typed"))


def absence_keys(plan: Plan) -> list[str]:
    """Return the elements whose absence is a condition, in the order of the bits of e0, e1, ..."""
    asked = {one.absent_key for word in plan.mask.words for one in word}
    return [key for key in plan.values if key in asked]


def type_no(cell: exp.Expr) -> exp.Expr:
    """Return the index of the type that a code or a name means, NULL for another word."""
    kind = exp.TryCast(this=cell, to=exp.DataType.build(TYPE_WORDS, udt=True))
    word = exp.Anonymous(this="enum_code", expressions=[kind])
    return exp.cast(exp.paren(exp.IntDiv(this=word, expression=literal(2))), "smallint")


def _type_no() -> exp.Expr:
    return type_no(column_called("type"))


def _not_sure(plan: Plan) -> exp.Expr:
    kind = exp.column("type_no")
    # the enumeration knows every type
    others = negated(kind.isin(*map(literal, sorted(plan.type_numbers.values()))))
    unknown = exp.func("coalesce", others if plan.type_numbers else exp.true(), exp.true())
    parts = [unknown, exp.column("blank"), exp.column("strange"), undecided(plan, exp.true())]
    parts.append(implausible(plan))
    return exp.paren(any_of([*parts, unsure(plan, kind)]), copy=False)


def _unless_sure(cells: Sequence[exp.Expr]) -> exp.Expr:
    listed = exp.Array(expressions=[one.copy() for one in cells])
    return exp.case().when(exp.Not(this=exp.column("sure")), listed)


def _absent(plan: Plan) -> list[exp.Expr]:
    """Words whose bits say which of the elements asked for are absent."""
    keys = absence_keys(plan)
    words: list[exp.Expr] = []
    for start in range(0, len(keys), WORD):
        total: exp.Expr = literal(0)
        for at, key in enumerate(keys[start : start + WORD]):
            bit = exp.case().when(plan.values[key].absent, literal(1 << at)).else_(literal(0))
            total = exp.Add(this=total, expression=bit)
        words.append(exp.cast(exp.paren(total, copy=False), "bigint", copy=False))
    return words


def _elements(plan: Plan, mended: Mapping[str, exp.Expr]) -> list[exp.Expr]:
    found = [named(mended.get(key) or cell_of(plan, key), key) for key in plan.keys]
    if "type" not in plan.keys:
        found.append(named(exp.cast(exp.null(), "varchar"), "type"))
    return found


def _figures(plan: Plan) -> list[tuple[str, exp.Expr]]:
    """The figures of the cells, as all conditions ask for them."""
    keys = filter(is_numeric, plan.values)
    return [(f"{key} #", number_in(column_called(key))) for key in keys]


def _days(plan: Plan) -> list[tuple[str, exp.Expr]]:
    """Whether the days are days."""
    return [(f"{key} @", is_date(column_called(key))) for key in filter(is_day, plan.values)]


def select(kept: list[exp.Expr], table: exp.Expr) -> exp.Select:
    """A SELECT of these very expressions: copying them is most of the work otherwise."""
    return exp.Select(expressions=kept).from_(table, copy=False)


def _from(query: exp.Select, name: str) -> exp.Expr:
    return query.subquery(name, copy=False)
