# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
"""One scan of a file in DuckDB makes the table `k`, a narrow row for each line of data.

place       where the line stands among the data lines, from 0
exact       the row is for the exact path: a cell is not plain, or SQL cannot tell
blank       no cell holds anything
type_no     index of the type; w0, w1, ... words of the mask, chains and types applied
division, as_of, longitude, latitude, datum, address_head, name_hash, k_<key>
f<index>    for a column that is not read: whether the cell holds anything
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from codes.facility_types import facility_types
from codes.upload_limits import limit
from registry.bulk.canonical import CanonicalFile
from registry.bulk.cells_query import PLACED, TYPE_WORDS, cells_query, named, select
from registry.bulk.compile.values import any_of, literal
from registry.bulk.conditions import Mask
from registry.bulk.plan import Plan, numbered, unread

NEEDED = (*PLACED, "longitude", "latitude", "name_hash", "address_head")

Connection = duckdb.DuckDBPyConnection


def connect(folder: Path, name: str = "check.duckdb") -> Connection:
    """Open a database on disk that spills there and stays under the memory limit."""
    connection = duckdb.connect(str(folder / name))
    connection.execute("SET memory_limit = ?", [f"{limit('bulk_memory_bytes') >> 20}MiB"])
    connection.execute("SET temp_directory = ?", [str(folder / "spill")])
    connection.execute("SET preserve_insertion_order = true")
    # a list of choices turned into a join would cost memory for each and the order of the rows
    connection.execute("SET disabled_optimizers = 'in_clause'")
    return connection


def scan(connection: Connection, file: CanonicalFile, plan: Plan) -> dict[str, int]:
    """Make the table `k`; return how many rows are of each type that the plan does not look at.

    Raises duckdb.Error when the text is not as the form says.
    """
    _make_types(connection)
    connection.execute(f"CREATE OR REPLACE TABLE cells AS {cells_query(file, plan).sql('duckdb')}")
    # rows keep their order from the file to a table, but not through a join: so their place first
    _make_bits(connection, plan)
    connection.execute(f"CREATE OR REPLACE TABLE k AS {_applied(plan).sql('duckdb')}")
    missed = _missed(connection, plan)
    connection.execute("DROP TABLE cells")
    return missed


def _missed(connection: Connection, plan: Plan) -> dict[str, int]:
    if plan.types is None:
        return {}
    query = "SELECT type_word // 2, count(*) FROM cells WHERE type_word IS NOT NULL GROUP BY ALL"
    codes = list(facility_types())
    counts = {codes[number]: count for number, count in connection.execute(query).fetchall()}
    return {code: count for code, count in counts.items() if code not in plan.types}


def fill(connection: Connection, table: str, columns: Mapping[str, str], rows: list[Any]) -> None:
    """Make a table of rows given from here; `columns` are names and SQL types."""
    kinds = ", ".join(f"unnest(${at}::{kind}[])" for at, kind in enumerate(columns.values(), 1))
    names = ", ".join(columns)
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM (SELECT {kinds}) AS t({names})",
        [[row[at] for row in rows] for at in range(len(columns))],
    )


def _make_types(connection: Connection) -> None:
    words = [word for one in facility_types().values() for word in (one.code, one.name_zh)]
    listed = ", ".join(exp.Literal.string(word).sql("duckdb") for word in words)
    connection.execute(f"DROP TYPE IF EXISTS {TYPE_WORDS}")
    connection.execute(f"CREATE TYPE {TYPE_WORDS} AS ENUM ({listed})")


def _make_bits(connection: Connection, plan: Plan) -> None:
    """Make the table of the bits that count for each word that names a type; two words a type."""
    columns = {"type_word": "INTEGER", "type_no": "SMALLINT"}
    names = [f"{name}{at}" for name, mask in _masks(plan) for at in range(len(mask.words))]
    rows = []
    for number, one in enumerate(facility_types()):
        if plan.types is not None and one not in plan.types:
            continue
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
    # a type that is not looked at has no bits
    is_odd: exp.Expr = exp.func("coalesce", exp.paren(any_of(odd)), exp.true())
    is_odd = exp.or_(_of("bits", "type_no").is_(exp.null()), is_odd)
    filled = exp.Not(this=_of("cells", "blank"))
    exact = exp.and_(filled, exp.or_(_of("cells", "strange"), is_odd))
    kept: list[exp.Expr] = [named(_of("cells", "rowid"), "place")]
    kept += [named(exact, "exact"), _of("cells", "blank"), _of("bits", "type_no")]
    for at in range(len(plan.mask.words)):
        without = exp.case().when(_of("cells", "has_code"), literal(plan.mask.kept_with_code(at)))
        bits = _and(_of("cells", f"r{at}"), _of("bits", f"a{at}"))
        bits = _and(bits, without.else_(literal(-1)))
        kept.append(named(plan.mask.first_of_chains(at, bits), f"w{at}"))
    kept += [_of("cells", f"f{index}") for index in unread(plan.columns)]
    kept += [_of("cells", key) for key in NEEDED]
    kept += [_of("cells", f"k_{key}") for key in numbered(plan)]
    joined = select(kept, exp.to_table("cells"))
    return joined.join("bits", using=["type_word"], join_type="left", copy=False)


def _of(table: str, column: str) -> exp.Expr:
    return exp.column(column, table=table)


def _and(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.BitwiseAnd(this=exp.paren(left), expression=exp.paren(right))
