"""A DuckDB that writes a release's files from its Parquet tables, always the same way.

One thread, bounded memory, rows in the order they stand in: the same tables give the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER: Final = "parquet"
MEMORY: Final = "512MB"
AS_WRITTEN: Final = "SET disabled_optimizers = 'join_order,build_side_probe_side'"
"""A join keeps the order of the table it begins with only while it is carried out as written."""


@contextmanager
def columns_of(directory: Path) -> Iterator[DuckDBPyConnection]:
    """Give a connection for the release that is built in `directory`."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": MEMORY,
        "temp_directory": str(directory / ".duckdb"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=settings) as db:
        db.execute(AS_WRITTEN)
        yield db


def parquet_name(table: str) -> str:
    """Return the name of a table's Parquet file within the release."""
    return f"{FOLDER}/{table}.parquet"


def read_table(directory: Path, table: str) -> str:
    """Return the SQL that reads a table whose Parquet file stands in `directory`."""
    return f"read_parquet({path_text(directory / parquet_name(table))})"


def write_list(
    db: DuckDBPyConnection, path: Path, head: dict[str, Any], name: str, item: str, source: str
) -> None:
    """Write `head` as JSON with one more member `name`: the list of what `item` is of each row.

    `source` is the SQL of the rows, in order of a column `f.code`; each item stands in a line.
    """
    (last,) = db.execute(f"SELECT max(f.code) FROM {source}").fetchone() or (None,)  # noqa: S608
    opening = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "{name}": [\n'
    comma = f"CASE WHEN f.code < {literal(last or '')} THEN ',' ELSE '' END"
    db.execute(
        f"COPY (SELECT {item} || {comma} FROM {source})"  # noqa: S608
        f" TO {path_text(path)} (FORMAT csv, HEADER false, QUOTE '', DELIMITER '',"
        f" PREFIX {literal(opening)}, SUFFIX {literal(chr(10) + ']}' + chr(10))})"
    )


def path_text(path: Path) -> str:
    """Return a path as SQL."""
    return literal(os.fspath(path))


def literal(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"
