"""Cells that come again and again: each different one is looked at once, not row by row.

Parts of a file tell which columns hold few different cells. Those of them with which no condition
on this one cell finds anything wrong become an enumeration: a row whose cell is of it need not be
asked about it. Any other cell is looked at as in every file.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sqlglot import exp

from registry.bulk.canonical import CanonicalFile
from registry.bulk.compile.values import TRUE
from registry.bulk.engine import Connection
from registry.bulk.file_cells import cell_of, source
from registry.bulk.plan import Plan, is_numeric, named
from registry.bulk.sure import known_type, numbers, of_one_cell
from registry.temporary import temporary_folder

STRETCHES: Final = 64
STRETCH_BYTES: Final = 1 << 16
FROM_BYTES: Final = 1 << 24
"""A smaller file is looked at in less time than its parts take."""

FEW: Final = 0.5
"""Of a column that holds something in a smaller share of the rows, no cell is looked for."""

MET_AGAIN: Final = 0.97
"""The least share of a column's cells that came twice or more in the parts, and are plain.

A cell of the rest is as likely one that was not met as a cell of the parts came once (Good 1953);
to look for a word that an enumeration has not costs DuckDB as much as fifty that it has.
"""

MET, PLAIN = "met_cells", "plain_cells"


def known_cells(connection: Connection, file: CanonicalFile, plan: Plan) -> frozenset[str]:
    """Make the enumerations; return the elements that have one. `plan` looks at the types met."""
    if file.path.stat().st_size < FROM_BYTES:
        return frozenset()
    _read_parts(connection, file, plan)
    asked = of_one_cell(plan)
    dear = [key for key, odd in asked.items() if odd.find(exp.RegexpLike) is not None]
    known = [key for key in dear if _enumerate(connection, key, asked[key])]
    connection.execute(f"DROP TABLE IF EXISTS {PLAIN}")
    connection.execute(f"DROP TABLE {MET}")
    return frozenset(known)


def _read_parts(connection: Connection, file: CanonicalFile, plan: Plan) -> None:
    """Make the table of the cells met, in columns called as their elements."""
    cells = [named(cell_of(plan, key), key).sql("duckdb") for key in plan.values]
    figures = [named(one, name).sql("duckdb") for name, one in numbers(plan)]
    with temporary_folder() as folder:
        parts = folder / "parts.csv"
        with parts.open("wb") as kept:
            kept.writelines(_stretches(file))
        rows = source(replace(file, path=parts, skip=0))
        # a part may begin within a cell
        rows.append("expressions", exp.EQ(this=exp.to_identifier("ignore_errors"), expression=TRUE))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {MET} AS SELECT {', '.join(['*', *figures])} "
            f"FROM (SELECT {', '.join(cells)} FROM {rows.sql('duckdb')})"
        )


def _stretches(file: CanonicalFile) -> Iterator[bytes]:
    """Yield the whole lines of parts of the file, but for the first of each."""
    size = file.path.stat().st_size
    with file.path.open("rb") as opened:
        for start in range(0, size, max(size // STRETCHES, STRETCH_BYTES)):
            opened.seek(start)
            stretch = opened.read(STRETCH_BYTES)
            yield stretch[stretch.find(b"\n") + 1 : stretch.rfind(b"\n") + 1]


def _enumerate(connection: Connection, key: str, odd: exp.Expr) -> bool:
    """Make the enumeration of the plain cells met where it is worth it; say whether it is."""
    again = (
        f"SELECT sum(n), sum(n) FILTER (n > 1), (SELECT count(*) FROM {MET}) FROM (SELECT "
        f'count(*) AS n FROM {MET} WHERE "{key}" IS NOT NULL GROUP BY "{key}")'
    )
    filled, twice, rows = connection.execute(again).fetchall()[0]
    if (filled or 0) < FEW * rows or (twice or 0) < MET_AGAIN * filled:
        return False
    figure = f', any_value("{key} #") AS "{key} #"' if is_numeric(key) else ""
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {PLAIN} AS SELECT "{key}" AS word, n '
        f'FROM (SELECT "{key}", count(*) AS n{figure} FROM {MET} '
        f'WHERE "{key}" IS NOT NULL GROUP BY "{key}") '
        f"WHERE coalesce(NOT ({odd.sql('duckdb')}), true)"
    )
    ((plain,),) = connection.execute(f"SELECT sum(n) FROM {PLAIN} WHERE n > 1").fetchall()
    if (plain or 0) < MET_AGAIN * filled:
        return False
    connection.execute(f"DROP TYPE IF EXISTS {known_type(key)}")
    connection.execute(f"CREATE TYPE {known_type(key)} AS ENUM (SELECT word FROM {PLAIN})")
    return True
