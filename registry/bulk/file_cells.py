"""The cells of a canonical file's lines: how they are read, kept, and taken for elements."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from registry.bulk.canonical import CanonicalFile
from registry.bulk.compile.values import any_of, literal, negated
from registry.bulk.plain import footer_perhaps
from registry.bulk.plan import Plan, named, unread
from registry.uploads.columns import TOGETHER
from registry.uploads.source import BLANK_CHARACTERS

LINE: Final = "line"
"""The column in which the cells of a line are kept, as one list."""

BETWEEN: Final = "\ue01f"
"""What parts the filled cells of columns that are read together; no plain cell holds it."""


def source(file: CanonicalFile) -> exp.Expr:
    """Return the call that reads a canonical file as text columns c0, c1, ..."""
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name), expression=exp.Literal.string("VARCHAR"))
            for name in cell_columns(file)
        ]
    )
    options: dict[str, exp.Expr] = {
        "header": exp.false(),
        "skip": literal(file.skip),
        "delim": exp.Literal.string(file.delimiter),
        "quote": exp.Literal.string('"'),
        "escape": exp.Literal.string('"'),
        "nullstr": exp.Literal.string(""),
        "auto_detect": exp.false(),
        "null_padding": exp.false(),
        "strict_mode": exp.true(),
        "columns": columns,
    }
    said = [exp.EQ(this=exp.to_identifier(key), expression=one) for key, one in options.items()]
    return exp.Anonymous(this="read_csv", expressions=[literal(str(file.path)), *said])


def cell_columns(file: CanonicalFile) -> list[str]:
    """Return the columns of a canonical file, in order."""
    ahead = ["number", "cells"] if file.numbered else []
    return [*ahead, *(f"c{index}" for index in range(file.columns))]


def cells_again(file: CanonicalFile) -> list[exp.Expr]:
    """Return the columns of a canonical file, out of what the first query keeps of a line."""
    return [
        named(exp.Anonymous(this="list_extract", expressions=[exp.column(LINE), literal(at)]), name)
        for at, name in enumerate(cell_columns(file), start=1)
    ]


def cell_of(plan: Plan, key: str) -> exp.Expr:
    """Return the cell that an element is read from, or what is given for all rows.

    Of columns that are read together it is their filled cells, with `BETWEEN` between them.
    """
    cells = [_cell(index) for index in columns_of(plan, key)]
    cell: exp.Expr = cells[0] if cells else exp.cast(exp.null(), "varchar")
    if len(cells) > 1:
        joined = exp.Anonymous(this="concat_ws", expressions=[literal(BETWEEN), *cells])
        cell = exp.func("nullif", joined, literal(""))
    if key in plan.given:
        cell = exp.func("coalesce", cell, exp.Literal.string(plan.given[key]))
    return cell


def columns_of(plan: Plan, key: str) -> list[int]:
    """Return the columns that an element is read from, in the order in which they are read.

    Of several they are those that are read together; other columns of an element are no part.
    """
    column = plan.columns.read.get(key)
    if column is None:
        return []
    more = plan.columns.spare.get(key, ()) if key in TOGETHER else ()
    return [column.index, *(one.index for one in more)]


def about_cells(file: CanonicalFile, plan: Plan) -> list[exp.Expr]:
    """Whether a row is blank, whether it is to be looked at exactly, what is in other columns."""
    several = plan.columns.spare.items()
    spare = [_filled(one.index) for key, more in several if key not in TOGETHER for one in more]
    spare += [_parted(plan, key) for key in sorted(TOGETHER) if len(columns_of(plan, key)) > 1]
    as_wide = exp.EQ(this=exp.column("cells"), expression=literal(str(file.columns)))
    width = [negated(as_wide)] if file.numbered else []
    blank = exp.and_(_any_cell(file, plan).is_(exp.null()), *([as_wide] if width else []))
    return [
        named(blank, "blank"),
        named(any_of([*spare, *width]), "strange"),
        *(named(holds(index), f"f{index}") for index in unread(plan.columns)),
    ]


def odd_begin(file: CanonicalFile) -> exp.Expr:
    """Whether the first filled cell of a row may begin a footer or be a heading of a section."""
    first, *others = [_cell(index) for index in range(file.columns)]
    begin = exp.Coalesce(this=first, expressions=others)
    return exp.func("coalesce", footer_perhaps(begin), exp.true())


def _parted(plan: Plan, key: str) -> exp.Expr:
    """Whether a cell of columns read together holds itself what is put between them."""
    cells = [literal(""), *(_cell(index) for index in columns_of(plan, key))]
    joined = exp.Anonymous(this="concat_ws", expressions=cells)
    return exp.RegexpLike(this=joined, expression=literal(BETWEEN))


def _any_cell(file: CanonicalFile, plan: Plan) -> exp.Expr:
    """The first cell that holds anything; the type's first, which nearly every row fills."""
    column = plan.columns.read.get("type")
    first = [column.index] if column else []
    rest = [index for index in range(file.columns) if index not in first]
    cells = [_cell(index) for index in (*first, *rest)]
    return exp.Coalesce(this=cells[0], expressions=cells[1:])


def _cell(index: int) -> exp.Expr:
    return exp.column(f"c{index}")


def _filled(index: int) -> exp.Expr:
    return exp.Not(this=_cell(index).is_(exp.null()))


def holds(index: int) -> exp.Expr:
    """Return whether the cell of a column holds more than what looks empty."""
    seen = exp.Literal.string("[^" + "".join(map(_escaped, BLANK_CHARACTERS)) + "]")
    cell = exp.func("coalesce", _cell(index), literal(""))
    return exp.RegexpLike(this=cell, expression=seen)


def _escaped(character: str) -> str:
    return f"\\x{{{ord(character):x}}}"
