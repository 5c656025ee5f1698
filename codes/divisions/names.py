"""Full names, and finding a division by what people call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from codes.divisions.lookup import above, division, holds_villages
from codes.divisions.model import Division
from codes.divisions.shape import COUNTY, TOWNSHIP, VILLAGE, digits_below, normalise
from codes.divisions.store import ending, named
from codes.names import fold

LEAST_PART = 2
"""Characters a part of a name must have to be searched for."""


def full_name(code: str, on: date | None = None) -> str:
    """Return the name with those above it, as on a day: 浙江省杭州市西湖区.

    Names that only fill a level (市辖区) are left out. Without a day, each unit's last name. Raises
    DataError as `division` does.
    """
    unit = division(code, on)
    return "".join(reversed([unit.name, *_names_above(unit, on)]))


def find_by_name(
    name: str, parent: str | None = None, on: date | None = None, *, whole_only: bool = False
) -> tuple[Division, ...]:
    """Return the divisions called `name`, or else those with a name it is part of, nearest first.

    `name` may be a full name (杭州市西湖区) or lack its ending (西湖). `parent` is a code to search
    below, whose villages are searched too where the book has them; else provinces to townships. On
    the day `on`, else of any time. `whole_only` leaves out names it is only part of. Empty when
    nothing fits. Raises DataError for a wrong `parent`.
    """
    wanted = fold(name)
    if not wanted:
        return ()
    called = _searched(parent, on, partial(ending, text=wanted))
    whole = [unit for unit in called if _is_path(unit, wanted)]
    if whole or whole_only or len(wanted) < LEAST_PART:
        return tuple(whole)
    partly = _searched(parent, on, partial(named, fits=lambda name: wanted in name))
    return tuple(sorted(partly, key=lambda unit: _distance(fold(unit.name), wanted)))


def _searched(
    parent: str | None, on: date | None, search: Callable[[str, int], Iterator[Division]]
) -> Iterator[Division]:
    digits = digits_below(normalise(parent)) if parent else ""
    lengths = [COUNTY, TOWNSHIP, *([VILLAGE] if parent and holds_villages(parent) else [])]
    for length in lengths:
        for unit in search(digits, length):
            if not unit.filler and (on is None or unit.in_force_on(on)):
                yield unit


def _is_path(unit: Division, wanted: str) -> bool:
    """Tell whether `wanted` is the unit's name after any of those above: 杭州西湖区."""
    rest = wanted[: -len(fold(unit.name))]
    for name in map(fold, _names_above(unit, unit.last_seen_on)):
        for form in (name, name[:-1]):
            if len(form) >= LEAST_PART and rest.endswith(form):
                rest = rest[: -len(form)]
                break
    return not rest


def _distance(name: str, wanted: str) -> tuple[bool, int]:
    return not name.startswith(wanted), len(name)


def _names_above(unit: Division, on: date | None) -> Iterator[str]:
    higher = above(unit, on)
    while higher is not None:
        if not higher.filler:
            yield higher.name
        higher = above(higher, on)
