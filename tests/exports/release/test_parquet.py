"""Parquet says the same as the snapshot: codes as text, dates as dates, nothing guarded."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import duckdb

from exports.release.allow_list import PublicColumn, allow_list
from exports.release.formats.duck import parquet_name
from exports.release.formats.parquet import TYPES
from tests.exports.release.small_registry import NAMES, code_of


def _plain(column: PublicColumn, value: object) -> object:
    """The snapshot keeps days as text, and tells an empty text from none."""
    if column.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return None if value == "" else value


def test_every_table_has_the_rows_of_the_snapshot(
    release: Path, snapshot: sqlite3.Connection
) -> None:
    for table in allow_list().tables.values():
        read = duckdb.read_parquet(str(release / parquet_name(table.name)))
        assert read.columns == list(table.columns), table.name
        kinds = [TYPES[column.kind] for column in table.columns.values()]
        assert [str(kind) for kind in read.types] == kinds, table.name
        order = ", ".join(f'"{name}"' for name in table.key)
        rows = snapshot.execute(f'SELECT * FROM "{table.name}" ORDER BY {order}')
        wanted = [
            tuple(_plain(*pair) for pair in zip(table.columns.values(), row, strict=True))
            for row in rows.fetchall()
        ]
        assert read.fetchall() == wanted, table.name


def test_a_text_like_a_formula_is_exact(release: Path) -> None:
    rows = duckdb.read_parquet(str(release / "parquet" / "facility.parquet"))
    names = dict(rows.project("code, name").fetchall())
    for key in ("formula", "apostrophe", "hostile", "odd"):
        assert names[code_of(key)] == NAMES[key][2]
