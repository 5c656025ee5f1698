"""Rows judged by SQL in DuckDB, and the same rows as `jsonschema` sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
from jsonschema import Draft202012Validator, FormatChecker
from sqlglot import exp

from registry.bulk.compile.schema import holds
from registry.bulk.compile.values import NUMBER, NUMERIC_TYPES, Value, number_in

Row = Mapping[str, str | None]

_NUMBER = re.compile(NUMBER)


def instance_of(schema: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """Return the row as a normalised instance: absent cells left out, figures as numbers."""
    kinds = {key: one.get("type") for key, one in schema.get("properties", {}).items()}
    return {
        key: _typed(cell, numeric=kinds.get(key) in NUMERIC_TYPES)
        for key, cell in row.items()
        if cell is not None
    }


def valid_by_jsonschema(schema: Mapping[str, Any], rows: Sequence[Row]) -> list[bool]:
    """Return the oracle's verdict on each row."""
    oracle = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    return [oracle.is_valid(instance_of(schema, row)) for row in rows]


def condition_on_read_numbers(schema: Mapping[str, Any]) -> exp.Expr:
    """Compile a schema as the engine does: on columns `key #` that hold the numbers read before."""
    values = {
        key: Value(_column(key), _column(f"{key} #") if one.get("type") in NUMERIC_TYPES else None)
        for key, one in schema["properties"].items()
    }
    return holds(schema, values, "/")


def valid_by_sql(condition: exp.Expr, columns: Sequence[str], rows: Sequence[Row]) -> list[Any]:
    """Return what an expression says of each row, in order."""
    connection = _duckdb()
    names = ", ".join(_column(key).sql("duckdb") for key in ("row number", *columns))
    lists = ", ".join(f"unnest(${at}::VARCHAR[])" for at in range(2, len(columns) + 2))
    cells = [[row.get(key) for row in rows] for key in columns]
    said = condition.sql("duckdb", copy=False)
    numbers = "".join(
        f', {number_in(_column(key)).sql("duckdb", copy=False)} AS "{key} #"'
        for key in columns
        if f'"{key} #"' in said
    )
    connection.execute(
        f'CREATE OR REPLACE TABLE "the rows" AS SELECT *{numbers} FROM '
        f"(SELECT unnest($1::INTEGER[]), {lists}) AS given({names})",
        [list(range(len(rows))), *cells],
    )
    query = f'SELECT {said} FROM "the rows" ORDER BY "row number"'
    return [row[0] for row in connection.execute(query).fetchall()]


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    """Give the one in use: opening another costs more than most questions."""
    return duckdb.connect(":memory:", config={"threads": 1})


def _column(name: str) -> exp.Expr:
    return exp.column(name, quoted=True)


def _typed(cell: str, *, numeric: bool) -> Any:
    if not numeric or not _NUMBER.fullmatch(cell):
        return cell
    figure = float(cell)
    return int(figure) if figure.is_integer() else figure
