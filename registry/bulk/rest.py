# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
"""The rows that are not sure: place, cells c0, c1, ..., type_no, state of the type.

Of a good file they are the few that the first query leaves. Where most rows of a file are odd that
query is asked for nothing, and all of them are read here at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from registry.bulk.canonical import CanonicalFile
from registry.bulk.cells_query import type_no
from registry.bulk.compile.values import literal
from registry.bulk.engine import Connection, on_one_core
from registry.bulk.file_cells import cell_columns, cell_of, cells_again, source
from registry.bulk.mending import ROWS, read_types
from registry.bulk.odd_cells import Mending, state_of
from registry.bulk.plan import NO_TYPE, type_numbers
from registry.temporary import temporary_folder

MOSTLY: Final = 0.5
"""From this share of odd rows on, to judge every row in full costs less than to find the others."""

STRETCHES: Final = 8
STRETCH_BYTES: Final = 1 << 15

HELD: Final = "held.rest"
"""In memory, and beyond that in files thrown away: not compressed, which takes longer to write."""


def mostly_odd(connection: Connection, file: CanonicalFile, query: str) -> bool:
    """Say whether most rows are odd, by a few stretches of the file.

    `query` is the one that reads it and tells which are `sure`. Raises duckdb.Error for lines that
    are not in the form.
    """
    with temporary_folder() as folder:
        sample = folder / "sample.csv"
        sample.write_bytes(_stretches(file))
        of_sample = query.replace(_quoted(file.path), _quoted(sample))
        counted = f"SELECT count(*) FILTER (NOT sure), count(*) FROM ({of_sample})"
        odd, every = connection.execute(counted).fetchone() or (0, 0)
    return int(odd) > MOSTLY * int(every)


def take_rest(connection: Connection, file: CanonicalFile, mending: Mending, lines: str) -> None:
    """Make the view `rest` of the rows of the table `lines` that are not sure."""
    columns = ", ".join(one.sql("duckdb") for one in cells_again(file))
    _make_rest(connection, mending, f"SELECT rowid AS place, {columns} FROM {lines} WHERE NOT sure")
    connection.execute(f"CREATE OR REPLACE VIEW {ROWS} AS SELECT * FROM {HELD}")


def read_rest(connection: Connection, file: CanonicalFile, mending: Mending) -> None:
    """Make the view `rest` of all rows of the file."""
    columns = ", ".join(cell_columns(file))
    _make_rest(connection, mending, f"SELECT {columns} FROM {source(file).sql('duckdb')}")
    connection.execute(f"CREATE OR REPLACE VIEW {ROWS} AS SELECT rowid AS place, * FROM {HELD}")


def _make_rest(connection: Connection, mending: Mending, cells: str) -> None:
    """Make the table of a query, with the types of its rows: few words for one are not our own."""
    cell = cell_of(mending.plan, "type")
    word, known = cell.sql("duckdb"), type_no(cell).sql("duckdb")
    state, none = state_of("type").sql("duckdb"), type_numbers()[NO_TYPE]
    connection.execute("ATTACH IF NOT EXISTS ':memory:' AS held")
    with on_one_core(connection):
        connection.execute(
            f"CREATE OR REPLACE TABLE {HELD} AS "
            f"SELECT *, {known} AS type_no, NULL::SMALLINT AS {state} FROM ({cells})"
        )
    unknown = f"SELECT DISTINCT {word} FROM {HELD} WHERE type_no IS NULL AND {word} IS NOT NULL"
    read_types(connection, mending.plan, mending, unknown)
    connection.execute(
        f"UPDATE {HELD} SET type_no = t.value, {state} = t.state FROM read_type AS t "
        f"WHERE type_no IS NULL AND t.seen = {word}"
    )
    connection.execute(f"UPDATE {HELD} SET type_no = {none} WHERE type_no IS NULL")


def _quoted(path: Path) -> str:
    return literal(str(path)).sql("duckdb")


def _stretches(file: CanonicalFile) -> bytes:
    """The lines before the data, and whole lines from places all over the file."""
    size = file.path.stat().st_size
    step = max(size // STRETCHES, STRETCH_BYTES)
    with file.path.open("rb") as opened:
        found = [opened.readline() for _ in range(file.skip)]
        begin = opened.tell()
        for start in range(begin, size, step):
            opened.seek(start)
            if start > begin:
                opened.readline()
            found += opened.readlines(STRETCH_BYTES)
    return b"".join(found)
