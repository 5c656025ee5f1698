"""Find the rows of a whole file that say the same facility again, by hashes of what they share.

Keys are hashed to 64 bits in DuckDB, also those of rows judged exactly; only rows that share a key
come back here, in the order of the file, where the exact path's own order of looking is followed.
Two different keys with one hash are to be expected once in some 10 ** 5 files of ten million rows.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Sequence
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

BATCH: Final = 10_000


@dataclass(frozen=True)
class Repeat:
    """A row that repeats an earlier one; both by their places among the data lines."""

    place: int
    first: int
    element: str | None


KeyRow = tuple[int, int, int | None, str | None, str, str]
"""Place, step, type, county, and the two texts that are hashed (the second often empty)."""


def key_rows(place: int, row: Judged) -> list[KeyRow]:
    """Return the keys of a row judged exactly."""
    return [_key_row(place, key) for key in keys_of(row)]


def find_repeats(
    connection: Connection, numbered: Sequence[str], given: Sequence[KeyRow]
) -> list[Repeat]:
    """Return the rows that repeat an earlier one. `numbered` are the columns k_<key> there are."""
    kinds = ("BIGINT", "INTEGER", "INTEGER", "VARCHAR", "VARCHAR", "VARCHAR")
    names = ("place", "step", "type_no", "county", "one", "other")
    fill(connection, "given", dict(zip(names, kinds, strict=True)), list(given))
    parts = [_numbers(key) for key in numbered]
    place_step = STEPS.index("place")
    parts += [
        f"SELECT k.place, {place_step} AS step, "
        f"hash(k.type_no::INTEGER, {COUNTY}, k.name_hash) AS h "
        f"FROM decided AS k {PLACED} "
        f"WHERE {COUNTY} IS NOT NULL AND k.name_hash IS NOT NULL AND k.type_no >= 0",
        "SELECT place, step, CASE WHEN type_no IS NULL THEN hash(one) "
        "ELSE hash(type_no, county, hash(one, other)) END AS h FROM given",
    ]
    connection.execute(f"CREATE OR REPLACE TABLE keys AS {' UNION ALL '.join(parts)}")
    connection.execute(
        "CREATE OR REPLACE TABLE shared AS "
        "SELECT step, h FROM keys GROUP BY ALL HAVING count(*) > 1"
    )
    return _followed(connection)


def _numbers(key: str) -> str:
    column = exp.column(f"k_{key}", table="k", quoted=True)
    valid = facility_code_valid(column).sql("duckdb") if key == "code" else "true"
    text = column.sql("duckdb")
    return (
        f"SELECT k.place, {STEPS.index(key)} AS step, hash({text}) AS h "
        f"FROM decided AS k WHERE {text} IS NOT NULL AND {valid}"
    )


def _followed(connection: Connection) -> list[Repeat]:
    """Look at the shared keys row by row; a row found to repeat adds no further keys."""
    cursor = connection.execute(
        "SELECT place, step, h FROM keys SEMI JOIN shared USING (step, h) ORDER BY place, step"
    )
    first: dict[tuple[int, int], int] = {}
    repeats: list[Repeat] = []
    done = -1
    while rows := cursor.fetchmany(BATCH):
        for place, step, hashed in rows:
            if place == done:
                continue
            earlier = first.setdefault((step, hashed), place)
            if earlier != place:
                name = STEPS[step]
                repeats.append(Repeat(place, earlier, None if name == "place" else name))
                done = place
    return repeats


def _key_row(place: int, key: tuple[Any, ...]) -> KeyRow:
    step = STEPS.index(key[0])
    if key[0] != "place":
        return place, step, None, None, str(key[1]), ""
    type_code, county, name = str(key[1]).split("|", 2)
    return place, step, list(facility_types()).index(type_code), county, name, str(key[2])
