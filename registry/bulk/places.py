"""Place the rows that SQL decides: each division as written once, points and addresses in arrays.

What is found goes by the very functions of the check row by row, into three tables:

p      division, as_of -> county, rule: a division as it is written
q      place -> county, rule: a row without division, or whose division was split
s      place -> said: bits of what is wrong with where a row stands (see `registry.bulk.points`)
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, Final

import numpy as np

from codes.datums import UNKNOWN
from codes.divisions import county_of
from registry.bulk.addresses import begins_elsewhere
from registry.bulk.conditions import ALL
from registry.bulk.engine import Connection, append, fill
from registry.bulk.plan import Plan
from registry.bulk.points import Points
from registry.bulk.row_parts import HEAD_CHARACTERS
from registry.bulk.scan import JUDGED, give_up
from registry.bulk.squares import unsure_points
from registry.uploads.judged import Context
from registry.uploads.placing.address import county_named
from registry.uploads.placing.by_code import place_by_code
from registry.uploads.placing.settle import settle

BATCH: Final = 20_000
"""Rows that are placed at a time."""

HALVES: Final = 2
"""Parts of them whose points are judged at once."""

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

_Q: Final = {"place": "BIGINT", "county": "VARCHAR", "rule": "VARCHAR"}
_S: Final = {"place": "BIGINT", "said": "TINYINT"}
_ELSEWHERE: Final = {"place": "BIGINT"}

_LOCATED: Final = (
    f"SELECT k.place, {COUNTY} AS county, k.datum, k.longitude, k.latitude, k.has_code, "
    f"k.address_head FROM decided AS k {PLACED}"
)


def place(connection: Connection, context: Context, plan: Plan) -> None:
    """Make the tables; a row whose address is too long to settle its division becomes exact.

    `plan` is the one of the rows judged in full.
    """
    _place_divisions(connection, context)
    _place_others(connection, context, plan)
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


def _place_others(connection: Connection, context: Context, plan: Plan) -> None:
    """Place the rows that name no division, by their points, and those whose division was split.

    A division that could not be read is neither.
    """
    fill(connection, "q", _Q, [])
    split = f"SELECT k.place FROM decided AS k {PLACED} WHERE p.rule = '{SPLIT}'"
    give_up(connection, f"{split} AND length(k.address_head) >= {HEAD_CHARACTERS}")
    columns = "k.place, k.division, coalesce(k.as_of, ''), k.address_head"
    query = (
        f"SELECT {columns}, k.longitude, k.latitude, coalesce(k.datum, '{UNKNOWN}') "
        f"FROM decided AS k {PLACED} WHERE p.rule = '{SPLIT}' OR (k.division IS NULL "
        "AND k.longitude IS NOT NULL AND k.latitude IS NOT NULL "
        f"AND k.place NOT IN (SELECT place FROM {JUDGED} WHERE {_troubled(plan)}))"
    )
    for rows in _batches(connection, query):
        # several facilities stand at one point, and in one street: each is looked at once
        points = list(dict.fromkeys(row[4:] for row in rows))
        counties = dict(zip(points, Points.of(*zip(*points, strict=True)).counties(), strict=True))
        told = [
            (division, as_of, head, counties[tuple(point)])
            for _, division, as_of, head, *point in rows
        ]
        settled = {one: _settled(*one, context) for one in dict.fromkeys(told)}
        found = [(at, *settled[one]) for (at, *_), one in zip(rows, told, strict=True)]
        append(connection, "q", _Q, found)


def _troubled(plan: Plan) -> str:
    """The condition under which the division of a row judged in full could not be read."""
    bits = [
        f"(r{word} >> {at}) & 1 = 1"
        for word, conditions in enumerate(plan.mask.words)
        for at, one in enumerate(conditions)
        if one.cause[2] == "division" and one.ends == ALL
    ]
    return " OR ".join(bits) or "false"


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
    fill(connection, "elsewhere", _ELSEWHERE, [])
    counties = connection.execute(
        "SELECT county FROM p WHERE county IS NOT NULL UNION "
        "SELECT county FROM q WHERE county IS NOT NULL"
    )
    names_another = begins_elsewhere([county for (county,) in counties.fetchall()], context.today)
    if names_another is None:
        return
    query = (
        f"SELECT place, county, address_head FROM ({_LOCATED}) WHERE NOT has_code "
        f"AND address_head IS NOT NULL AND {names_another}"
    )
    for rows in _batches(connection, query):
        named = [
            (place,)
            for place, county, head in rows
            if county_named(head, county, context.today) not in (None, county)
        ]
        append(connection, "elsewhere", _ELSEWHERE, named)


def _find_strays(connection: Connection) -> None:
    """Make the table `s` of what is said of points and addresses."""
    fill(connection, "s", _S, [])
    wanted = f"{unsure_points(connection, _LOCATED)} UNION SELECT place FROM elsewhere"
    query = (
        "SELECT k.place, longitude, latitude, "
        f"coalesce(datum, '{UNKNOWN}'), county, NOT has_code, e.place IS NOT NULL "
        f"FROM ({_LOCATED}) AS k SEMI JOIN ({wanted}) AS w ON w.place = k.place "
        "LEFT JOIN elsewhere AS e ON e.place = k.place"
    )
    # geometry is worked out outside Python, so two halves of a batch take little longer than one
    with ThreadPoolExecutor(HALVES) as pool:
        for rows in _batches(connection, query):
            for found in pool.map(
                _said, [rows[at::HALVES] for at in range(min(HALVES, len(rows)))]
            ):
                append(connection, "s", _S, found)


def _said(rows: Sequence[Any]) -> list[tuple[int, int]]:
    """The places of rows of which anything is said, and what."""
    places, lon, lat, datum, county, *about = zip(*rows, strict=True)
    is_new, elsewhere = (np.array(one, dtype=np.bool_) for one in about)
    said = Points.of(lon, lat, datum).said(county, is_new, elsewhere).tolist()
    return [pair for pair in zip(places, said, strict=True) if pair[1]]


def _batches(connection: Connection, query: str) -> Iterator[list[Any]]:
    """Yield the rows of a query; other queries may be asked meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _day(as_of: str, context: Context) -> date:
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        return context.today
