# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
"""The scan of a file in DuckDB: rows that are sure, and the others judged in full, once mended.

Where most rows of a file are odd, none is called sure and all are judged in full.

It leaves, with the columns that `registry.bulk.cells_query` names and the place of each line among
the data lines, from 0:

sure_rows     lines with which nothing is wrong but empty cells (words e0, e1, ...)
judged_rows   lines judged in full (words r0, r1, ...), blank ones and exact ones left out
decided       both, with what they have in common
exact_rows    the places of the rows that are for the exact path; `give_up` adds to them
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlglot import exp

from codes.facility_types import facility_types
from registry.bulk.canonical import CanonicalFile
from registry.bulk.cells_query import (
    TYPE_WORDS,
    first_query,
    second_query,
)
from registry.bulk.compile.values import any_of
from registry.bulk.engine import Connection
from registry.bulk.known_cells import known_cells
from registry.bulk.mending import ROWS, mend, mended_rows
from registry.bulk.odd_cells import Mending
from registry.bulk.plan import Plan, numbered, type_numbers, unread
from registry.bulk.rest import mostly_odd, read_rest, take_rest
from registry.bulk.row_parts import KEPT
from registry.bulk.turning import turn

LINES, JUDGED = "lines", "judged"
MENDED: Final = "mended_rows"
SCANNED: Final = "scanned"
"""What has a row of each line that was read."""


@dataclass(frozen=True)
class First:
    """The query that reads a file and tells which lines are sure, and the plan it goes by."""

    plan: Plan
    query: str


@dataclass(frozen=True)
class Scanned:
    """What the tables of a scan are to be read by: the plan of the sure rows and of the others."""

    first: Plan | None
    second: Plan


def scan(connection: Connection, file: CanonicalFile, plan: Plan) -> Scanned:
    """Make the tables. `plan` looks at the types that were met in parts of the file.

    Raises duckdb.Error when the text is not as the form says.
    """
    mending = Mending(plan)
    first = look_over(connection, file, plan)
    if first is None:
        read_rest(connection, file, mending)
    else:
        connection.execute(f"CREATE OR REPLACE TABLE {LINES} AS {first.query}")
        take_rest(connection, file, mending, LINES)
        plan = first.plan
    read = LINES if first else ROWS
    connection.execute(f"CREATE OR REPLACE VIEW {SCANNED} AS SELECT * FROM {read}")
    met = {at for (at,) in connection.execute(f"SELECT DISTINCT type_no FROM {ROWS}").fetchall()}
    types = tuple(code for code, number in type_numbers().items() if number in met)
    mending.plan = replace(plan, types=types)
    mend(connection, mending)
    turning = turn(mending, mended_rows(connection, mending))
    second = replace(mending.plan, mends=(*mending.conditions(), *turning.said))
    connection.execute(f"CREATE OR REPLACE VIEW {MENDED} AS {turning.rows}")
    given_up = any_of(mending.given_up())
    judged = second_query(file, second, exp.to_table(MENDED), turning.cells, given_up)
    connection.execute(f"CREATE OR REPLACE TABLE {JUDGED} AS {judged.sql('duckdb')}")
    sure = f"SELECT rowid AS place, * FROM {LINES} WHERE sure" if first else None
    make_views(connection, plan, sure)
    return Scanned(plan if first else None, second)


def look_over(connection: Connection, file: CanonicalFile, plan: Plan) -> First | None:
    """Return how to tell the sure lines of a file, None where most are odd and it is of no use.

    Raises duckdb.Error for lines that are not in the form.
    """
    make_types(connection)
    query = first_query(file, plan).sql("duckdb")
    if mostly_odd(connection, file, query):
        return None
    if known := known_cells(connection, file, plan):
        plan = replace(plan, known=known)
        query = first_query(file, plan).sql("duckdb")
    return First(plan, query)


def make_views(connection: Connection, plan: Plan, sure: str | None) -> None:
    """Make the views on the table `judged` and on the query of the sure rows, if there is one."""
    exact = f"SELECT place FROM {JUDGED} WHERE exact AND NOT blank"
    connection.execute(f"CREATE OR REPLACE TABLE exact_rows AS {exact}")
    kept = "place NOT IN (SELECT place FROM exact_rows)"
    own = f"SELECT * FROM {JUDGED} WHERE NOT blank"
    common = ["place", "type_no", "has_code", *KEPT, *(f"k_{key}" for key in numbered(plan))]
    common += [f"f{index}" for index in unread(plan.columns)]
    named = ", ".join(f'"{name}"' for name in common)
    views = {"judged_rows": own, "sure_rows": sure} if sure else {"judged_rows": own}
    for name, query in views.items():
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM ({query}) WHERE {kept}")
    both = " UNION ALL ".join(f"SELECT {named} FROM {name}" for name in views)
    connection.execute(f"CREATE OR REPLACE VIEW decided AS {both}")


def lines_scanned(connection: Connection) -> int:
    """Return how many lines the scan has read."""
    found = connection.execute(f"SELECT count(*) FROM {SCANNED}").fetchone()
    return int(found[0]) if found else 0


def give_up(connection: Connection, places: str, parameters: list[object] | None = None) -> None:
    """Leave the rows at the places of a query to the exact path."""
    connection.execute(f"INSERT INTO exact_rows {places}", parameters or [])


def make_types(connection: Connection) -> None:
    """Make the enumeration of the words that name a type, two words a type."""
    words = [word for one in facility_types().values() for word in (one.code, one.name_zh)]
    listed = ", ".join(exp.Literal.string(word).sql("duckdb") for word in words)
    connection.execute(f"DROP TYPE IF EXISTS {TYPE_WORDS}")
    connection.execute(f"CREATE TYPE {TYPE_WORDS} AS ENUM ({listed})")
