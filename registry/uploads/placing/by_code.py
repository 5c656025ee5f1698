"""Carry the division a row names to today: the same, its one successor, or an open question."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from codes.divisions import (
    county_of,
    division,
    find_by_name,
    in_force,
    normalise,
    resolve,
    township_of,
)
from codes.errors import DataError
from codes.home import named_at_home
from codes.names import fold
from registry.uploads.normalising.text import simplified
from registry.uploads.placing.by_name import near_at_home, once_called
from registry.uploads.placing.placement import Placement

ONE_DAY = timedelta(days=1)
MOST_CANDIDATES = 5

_DIGITS: Final = re.compile(r"[0-9]+")
_BETWEEN: Final = " \t()[]-–—_/|:;,.、·"
"""What people write between a code and its name, full-width forms made half-width."""


@lru_cache(maxsize=100_000)
def place_by_code(written: str, as_of: date, today: date) -> Placement:
    """Return the placement of a division as written in a row whose data speak of `as_of`."""
    try:
        code = normalise(written)
    except DataError:
        both = _code_and_name(written)
        return _by_both(*both, as_of, today) if both else _by_name(written, as_of, today)
    try:
        county_of(code)
    except DataError:
        return _above_county(code)
    placed = _carried(code, min(as_of, today), today)
    if placed.rule is None and placed.code and len(fold(written)) > len(code):
        return Placement(placed.code, "division_padded", {"division_division": placed.code})
    return placed


def _above_county(code: str) -> Placement:
    try:
        division(code)
    except DataError:
        return Placement(None, "division_unknown")
    return Placement(None, "division_too_coarse", {"division_division": code})


def _by_name(written: str, as_of: date, today: date) -> Placement:
    if written.isdigit():
        return Placement(None, "division_unknown")
    name = simplified(written)
    meant, units = named_at_home(name, today)
    if not units:
        return _not_called(name, as_of, today)
    found = tuple(unit.code for unit in units)[:MOST_CANDIDATES]
    if meant is None:
        return Placement(None, "division_name_unclear", {"candidates_places": found}, found)
    placed = place_by_code(meant.code, as_of, today)
    if placed.rule:
        return placed
    if len(units) == 1:
        return Placement(placed.code, "division_from_name", {"division_place": meant.code})
    others = tuple(unit.code for unit in units if unit != meant)[:MOST_CANDIDATES]
    params = {"division_place": meant.code, "others_places": others}
    return Placement(placed.code, "division_name_home", params)


def _code_and_name(written: str) -> tuple[str, str] | None:
    """Take "330106 西湖区" or "西湖区（330106）" apart; our code sheet has the two side by side."""
    plain = unicodedata.normalize("NFKC", written)
    found = _DIGITS.findall(plain)
    name = _DIGITS.sub(" ", plain).strip(_BETWEEN)
    if len(found) != 1 or not name:
        return None
    try:
        return normalise(found[0]), simplified(name)
    except DataError:
        return None


def _by_both(code: str, name: str, as_of: date, today: date) -> Placement:
    """Place a code by itself when the name beside it is its own; else it is open which holds."""
    placed = place_by_code(code, as_of, today)
    if _is_called(code, name):
        told = {"division_division": placed.code}
        return placed if placed.rule else Placement(placed.code, "division_with_name", told)
    _, units = named_at_home(name, today)
    other = (unit.code for unit in units)
    codes = dict.fromkeys([placed.code, *other] if placed.code else other)
    found = tuple(codes)[:MOST_CANDIDATES]
    return Placement(None, "division_name_unclear", {"candidates_places": found}, found)


def _is_called(code: str, name: str) -> bool:
    try:
        if fold(division(code).name) == fold(name):
            return True
    except DataError:
        return False
    return any(unit.code == code for unit in find_by_name(name, whole_only=True))


def _not_called(name: str, as_of: date, today: date) -> Placement:
    """Place a name that no division has today: one that had it leads on, else near ones are named.

    Of several that had it, that of the registry's own city.
    """
    past = once_called(name)
    if past is not None:
        return place_by_code(past, as_of, today)
    near = near_at_home(name, today)
    return Placement(None, "division_name_unclear", {"candidates_places": near}, near)


def _carried(code: str, day: date, today: date) -> Placement:
    try:
        division(code, day)
    except DataError as error:
        if error.message_id == "division.villages_not_held":
            return _by_township(code, day, today)
        if error.message_id != "division.not_in_force":
            return Placement(None, "division_unknown")
        if in_force(code, today):
            params = {"division_division": code, "on": day.isoformat()}
            return Placement(code, "division_not_yet", params)
        if error.params["valid_to"] is None:
            return Placement(None, "division_unknown")
        return _resolved(code, error.params["valid_to"] - ONE_DAY, today)
    return _resolved(code, day, today)


def _resolved(code: str, since: date, today: date) -> Placement:
    """What the unit of the day `since` is today."""
    old = {"division_division": code}
    try:
        unit = resolve(code, since, today)
    except DataError as error:
        if error.message_id != "division.split":
            return Placement(None, "division_ended", old)
        found = tuple(one["code"] for one in error.params["candidates"])
        return Placement(None, "division_split", {**old, "candidates_divisions": found}, found)
    if unit.code == code:
        return Placement(code)
    return Placement(unit.code, "division_replaced", {**old, "successor_division": unit.code})


def _by_township(code: str, day: date, today: date) -> Placement:
    """The book holds the villages of some cities only; elsewhere the township has to do."""
    township = township_of(code)
    placed = _carried(str(township), day, today)
    if placed.rule or placed.code is None:
        return placed
    params = {"division_division": placed.code}
    return Placement(placed.code, "division_village_unchecked", params)
