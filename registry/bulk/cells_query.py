"""The query that reads a canonical file and makes of each line its masks and what placing needs.

blank       no cell holds anything
strange     SQL cannot tell what becomes of the row
type_word   which word names the type; r0, r1, ... conditions; o0, ... cells that are not plain
f<index>    for a column that is not read: whether the cell holds anything
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from codes.book import load_book
from codes.elements import all_fields
from registry.bulk.canonical import CanonicalFile
from registry.bulk.compile.values import (
    Value,
    all_of,
    any_of,
    is_date,
    literal,
    matches,
    negated,
    number_in,
)
from registry.bulk.plain import folded, plain_together
from registry.bulk.plan import Plan, column_called, is_day, is_numeric, numbered, unread
from registry.uploads.source import BLANK_CHARACTERS

PLACED: Final = ("division", "as_of", "datum")
TYPE_WORDS: Final = "type_words"
HEAD_CHARACTERS: Final = 80


def cells_query(file: CanonicalFile, plan: Plan) -> exp.Select:
    """Return the query: cells, then elements with their numbers, then masks."""
    cells = select(_elements(file, plan), source(file))
    typed = select([exp.Star(), *_numbers(plan)], cells.subquery("cells", copy=False))
    return select(_judged(plan), typed.subquery("typed", copy=False))


def source(file: CanonicalFile) -> exp.Expr:
    """Return the call that reads a canonical file as text columns c0, c1, ..."""
    ahead = ["number", "cells"] if file.numbered else []
    names = [*ahead, *(f"c{index}" for index in range(file.columns))]
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name), expression=exp.Literal.string("VARCHAR"))
            for name in names
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


def _elements(file: CanonicalFile, plan: Plan) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for key in plan.keys:
        column = plan.columns.read.get(key)
        cell: exp.Expr = _cell(column.index) if column else exp.null()
        if key in plan.given:
            cell = exp.func("coalesce", cell, exp.Literal.string(plan.given[key]))
        found.append(named(cell, key))
    if "type" not in plan.keys:
        found.append(named(exp.cast(exp.null(), "varchar"), "type"))
    found.append(named(_any_cell(file, plan).is_(exp.null()), "blank"))
    spare = [_filled(one.index) for several in plan.columns.spare.values() for one in several]
    width = [exp.NEQ(this=exp.column("cells"), expression=literal(str(file.columns)))]
    found.append(named(any_of([*spare, *(width if file.numbered else [])]), "strange"))
    found += [named(_holds(index), f"f{index}") for index in unread(plan.columns)]
    return found


def _any_cell(file: CanonicalFile, plan: Plan) -> exp.Expr:
    """The first cell that holds anything; the type's first, which nearly every row fills."""
    column = plan.columns.read.get("type")
    first = [column.index] if column else []
    rest = [index for index in range(file.columns) if index not in first]
    cells = [_cell(index) for index in (*first, *rest)]
    return exp.Coalesce(this=cells[0], expressions=cells[1:])


def _numbers(plan: Plan) -> list[exp.Expr]:
    kind = exp.TryCast(this=column_called("type"), to=exp.DataType.build(TYPE_WORDS, udt=True))
    found = [named(exp.Anonymous(this="enum_code", expressions=[kind]), "type_word")]
    found += [named(whether, name) for name, whether in plain_together(plan.values)]
    for key in plan.values:
        if is_numeric(key):
            found.append(named(number_in(column_called(key)), f"{key} #"))
        if is_day(key):
            found.append(named(is_date(column_called(key)), f"{key} @"))
    return found


def _judged(plan: Plan) -> list[exp.Expr]:
    kept: list[exp.Expr] = [exp.column("blank"), exp.column("type_word")]
    kept.append(named(any_of([exp.column("strange"), _undecided(plan)]), "strange"))
    kept += [named(plan.mask.raw(at), f"r{at}") for at in range(len(plan.mask.words))]
    kept += [named(plan.odd.raw(at), f"o{at}") for at in range(len(plan.odd.words))]
    kept += [exp.column(f"f{index}") for index in unread(plan.columns)]
    has_code = plan.values["code"].present if "code" in plan.values else exp.false()
    kept.append(named(has_code, "has_code"))
    for key in PLACED:
        kept.append(named(_or_null(plan, key), key))
    for key in ("longitude", "latitude"):
        known = plan.values.get(key)
        number = known.number if known and known.number else exp.cast(exp.null(), "double")
        kept.append(named(number, key))
    kept += [named(column_called(key), f"k_{key}") for key in numbered(plan)]
    kept.append(named(_name_hash(plan), "name_hash"))
    kept.append(named(_address_head(plan), "address_head"))
    return kept


def _undecided(plan: Plan) -> exp.Expr:
    """No type we know as written; perhaps a header; a point without division or out of China."""
    reasons: list[exp.Expr] = [exp.column("type_word").is_(exp.null())]
    # a line without a name may be a footer
    named_here = "name" in plan.values and "name" not in plan.given
    reasons.append(plan.values["name"].absent if named_here else exp.true())
    if {"opened_on", "as_of"} <= set(plan.values):
        opened, as_of = plan.values["opened_on"], plan.values["as_of"]
        later = exp.GT(this=opened.text.copy(), expression=as_of.text.copy())
        reasons.append(all_of([opened.present, as_of.present, later]))
    telling = [key for key in plan.values if all_fields()[key].kind not in ("text", "code")]
    reasons.append(all_of([plan.values[key].absent for key in telling]))
    if {"longitude", "latitude"} <= set(plan.values):
        lon, lat = plan.values["longitude"], plan.values["latitude"]
        both = [lon.is_number, lat.is_number]
        given = plan.values["division"].present if "division" in plan.values else exp.false()
        reasons.append(all_of([*both, negated(given)]))
        reasons.append(all_of([*both, negated(_plausible(lon, lat))]))
    return exp.paren(any_of(reasons))


def _plausible(lon: Value, lat: Value) -> exp.Expr:
    """The box in which `codes.place.check_point` finds nothing to say."""
    bounds = _box()
    return all_of(
        [
            exp.Between(this=one.number.copy(), low=literal(low), high=literal(high))
            for one, (low, high) in zip((lon, lat), bounds, strict=True)
            if one.number is not None
        ]
    )


def _box() -> tuple[tuple[float, float], tuple[float, float]]:
    policy = {name: row["value"] for name, row in load_book("place_policy").by_key().items()}
    return (policy["lon_min"], policy["lon_max"]), (policy["lat_min"], policy["lat_max"])


def _address_head(plan: Plan) -> exp.Expr:
    """So much of an address as may begin with the names of a province, a city and a county."""
    if "address" not in plan.values:
        return exp.cast(exp.null(), "varchar")
    text = plan.values["address"].text.copy()
    return exp.Left(this=text, expression=literal(HEAD_CHARACTERS))


def _name_hash(plan: Plan) -> exp.Expr:
    """Hash of the name and address as they are compared, NULL without a name."""
    if "name" not in plan.values:
        return exp.cast(exp.null(), "ubigint")
    address = plan.values["address"].text if "address" in plan.values else exp.null()
    name = plan.values["name"]
    hashed = exp.Anonymous(
        this="hash",
        expressions=[compared(name.text), exp.func("coalesce", compared(address), literal(""))],
    )
    return exp.case().when(name.present, hashed)


def compared(text: exp.Expr) -> exp.Expr:
    """Return a plain text as `name_key` gives it: letters, digits and characters alone."""
    other = exp.Literal.string("[^0-9a-z一-鿿]+")
    bare = exp.Anonymous(
        this="regexp_replace", expressions=[folded(text), other, literal(""), literal("g")]
    )
    # CASE, for most are so already
    return exp.case().when(matches(text, "^[0-9a-z一-鿿]+$"), text.copy()).else_(bare)


def select(kept: list[exp.Expr], table: exp.Expr) -> exp.Select:
    """A SELECT of these very expressions: copying them is most of the work otherwise."""
    return exp.Select(expressions=kept).from_(table, copy=False)


def named(part: exp.Expr, name: str) -> exp.Expr:
    """Name a part of a SELECT, without copying it."""
    return exp.Alias(this=part, alias=exp.to_identifier(name, quoted=True))


def _or_null(plan: Plan, key: str) -> exp.Expr:
    value = plan.values.get(key)
    return value.text.copy() if value else exp.cast(exp.null(), "varchar")


def _cell(index: int) -> exp.Expr:
    return exp.column(f"c{index}")


def _filled(index: int) -> exp.Expr:
    return exp.Not(this=_cell(index).is_(exp.null()))


def _holds(index: int) -> exp.Expr:
    """Whether a cell holds more than what looks empty."""
    seen = exp.Literal.string("[^" + "".join(map(_escaped, BLANK_CHARACTERS)) + "]")
    cell = exp.func("coalesce", _cell(index), literal(""))
    return exp.RegexpLike(this=cell, expression=seen)


def _escaped(character: str) -> str:
    return f"\\x{{{ord(character):x}}}"
