"""Place the rows that SQL decides: each division as written once, points and addresses in arrays.

What is found goes by the very functions of the check row by row, into three tables:

p      division, as_of -> county, rule: a division as it is written
q      place -> county, rule: a row without division, or whose division was split
s      place -> said: bits of what is wrong with where a row stands (see `registry.bulk.points`)
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from sqlglot import exp

from codes.datums import UNKNOWN
from codes.divisions import county_of
from registry.bulk.engine import Connection, fill
from registry.bulk.points import Points
from registry.bulk.row_parts import HEAD_CHARACTERS
from registry.bulk.scan import give_up
from registry.bulk.squares import unsure_points
from registry.uploads.judged import Context
from registry.uploads.placing.address import _city as city_names
from registry.uploads.placing.address import county_named
from registry.uploads.placing.by_code import place_by_code
from registry.uploads.placing.settle import settle

BATCH: Final = 20_000
"""Rows that are placed at a time."""

SPLIT: Final = "division_split"
PROPOSED, UNCERTAIN = "division_proposed", "division_uncertain"
BY_POINT: Final = frozenset({PROPOSED, UNCERTAIN})
"""Rules that stand in the place of a division."""

PLACED: Final = (
    "LEFT JOIN p ON k.division = p.division AND coalesce(k.as_of, '') = p.as_of "
    "LEFT JOIN q ON k.place = q.place"
)
"""What joins rows `k` with their placement: `COUNTY` and `RULE`."""

COUNTY: Final = "coalesce(q.county, p.county)"
RULE: Final = "coalesce(q.rule, p.rule)"

_LOCATED: Final = (
    f"SELECT k.place, {COUNTY} AS county, k.datum, k.longitude, k.latitude, k.has_code, "
    f"k.address_head FROM decided AS k {PLACED}"
)


def place(connection: Connection, context: Context) -> None:
    """Make the tables; a row whose address is too long to settle its division becomes exact."""
    _place_divisions(connection, context)
    _place_others(connection, context)
    _find_elsewhere(connection, context)
    _find_strays(connection)


def _place_divisions(connection: Connection, context: Context) -> None:
    written = connection.execute(
        "SELECT DISTINCT k.division, coalesce(k.as_of, '') FROM decided AS k "
        "WHERE k.division IS NOT NULL"
    ).fetchall()
    rows = []
    for division, as_of in written:
        placement = place_by_code(division, _day(as_of, context), context.today)
        county = county_of(placement.code) if placement.code else None
        rows.append((division, as_of, county, placement.rule))
    fill(connection, "p", dict.fromkeys(("division", "as_of", "county", "rule"), "VARCHAR"), rows)


def _place_others(connection: Connection, context: Context) -> None:
    """Place the rows that name no division, by their points, and those whose division was split."""
    fill(connection, "q", {"place": "BIGINT", "county": "VARCHAR", "rule": "VARCHAR"}, [])
    split = f"SELECT k.place FROM decided AS k {PLACED} WHERE p.rule = '{SPLIT}'"
    give_up(connection, f"{split} AND length(k.address_head) >= {HEAD_CHARACTERS}")
    columns = "k.place, k.division, coalesce(k.as_of, ''), k.address_head"
    query = (
        f"SELECT {columns}, k.longitude, k.latitude, coalesce(k.datum, '{UNKNOWN}') "
        f"FROM decided AS k {PLACED} WHERE p.rule = '{SPLIT}' OR (k.division IS NULL "
        "AND k.longitude IS NOT NULL AND k.latitude IS NOT NULL)"
    )
    for rows in _batches(connection, query):
        place_, division, as_of, head, *point = zip(*rows, strict=True)
        counties = Points.of(*point).counties()
        told = zip(division, as_of, head, counties, strict=True)
        found = [_settled(*one, context) for one in told]
        _add(connection, "q", (place_, *zip(*found, strict=True)))


def _settled(
    division: str | None, as_of: str, address: str | None, county: str | None, context: Context
) -> tuple[str | None, str]:
    """Return the county and the rule of a row, given the county its point lies in for certain."""
    if division is None:
        return county, PROPOSED if county else UNCERTAIN
    split = place_by_code(division, _day(as_of, context), context.today)
    settled = settle(split, address, county, context.today)
    return county_of(settled.code) if settled.code else None, str(settled.rule)


def _find_elsewhere(connection: Connection, context: Context) -> None:
    """Make the table `elsewhere` of the rows whose address begins with another county."""
    fill(connection, "elsewhere", {"place": "BIGINT"}, [])
    counties = connection.execute(
        f"SELECT DISTINCT county FROM ({_LOCATED}) WHERE county IS NOT NULL"
    )
    patterns = {county: _elsewhere(county, context) for (county,) in counties.fetchall()}
    # constants, so that each pattern is compiled once
    cases = " ".join(
        f"WHEN {_quoted(county)} THEN regexp_matches(address_head, {_quoted(pattern)})"
        for county, pattern in patterns.items()
        if pattern is not None
    )
    if not cases:
        return
    query = (
        f"SELECT place, county, address_head FROM ({_LOCATED}) WHERE NOT has_code "
        f"AND address_head IS NOT NULL AND CASE county {cases} ELSE false END"
    )
    for rows in _batches(connection, query):
        named = [
            place
            for place, county, head in rows
            if county_named(head, county, context.today) not in (None, county)
        ]
        _add(connection, "elsewhere", (named,))


def _find_strays(connection: Connection) -> None:
    """Make the table `s` of what is said of points and addresses."""
    fill(connection, "s", {"place": "BIGINT", "said": "TINYINT"}, [])
    wanted = f"{unsure_points(connection, _LOCATED)} UNION SELECT place FROM elsewhere"
    query = (
        "SELECT k.place, longitude, latitude, "
        f"coalesce(datum, '{UNKNOWN}'), county, NOT has_code, e.place IS NOT NULL "
        f"FROM ({_LOCATED}) AS k SEMI JOIN ({wanted}) AS w ON w.place = k.place "
        "LEFT JOIN elsewhere AS e ON e.place = k.place"
    )
    for rows in _batches(connection, query):
        places, lon, lat, datum, county, *about = zip(*rows, strict=True)
        is_new, elsewhere = (np.array(one, dtype=np.bool_) for one in about)
        said = Points.of(lon, lat, datum).said(county, is_new, elsewhere).tolist()
        found = [pair for pair in zip(places, said, strict=True) if pair[1]]
        _add(connection, "s", tuple(zip(*found, strict=True)))


def _batches(connection: Connection, query: str) -> Iterator[list[Any]]:
    """Yield the rows of a query; other queries may be asked meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _add(connection: Connection, table: str, columns: Sequence[Iterable[Any]]) -> None:
    given = [list(one) for one in columns]
    lists = ", ".join(f"unnest(${at})" for at in range(1, len(given) + 1))
    if given and given[0]:
        connection.execute(f"INSERT INTO {table} SELECT {lists}", given)


def _quoted(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")


def _elsewhere(county: str, context: Context) -> str | None:
    """A pattern for every address that names another county first; it may fit a few more."""
    counties, above = city_names(county, context.today)
    others = [_spaced(name) for code, name in counties if code != county]
    if not others:
        return None
    before = "".join(f"(?:{_spaced(name)} ?)?" for name in above)
    return f"^{before}(?:{'|'.join(others)})"


def _spaced(name: str) -> str:
    """A pattern for a name, however it is spaced."""
    return " ?".join(map(re.escape, name))


def _day(as_of: str, context: Context) -> date:
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        return context.today
