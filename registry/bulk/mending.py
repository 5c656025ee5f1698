"""Mend the cells that are not plain as the check row by row does, each different cell only once.

A department's file may hold a million dates written `2015/9/1` and a few thousand different ones.
Each is read by the reader of small files; SQL puts what was read in the place of the cell, and
what was said about it stands in the mask. A cell that leaves anything open gives its row up.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlglot import exp

from codes.elements import all_fields
from registry.bulk.compile.values import Value, literal
from registry.bulk.conditions import ALL
from registry.bulk.engine import Connection, fill
from registry.bulk.file_cells import cell_of, columns_of
from registry.bulk.in_form import FROM_PRIVATE
from registry.bulk.odd_cells import (
    EMPTY,
    GIVEN_UP,
    SILENT,
    Mending,
    ReadCell,
    read_odd,
)
from registry.bulk.plain import is_odd, variants
from registry.bulk.plan import NO_TYPE, Plan, column_called, named, type_numbers
from registry.bulk.several_columns import read_several
from registry.uploads.normalising.row import known_fields, read_type
from registry.uploads.source import is_blank

BATCH: Final = 10_000
JOINED: Final = 16
"""Tables joined at a time: each join takes some megabytes of the memory there is."""

FEW: Final = 8
"""Of so many different cells each is told apart in the query itself."""

HEAD: Final = 12_000
"""Rows by which it is known of which elements the cells come again."""

ROWS: Final = "rest"
READ: Final = {"seen": "VARCHAR", "of_type": "SMALLINT", "value": "VARCHAR", "state": "SMALLINT"}
"""The tables m0, m1, ...: `ReadCell`."""


def read_types(connection: Connection, plan: Plan, mending: Mending, words: str) -> None:
    """Make the table `read_type` (seen, value: the type's index, state) of unknown words."""
    rows = []
    numbers = type_numbers()
    for (seen,) in connection.execute(words).fetchall():
        written = seen.translate(FROM_PRIVATE)
        if is_blank(written) and not (written := plan.given.get("type", "")):
            rows.append((seen, numbers[NO_TYPE], EMPTY))
            continue
        kind, rule, _ = read_type(written)
        state = mending.state("type", rule, "" if kind else ALL) if rule else SILENT
        if plan.names.key(written) == "type":
            state = GIVEN_UP
            mending.left.add("type")
        rows.append((seen, numbers[kind.code if kind else NO_TYPE], state))
    columns = {"seen": "VARCHAR", "value": "SMALLINT", "state": "SMALLINT"}
    fill(connection, "read_type", columns, rows)


def mend(connection: Connection, mending: Mending) -> None:
    """Read each different cell of the table `rest` that is not plain. `plan` knows the types."""
    plan = mending.plan
    again = _come_again(connection, plan)
    for key in plan.values:
        forms = list(variants(key, plan.types))
        if len(forms) > 1:
            mending.parted.add(key)
        rows = list(_read_cells(connection, mending, key, again=key in again))
        if not rows:
            continue
        if any(state == GIVEN_UP for *_, state in rows):
            mending.left.add(key)
        table = mending.tables[key] = f"m{len(mending.tables)}"
        if len(rows) <= FEW:
            mending.few[key] = rows
        else:
            fill(connection, table, READ, rows)


def mended_rows(connection: Connection, mending: Mending) -> str:
    """Return the query of the rows with what was read beside their cells."""
    tables = [one for one in mending.tables.items() if one[0] not in mending.few]
    rows = ROWS
    while len(tables) > JOINED:
        query = _joined(mending, rows, tables[:JOINED], {})
        rows = f"{rows}_"
        connection.execute(f"CREATE OR REPLACE TABLE {rows} AS {query}")
        del tables[:JOINED]
    return _joined(mending, rows, tables, mending.few)


def _joined(
    mending: Mending,
    rows: str,
    tables: Sequence[tuple[str, str]],
    few: Mapping[str, Sequence[ReadCell]],
) -> str:
    columns, joins = ["r.*"], []
    for key, table in tables:
        value, state = (column_called(f"{key} {mark}").sql("duckdb") for mark in "=~")
        columns += [f"{table}.value AS {value}", f"{table}.state AS {state}"]
        cell = cell_of(mending.plan, key).sql("duckdb")
        of_type = f" AND {table}.of_type = r.type_no" if key in mending.parted else ""
        joins.append(f"LEFT JOIN {table} ON {table}.seen = {cell}{of_type}")
    for key, cells in few.items():
        columns += _written_out(mending, key, cells)
    return f"SELECT {', '.join(columns)} FROM {rows} AS r {' '.join(joins)}"


def _written_out(mending: Mending, key: str, rows: Sequence[ReadCell]) -> list[str]:
    """The value and the state of a cell of which few are different, without a table to join."""
    cell = cell_of(mending.plan, key)
    value, state = exp.case(), exp.case()
    for seen, number, text, said in rows:
        is_it: exp.Expr = exp.EQ(this=cell.copy(), expression=exp.Literal.string(seen))
        if number is not None:
            of_type = exp.EQ(this=exp.column("type_no"), expression=literal(number))
            is_it = exp.and_(of_type, is_it)
        read = exp.null() if text is None else exp.Literal.string(text)
        value, state = value.when(is_it, read), state.when(is_it.copy(), literal(said))
    kinds = ((value, "=", "varchar"), (state, "~", "smallint"))
    return [named(exp.cast(one, kind), f"{key} {mark}").sql("duckdb") for one, mark, kind in kinds]


def _come_again(connection: Connection, plan: Plan) -> set[str]:
    """Return the elements whose cells come twice or more, by the first rows."""
    keys = list(plan.values)
    cells = [cell_of(plan, key).sql("duckdb") for key in keys]
    counted = ", ".join(f"2 * approx_count_distinct({cell}) <= count({cell})" for cell in cells)
    head = f"SELECT {counted} FROM (SELECT * FROM {ROWS} LIMIT {HEAD})"
    found = connection.execute(head).fetchone() if keys else None
    return {key for key, again in zip(keys, found or (), strict=True) if again}


def _odd_cells(mending: Mending, key: str, *, again: bool) -> str:
    """The query of the different cells that are not plain, and the types they are read for.

    Where cells come `again` each is looked at once: by CASE, for what is asked of a cell that is
    grouped by alone DuckDB asks of every row before.
    """
    plan = mending.plan
    cell = cell_of(plan, key).sql("duckdb")
    of_type = "type_no" if key in mending.parted else "NULL::SMALLINT"
    filled = f"FROM {ROWS} WHERE type_no IS NOT NULL AND {cell} IS NOT NULL"
    seen = exp.column("seen") if again else cell_of(plan, key)
    odd = is_odd(key, Value(seen), plan.unit(key), plan.types).sql("duckdb")
    if not again:
        return f"SELECT DISTINCT {cell}, {of_type} {filled} AND ({odd})"
    grouped = f"SELECT {cell} AS seen, {of_type} AS of_type, count(*) AS n {filled} GROUP BY ALL"
    return f"SELECT seen, of_type FROM ({grouped}) WHERE CASE WHEN n > 0 THEN {odd} END"


def _read_cells(
    connection: Connection, mending: Mending, key: str, *, again: bool
) -> Iterator[ReadCell]:
    plan = mending.plan
    cursor = connection.execute(_odd_cells(mending, key, again=again))
    codes = {number: code for code, number in type_numbers().items()}
    ((form, *_),) = [[one for one, _ in variants(key, plan.types)] or [all_fields()[key]]]
    read = read_several if len(columns_of(plan, key)) > 1 else read_odd
    while rows := cursor.fetchmany(BATCH):
        for seen, number in rows:
            known = form if number is None else known_fields(codes[number] or None).get(key)
            yield seen, number, *read(seen, key, known or all_fields()[key], mending)
