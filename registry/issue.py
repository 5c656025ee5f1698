"""Give out facility codes: a counter per prefix that only grows, moved by one atomic statement.

A crash may skip numbers, never repeat one: the counter is the only source, the statement both
moves and reads it, and the database refuses to lower it. "Largest code in use plus one" would give
the number of an annulled or lost record again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from stdnum.exceptions import InvalidComponent

from codes import facility_code
from codes.errors import DataError

Prefix = tuple[str, str]
"""Class code and county code, as printed in the facility code."""

TAKE: Final = text(
    "INSERT INTO code_counter AS counter (prefix, last_serial) VALUES (:prefix, :n) "
    "ON CONFLICT (prefix) DO UPDATE SET last_serial = counter.last_serial + excluded.last_serial "
    "RETURNING last_serial"
)


def issue_codes(connection: Connection, prefixes: Sequence[Prefix]) -> list[str]:
    """Return one new code for each (class, county), in order; one statement a prefix.

    Raises DataError when a prefix has no serials left or the layout has no such class or county.
    """
    wanted = Counter(prefixes)
    first = _take(connection, wanted)
    runs = {prefix: iter(_make(prefix, first[prefix], wanted[prefix])) for prefix in wanted}
    return [next(runs[prefix]) for prefix in prefixes]


def last_serials(connection: Connection) -> dict[str, int]:
    """Return the last serial given for every prefix."""
    found = connection.execute(text("SELECT prefix, last_serial FROM code_counter"))
    return {prefix: last for prefix, last in found}  # noqa: C416  rows are not pairs to mypy


def _take(connection: Connection, wanted: Counter[Prefix]) -> dict[Prefix, int]:
    first = {}
    for prefix in sorted(wanted):  # one order for everybody: no deadlock
        count = wanted[prefix]
        last = connection.execute(TAKE, {"prefix": "".join(prefix), "n": count}).scalar_one()
        first[prefix] = last - count + 1
    return first


def _make(prefix: Prefix, first: int, count: int) -> list[str]:
    try:
        return facility_code.make_run(*prefix, first, count)
    except InvalidComponent as error:
        shown = "-".join(prefix)
        raise DataError("facility.no_serial_left", prefix=shown, detail=error) from None
