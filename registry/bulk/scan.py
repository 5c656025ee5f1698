"""One scan of a file in DuckDB: a narrow table with each row's mask and what later steps need.

place       where the row stands among the data lines, from 0
exact       the row is for the exact path: a cell is not plain, or SQL cannot tell
blank       no cell holds anything
type_no     index of the type; w0, w1, ... words of the mask, chains and types applied
division, as_of, longitude, latitude, datum, k_<key>   for placing and repeated rows
f<index>    for a column that is not read: whether the cell holds anything
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlglot import exp

from codes.elements import all_fields
from codes.facility_types import facility_types
from codes.identifier_schemes import identifier_schemes
from codes.place import check_point
from codes.upload_limits import limit
from registry.bulk.canonical import CanonicalFile
from registry.bulk.compile.values import Value, all_of, any_of, literal, negated, number_in
from registry.bulk.conditions import Mask, lay_out
from registry.bulk.plain import folded, odd_conditions
from registry.bulk.row_conditions import add_row_conditions
from registry.bulk.schema_conditions import schema_conditions
from registry.uploads.columns import SheetColumns
from registry.uploads.judged import Context
from registry.uploads.source import BLANK_CHARACTERS

NUMERIC: Final = ("integer", "number")
PLACED: Final = ("division", "as_of", "datum")
TYPE_WORDS: Final = "type_words"

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Plan:
    """What is asked of each row of a file with these columns."""

    columns: SheetColumns
    given: Mapping[str, str]
    context: Context

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The elements the file or `--set` gives."""
        return tuple(dict.fromkeys((*self.columns.read, *self.given)))

    @cached_property
    def values(self) -> dict[str, Value]:
        """The elements as columns of the scan; `type` is looked up and not among them."""
        return {
            key: Value(_column(key), _column(f"{key} #") if _is_numeric(key) else None)
            for key in self.keys
            if key != "type"
        }

    @cached_property
    def mask(self) -> Mask:
        """The conditions on a row."""
        collected = schema_conditions({**self.values, "type": Value(_column("type"))})
        add_row_conditions(collected, self.values, self.context)
        return lay_out(collected.conditions())

    @cached_property
    def odd(self) -> Mask:
        """The conditions under which a cell is not plain."""
        return lay_out(odd_conditions(self.columns, self.given, self.values).conditions())


def connect(folder: Path, name: str = "check.duckdb") -> Connection:
    """Open a database on disk that spills there and stays under the memory limit."""
    connection = duckdb.connect(str(folder / name))
    connection.execute("SET memory_limit = ?", [f"{limit('bulk_memory_bytes') >> 20}MiB"])
    connection.execute("SET temp_directory = ?", [str(folder / "spill")])
    connection.execute("SET preserve_insertion_order = true")
    # a list of choices turned into a join would cost memory for each and the order of the rows
    connection.execute("SET disabled_optimizers = 'in_clause'")
    return connection


def scan(connection: Connection, file: CanonicalFile, plan: Plan) -> None:
    """Make the table `k`. Raises duckdb.Error when the text is not as the form says."""
    _make_types(connection)
    connection.execute(f"CREATE OR REPLACE TABLE cells AS {_query(file, plan).sql('duckdb')}")
    # rows keep their order from the file to a table, but not through a join: so their place first
    _make_bits(connection, plan)
    connection.execute(f"CREATE OR REPLACE TABLE k AS {_applied(plan).sql('duckdb')}")
    connection.execute("DROP TABLE cells")


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


def _make_types(connection: Connection) -> None:
    words = [word for one in facility_types().values() for word in (one.code, one.name_zh)]
    listed = ", ".join(exp.Literal.string(word).sql("duckdb") for word in words)
    connection.execute(f"DROP TYPE IF EXISTS {TYPE_WORDS}")
    connection.execute(f"CREATE TYPE {TYPE_WORDS} AS ENUM ({listed})")


def _query(file: CanonicalFile, plan: Plan) -> exp.Select:
    """Cells -> elements with their numbers -> raw words -> the narrow row."""
    cells = _select(_elements(file, plan), source(file))
    typed = _select([exp.Star(), *_numbers(plan)], cells.subquery("cells", copy=False))
    return _select(_judged(plan), typed.subquery("typed", copy=False))


def _select(kept: list[exp.Expr], table: exp.Expr) -> exp.Select:
    """A SELECT of these very expressions: copying them is most of the work otherwise."""
    return exp.Select(expressions=kept).from_(table, copy=False)


def _named(part: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=part, alias=exp.to_identifier(name, quoted=True))


def _elements(file: CanonicalFile, plan: Plan) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for key in plan.keys:
        column = plan.columns.read.get(key)
        cell: exp.Expr = _cell(column.index) if column else exp.null()
        if key in plan.given:
            cell = exp.func("coalesce", cell, exp.Literal.string(plan.given[key]))
        found.append(_named(cell, key))
    if "type" not in plan.keys:
        found.append(_named(exp.cast(exp.null(), "varchar"), "type"))
    every = [_cell(index).is_(exp.null()) for index in range(file.columns)]
    found.append(_named(all_of(every), "blank"))
    spare = [_filled(one.index) for several in plan.columns.spare.values() for one in several]
    width = [exp.NEQ(this=exp.column("cells"), expression=literal(str(file.columns)))]
    found.append(_named(any_of([*spare, *(width if file.numbered else [])]), "strange"))
    found += [_named(_holds(index), f"f{index}") for index in unread(plan.columns)]
    return found


def unread(columns: SheetColumns) -> list[int]:
    """Return the places of the columns that are not read."""
    return [_index(letter) for letter, _, _ in columns.ignored]


def _numbers(plan: Plan) -> list[exp.Expr]:
    kind = exp.TryCast(this=_column("type"), to=exp.DataType.build(TYPE_WORDS, udt=True))
    found = [_named(exp.Anonymous(this="enum_code", expressions=[kind]), "type_word")]
    for key in plan.values:
        if _is_numeric(key):
            found.append(_named(number_in(_column(key)), f"{key} #"))
    return found


def _judged(plan: Plan) -> list[exp.Expr]:
    kept: list[exp.Expr] = [exp.column("blank"), exp.column("type_word")]
    kept.append(_named(any_of([exp.column("strange"), _undecided(plan)]), "strange"))
    kept += [_named(plan.mask.raw(at), f"r{at}") for at in range(len(plan.mask.words))]
    kept += [_named(plan.odd.raw(at), f"o{at}") for at in range(len(plan.odd.words))]
    kept += [exp.column(f"f{index}") for index in unread(plan.columns)]
    has_code = plan.values["code"].present if "code" in plan.values else exp.false()
    kept.append(_named(has_code, "has_code"))
    for key in PLACED:
        kept.append(_named(_or_null(plan, key), key))
    for key in ("longitude", "latitude"):
        known = plan.values.get(key)
        number = known.number if known and known.number else exp.cast(exp.null(), "double")
        kept.append(_named(number, key))
    kept += [_named(_column(key), f"k_{key}") for key in numbered(plan)]
    kept.append(_named(_name_hash(plan), "name_hash"))
    return kept


def numbered(plan: Plan) -> list[str]:
    """Return the elements by which a row may repeat another, in the order they are looked at."""
    return [key for key in ("code", *identifier_schemes()) if key in plan.values]


def _undecided(plan: Plan) -> exp.Expr:
    """No type we know as written; perhaps a header; a point without division or out of China."""
    reasons: list[exp.Expr] = [exp.column("type_word").is_(exp.null())]
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
    from codes.book import load_book

    policy = {name: row["value"] for name, row in load_book("place_policy").by_key().items()}
    box = (
        (policy["lon_min"], policy["lon_max"]),
        (policy["lat_min"], policy["lat_max"]),
    )
    assert all(check_point(lon, lat) is None for lon, lat in zip(*box, strict=True))
    return box


def _make_bits(connection: Connection, plan: Plan) -> None:
    """Make the table of the bits that count for each word that names a type; two words a type."""
    columns = {"type_word": "INTEGER", "type_no": "SMALLINT"}
    names = [f"{name}{at}" for name, mask in _masks(plan) for at in range(len(mask.words))]
    rows = []
    for number, one in enumerate(facility_types()):
        words = [word for _, mask in _masks(plan) for word in mask.of_type(one)]
        rows += [(2 * number + again, number, *words) for again in range(2)]
    fill(connection, "bits", columns | dict.fromkeys(names, "BIGINT"), rows)


def _masks(plan: Plan) -> tuple[tuple[str, Mask], tuple[str, Mask]]:
    return ("a", plan.mask), ("b", plan.odd)


def _applied(plan: Plan) -> exp.Select:
    """Leave of each word the bits that count for the row's type, and of a chain the first."""
    odd = [
        exp.NEQ(this=_and(_of("cells", f"o{at}"), _of("bits", f"b{at}")), expression=literal(0))
        for at in range(len(plan.odd.words))
    ]
    is_odd = exp.func("coalesce", exp.paren(any_of(odd)), exp.true())
    filled = exp.Not(this=_of("cells", "blank"))
    exact = exp.and_(filled, exp.or_(_of("cells", "strange"), is_odd))
    kept: list[exp.Expr] = [_named(_of("cells", "rowid"), "place")]
    kept += [_named(exact, "exact"), _of("cells", "blank"), _of("bits", "type_no")]
    for at in range(len(plan.mask.words)):
        without = exp.case().when(_of("cells", "has_code"), literal(plan.mask.kept_with_code(at)))
        bits = _and(_of("cells", f"r{at}"), _of("bits", f"a{at}"))
        bits = _and(bits, without.else_(literal(-1)))
        kept.append(_named(plan.mask.first_of_chains(at, bits), f"w{at}"))
    kept += [_of("cells", f"f{index}") for index in unread(plan.columns)]
    kept += [_of("cells", key) for key in (*PLACED, "longitude", "latitude", "name_hash")]
    kept += [_of("cells", f"k_{key}") for key in numbered(plan)]
    joined = _select(kept, exp.to_table("cells"))
    return joined.join("bits", using=["type_word"], join_type="left", copy=False)


def fill(connection: Connection, table: str, columns: Mapping[str, str], rows: list[Any]) -> None:
    """Make a table of rows given from here; `columns` are names and SQL types."""
    kinds = ", ".join(f"unnest(${at}::{kind}[])" for at, kind in enumerate(columns.values(), 1))
    names = ", ".join(columns)
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM (SELECT {kinds}) AS t({names})",
        [[row[at] for row in rows] for at in range(len(columns))],
    )


def _of(table: str, column: str) -> exp.Expr:
    return exp.column(column, table=table)


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
    other = exp.Literal.string("[^0-9a-z一-鿿_]+".replace("_", ""))
    return exp.Anonymous(
        this="regexp_replace", expressions=[folded(text), other, literal(""), literal("g")]
    )


def _is_numeric(key: str) -> bool:
    return all_fields()[key].kind in NUMERIC


def _or_null(plan: Plan, key: str) -> exp.Expr:
    value = plan.values.get(key)
    return value.text.copy() if value else exp.cast(exp.null(), "varchar")


def _index(letter: str) -> int:
    index = 0
    for one in letter:
        index = index * 26 + ord(one) - ord("A") + 1
    return index - 1


def _column(name: str) -> exp.Expr:
    return exp.column(name, quoted=True)


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


def _and(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.BitwiseAnd(this=exp.paren(left), expression=exp.paren(right))
