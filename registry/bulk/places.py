"""Place the rows that SQL decides: each division as written, each square of the map, only once."""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from codes.book import load_book
from codes.datums import DATUMS, UNKNOWN, to_cgcs2000
from codes.divisions import county_of
from codes.outlines import nearby, outlines
from codes.rules import rules
from registry.bulk.engine import Connection, fill
from registry.bulk.row_parts import box
from registry.bulk.scan import give_up
from registry.uploads.judged import Context
from registry.uploads.placing.address import _city as city_names
from registry.uploads.placing.by_code import place_by_code

SQUARES: Final = 250
"""Squares to a degree: 0.004 degrees, some 445 m."""

HALF_DIAGONAL_M: Final = 320.0
"""From the middle of a square to its corner, at the equator where it is farthest; rounded up."""

SHIFT_M: Final = 2000.0
"""More than any datum moves a point."""

_WGS84: Final = "WGS84"
_NEEDS_POINT: Final = "division_split"

PLACED: Final = "k.division = p.division AND coalesce(k.as_of, '') = p.as_of"


def place(connection: Connection, context: Context) -> None:
    """Make the table `p` (division, as_of -> code, county, rule) and give up what needs a look.

    A row whose division was split, whose point is not surely inside its county, or whose address
    may begin with another county becomes exact.
    """
    _place_divisions(connection, context)
    give_up(
        connection,
        f"SELECT k.place FROM decided AS k JOIN p ON {PLACED} WHERE p.rule = ?",
        [_NEEDS_POINT],
    )
    _place_points(connection)
    _place_addresses(connection, context)


def _place_divisions(connection: Connection, context: Context) -> None:
    written = connection.execute(
        "SELECT DISTINCT k.division, coalesce(k.as_of, '') FROM decided AS k "
        "WHERE k.division IS NOT NULL"
    ).fetchall()
    rows = []
    for division, as_of in written:
        placement = place_by_code(division, _day(as_of, context), context.today)
        county = county_of(placement.code) if placement.code else None
        severity = rules()[placement.rule].severity if placement.rule else None
        rows.append((division, as_of, placement.code, county, placement.rule, severity))
    names = ("division", "as_of", "code", "county", "rule", "severity")
    fill(connection, "p", dict.fromkeys(names, "VARCHAR"), rows)


def _place_points(connection: Connection) -> None:
    # a point that cannot be one of China says nothing about the county
    (west, east), (south, north) = box()
    squares = (
        f"floor(k.longitude * {SQUARES})::INTEGER AS x, floor(k.latitude * {SQUARES})::INTEGER AS y"
    )
    given = (
        f"FROM decided AS k JOIN p ON {PLACED} "
        "WHERE p.code IS NOT NULL "
        f"AND k.longitude BETWEEN {west} AND {east} AND k.latitude BETWEEN {south} AND {north}"
    )
    found = connection.execute(
        f"SELECT DISTINCT p.county, coalesce(k.datum, ?) AS datum, {squares} {given}", [UNKNOWN]
    ).fetchall()
    sure = _surely_inside(found)
    unsure = [row for row, inside in zip(found, sure, strict=True) if not inside]
    if not unsure:
        return
    columns = {"county": "VARCHAR", "datum": "VARCHAR", "x": "INTEGER", "y": "INTEGER"}
    fill(connection, "unsure", columns, unsure)
    give_up(
        connection,
        "SELECT place FROM "
        f"(SELECT k.place, p.county, coalesce(k.datum, ?) AS datum, {squares} {given}) "
        "JOIN unsure USING (county, datum, x, y)",
        [UNKNOWN],
    )


def _place_addresses(connection: Connection, context: Context) -> None:
    """Give up the rows whose address may begin with another county of the city."""
    counties = connection.execute("SELECT DISTINCT county FROM p WHERE county IS NOT NULL")
    patterns = {county: _elsewhere(county, context) for (county,) in counties.fetchall()}
    told = [(county, pattern) for county, pattern in patterns.items() if pattern is not None]
    if not told:
        return
    # constants, so that each pattern is compiled once
    cases = " ".join(
        f"WHEN {_quoted(county)} THEN regexp_matches(k.address_head, {_quoted(pattern)})"
        for county, pattern in told
    )
    give_up(
        connection,
        f"SELECT k.place FROM decided AS k JOIN p ON {PLACED} "
        f"WHERE k.address_head IS NOT NULL AND CASE p.county {cases} ELSE false END",
    )


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


def _surely_inside(squares: list[Any]) -> NDArray[np.bool_]:
    """Say of (county, datum, x, y) whether every point in the square counts as inside the county.

    As in `codes.place`: within the outlines' tolerance, and no more counties near than it lists.
    """
    inside = np.zeros(len(squares), dtype=bool)
    by_datum: dict[str, list[int]] = {}
    for at, square in enumerate(squares):
        by_datum.setdefault(square[1], []).append(at)
    for datum, places in by_datum.items():
        county = np.array([squares[at][0] for at in places])
        lon = (np.array([squares[at][2] for at in places]) + 0.5) / SQUARES
        lat = (np.array([squares[at][3] for at in places]) + 0.5) / SQUARES
        inside[places] = _inside(county, lon, lat, datum)
    return inside


def _inside(
    county: NDArray[np.str_], lon: NDArray[np.float64], lat: NDArray[np.float64], datum: str
) -> NDArray[np.bool_]:
    policy = {name: row["value"] for name, row in load_book("place_policy").by_key().items()}
    tolerance = policy["outline_tolerance_m"]
    stated = datum in DATUMS and datum != UNKNOWN
    known = datum if stated else _WGS84
    reach = tolerance + HALF_DIAGONAL_M + (0.0 if stated else SHIFT_M)
    near = nearby(*to_cgcs2000(lon, lat, known), reach)
    own = outlines().codes[near.county] == county[near.point]
    close = own & (near.distance_m <= tolerance - HALF_DIAGONAL_M)
    found = np.zeros(len(county), dtype=bool)
    found[near.point[close]] = True
    few = np.bincount(near.point, minlength=len(county)) <= policy["candidates_most"]
    both: NDArray[np.bool_] = found & few
    return both


def _day(as_of: str, context: Context) -> date:
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        return context.today
