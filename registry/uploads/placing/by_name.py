"""Names no division has today: those it had once, and those of this city that are near."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from codes.divisions import find_by_name, full_name, listing
from codes.divisions.shape import CITY
from codes.home import home_city
from codes.names import LONGEST, fold

MOST_NEAR: Final = 5
LEAST_ALIKE: Final = 60.0
"""Per cent in which a name must agree with one written: one wrong character of four is 75."""


def once_called(name: str) -> str | None:
    """Return the code of the one division that had a whole name, in this city if several had.

    None when no division had it, or it is open which is meant.
    """
    whole = {unit.code for unit in find_by_name(name, whole_only=True)}
    own = [code for code in whole if code.startswith(home_city()[:CITY])]
    if len(whole) == 1:
        return next(iter(whole))
    return own[0] if len(own) == 1 else None


def near_at_home(name: str, today: date) -> tuple[str, ...]:
    """Return the codes of divisions of this city whose names are near, nearest first."""
    if len(name) > LONGEST:
        return ()
    names = _names(home_city()[:CITY], today)
    found = extract(
        fold(name), list(names), scorer=ratio, score_cutoff=LEAST_ALIKE, limit=2 * MOST_NEAR
    )
    return tuple(dict.fromkeys(names[one] for one, *_ in found))[:MOST_NEAR]


@cache
def _names(within: str, today: date) -> dict[str, str]:
    """Map the names of a city's counties and townships, alone and in full, to their codes."""
    units = [*listing("county", today, within), *listing("township", today, within)]
    alone = {fold(unit.name): unit.code for unit in reversed(units)}
    return alone | {fold(full_name(unit.code, today)): unit.code for unit in units}
