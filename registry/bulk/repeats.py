"""Find the rows of a whole file that say the same facility again, by hashes of what they share.

Keys are hashed to 64 bits in DuckDB, also those of rows judged exactly, and looked at one kind
after the other, which comes to what the exact path's looking row by row comes to. Two different
keys with one hash are to be expected once in some 10 ** 5 files of ten million rows.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from codes.facility_types import facility_types
from codes.identifier_schemes import identifier_schemes
from registry.bulk.checks import facility_code_valid
from registry.bulk.engine import Connection, fill
from registry.bulk.places import COUNTY, PLACED
from registry.uploads.judged import Judged
from registry.uploads.repeated import keys_of

STEPS: Final = ("code", *identifier_schemes(), "place")
"""In this order a row's keys are looked at."""


@dataclass(frozen=True)
class Repeat:
    """A row that repeats an earlier one; both by their places among the data lines.

    A row of an earlier sheet has a place below 0.
    """

    place: int
    first: int
    element: str | None


KeyRow = tuple[int, int, int | None, str | None, str, str]
"""Place, step, type, county, and the two texts that are hashed (the second often empty)."""


GIVEN: Final = {
    "place": "BIGINT",
    "step": "INTEGER",
    "type_no": "INTEGER",
    "county": "VARCHAR",
    "one": "VARCHAR",
    "other": "VARCHAR",
}
"""The table of the keys of rows judged exactly: `KeyRow`."""


KEYS_GIVEN: Final = (
    "SELECT place, step, CASE WHEN type_no IS NULL THEN hash(one) "
    "ELSE hash(type_no, county, hash(one, other)) END AS h FROM given"
)

EARLIER: Final = "earlier_keys"
"""The view of the keys of earlier sheets, all at places below 0."""

AT_ONCE: Final = 2_000_000
"""Keys that are grouped at once: of ten million DuckDB holds more than its memory may be."""

_NAMED_ALIKE: Final = (
    "SELECT name_hash FROM (SELECT name_hash FROM decided WHERE name_hash IS NOT NULL UNION ALL "
    "SELECT hash(one, other) FROM given WHERE type_no IS NOT NULL) WHERE {slice} "
    "GROUP BY ALL HAVING count(*) > 1"
)
"""Only of these few is the county looked up in a table that is compared with no other."""

_NAMED: Final = "SELECT DISTINCT name_hash FROM decided WHERE name_hash IS NOT NULL AND {slice}"


def key_rows(place: int, row: Judged) -> list[KeyRow]:
    """Return the keys of a row judged exactly."""
    return [_key_row(place, key) for key in keys_of(row)]


def find_repeats(
    connection: Connection, numbered: Sequence[str], *, alone: bool = True, earlier: bool = False
) -> None:
    """Make the tables `keys` of all rows, and `repeats` (place, first, step) of those that repeat.

    `numbered` are the columns k_<key> there are; the keys of rows judged exactly are in `given`,
    those of `earlier` sheets, if any, in `EARLIER`. Of a table that is looked at `alone` not every
    key is needed.
    """
    place_step = STEPS.index("place")
    named = _NAMED_ALIKE if alone else _NAMED
    _in_slices(connection, "named_alike", {"name_hash": "UBIGINT"}, named, "decided")
    parts = [_numbers(key) for key in numbered]
    parts += [
        f"SELECT k.place, {place_step} AS step, "
        f"hash(k.type_no::INTEGER, {COUNTY}, k.name_hash) AS h "
        f"FROM (FROM decided SEMI JOIN named_alike USING (name_hash)) AS k {PLACED} "
        f"WHERE {COUNTY} IS NOT NULL AND k.type_no >= 0",
        KEYS_GIVEN,
    ]
    connection.execute(f"CREATE OR REPLACE TABLE keys AS {' UNION ALL '.join(parts)}")
    every = f"(FROM keys UNION ALL BY NAME FROM {EARLIER})" if earlier else "keys"
    shared = f"SELECT step, h FROM {every} WHERE {{slice}} GROUP BY ALL HAVING count(*) > 1"
    _in_slices(connection, "shared_keys", {"step": "INTEGER", "h": "UBIGINT"}, shared, every)
    connection.execute(
        f"CREATE OR REPLACE TABLE shared AS SELECT * FROM {every} SEMI JOIN shared_keys "
        "USING (step, h)"
    )
    kinds = {"place": "BIGINT", "first": "BIGINT", "step": "INTEGER"}
    fill(connection, "repeats", kinds, [])
    steps = connection.execute("SELECT DISTINCT step FROM shared ORDER BY step").fetchall()
    for (step,) in steps:
        _find_at(connection, step)
    if earlier:
        connection.execute("DELETE FROM repeats WHERE place < 0")


def _in_slices(
    connection: Connection, table: str, columns: Mapping[str, str], query: str, rows: str
) -> None:
    """Make a table of a query that groups by its last column, a hash, `{slice}` by slice."""
    fill(connection, table, columns, [])
    counted = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    slices = 1 + int(counted[0] if counted else 0) // AT_ONCE
    *_, hashed = columns
    for at in range(slices):
        part = query.format(slice=f"{hashed} % {slices} = {at}")
        connection.execute(f"INSERT INTO {table} {part}")


def first_repeats(connection: Connection, most: int) -> Iterator[Repeat]:
    """Yield of each step the first rows that repeat, `most` of each, in the order of the file."""
    cursor = connection.execute(
        "SELECT place, first, step FROM repeats "
        f"QUALIFY row_number() OVER (PARTITION BY step ORDER BY place) <= {most} "
        "ORDER BY step, place"
    )
    for place, first, step in cursor.fetchall():
        yield Repeat(place, first, element_of(step))


def element_of(step: int) -> str | None:
    """Return the element whose key is looked at in a step; None for type, place and name."""
    return None if STEPS[step] == "place" else STEPS[step]


def _find_at(connection: Connection, step: int) -> None:
    """Add the rows that repeat at one step.

    A row found to repeat at an earlier one adds no further keys, so the first of those left with a
    key is the one that the others repeat.
    """
    left = f"FROM shared WHERE step = {step} AND place NOT IN (SELECT place FROM repeats)"
    connection.execute(
        f"INSERT INTO repeats SELECT place, first, {step} FROM (SELECT place, h {left}) "
        f"JOIN (SELECT h, min(place) AS first {left} GROUP BY h) USING (h) WHERE place <> first"
    )


def _numbers(key: str) -> str:
    column = exp.column(f"k_{key}", table="k", quoted=True)
    valid = facility_code_valid(column).sql("duckdb") if key == "code" else "true"
    text = column.sql("duckdb")
    return (
        f"SELECT k.place, {STEPS.index(key)} AS step, hash({text}) AS h "
        f"FROM decided AS k WHERE {text} IS NOT NULL AND {valid}"
    )


def _key_row(place: int, key: tuple[Any, ...]) -> KeyRow:
    step = STEPS.index(key[0])
    if key[0] != "place":
        return place, step, None, None, str(key[1]), ""
    type_code, county, name = str(key[1]).split("|", 2)
    return place, step, list(facility_types()).index(type_code), county, name, str(key[2])
