"""Look a division up by code and day, and what is above and below it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from codes.divisions.model import Division, Level
from codes.divisions.shape import (
    CITY,
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    digits_below,
    level_of,
    normalise,
    parent_of,
)
from codes.divisions.store import codes_below, edition_days, links_from, runs_of, village_cities
from codes.errors import DataError
from codes.messages import text

LENGTH_BELOW = {"province": COUNTY, "city": COUNTY, "county": TOWNSHIP, "township": VILLAGE}


def division(code: str, on: date | None = None) -> Division:
    """Return what `code` stands for on the day `on`; without a day, what it stood for last.

    Takes 6, 9 or 12 digits, full-width ones too, and 2 or 4 for a province or city. Raises
    DataError `division.shape`, `division.unknown` (in no edition), `division.villages_not_held` (a
    village outside the cities whose villages the book has) or `division.not_in_force` (params
    code, name, on, valid_from, valid_to, successors).
    """
    canonical = normalise(code)
    runs = runs_of(canonical)
    if not runs:
        raise _unknown(canonical, code)
    if on is None:
        return runs[-1]
    for run in runs:
        if run.in_force_on(on):
            return run
    raise _not_in_force(runs, on)


def exists(code: str) -> bool:
    """Tell whether the book has `code`, of whatever time."""
    try:
        return bool(runs_of(normalise(code)))
    except DataError:
        return False


def in_force(code: str, on: date) -> bool:
    """Tell whether the book has `code` in force on a day (see `Division.in_force_on`)."""
    return exists(code) and any(run.in_force_on(on) for run in runs_of(normalise(code)))


def listing(level: Level, on: date, within: str = "") -> Iterator[Division]:
    """Yield the divisions of a level in force on a day, by code; `within` is how they begin."""
    length = {"township": TOWNSHIP, "village": VILLAGE}.get(level, COUNTY)
    for code in codes_below(within, length):
        if level_of(code) == level:
            yield from (run for run in runs_of(code) if run.in_force_on(on))


def children(code: str, on: date) -> tuple[Division, ...]:
    """Return the divisions directly below `code` in force on a day, by code.

    A city without counties (东莞) has its townships below it. A village has nothing below it.
    Raises DataError as `division` does; `division.villages_not_held` for a township whose villages
    the book has not.
    """
    above = division(code, on)
    if above.level == "village":
        return ()
    if above.level == "township" and not holds_villages(above.code):
        raise _villages_not_held(above.code, code)
    digits, length = digits_below(above.code), LENGTH_BELOW[above.level]
    below = [run for found in codes_below(digits, length) for run in runs_of(found)]
    found = tuple(run for run in below if run.parent_code == above.code and run.in_force_on(on))
    if not found and above.level == "city":
        return tuple(listing("township", on, above.code))
    return found


def above(unit: Division, on: date | None = None) -> Division | None:
    """Return the next known division above a unit, as on a day, else as it was last.

    The next above 居巢区 341402, which ended before our first edition with its city 341400, is the
    province. None above a province.
    """
    code = unit.parent_code
    while code and not runs_of(code):
        code = parent_of(code)
    runs = runs_of(code) if code else ()
    # A child's bounds may be known less exactly than its parent's.
    now = (run for run in runs if on is not None and run.in_force_on(on))
    return next(now, runs[-1] if runs else None)


@lru_cache(maxsize=50_000)
def county_of(code: str) -> str:
    """Return the 6-digit county of a county, township or village code, by its digits.

    东莞 441900, a city without counties, stands for itself and for what is in it. Raises DataError
    `division.shape`, and `division.above_county` for a province's code or another city's.
    """
    canonical = normalise(code)
    level = level_of(canonical)
    if level == "city":
        below = codes_below(canonical[:CITY], COUNTY)
        if exists(canonical) and all(found == canonical for found in below):
            return canonical
    if level in {"province", "city"}:
        raise DataError("division.above_county", seen=code)
    return canonical[:COUNTY]


def counties_of_city(city_code: str, on: date) -> tuple[Division, ...]:
    """Return the counties of a city on a day; a city without counties (东莞) stands for itself."""
    city = division(city_code, on)
    return tuple(listing("county", on, city.code[:CITY])) or (city,)


def holds_villages(code: str) -> bool:
    """Tell whether the book has the villages of the city that `code` lies in."""
    return normalise(code)[:CITY] in village_cities()


def as_reference(unit: Division) -> dict[str, Any]:
    """Return a unit as errors and JSON name it: code and name."""
    return {"code": unit.code, "name": unit.name}


def _unknown(canonical: str, seen: str) -> DataError:
    if len(canonical) == VILLAGE and not holds_villages(canonical):
        return _villages_not_held(canonical[:TOWNSHIP], seen)
    first_on = next(iter(edition_days().values()))
    return DataError("division.unknown", seen=seen, code=canonical, first_on=first_on)


def _villages_not_held(township_code: str, seen: str) -> DataError:
    held = [runs_of(f"{city}00")[-1].name for city in sorted(village_cities())]
    return DataError(
        "division.villages_not_held", seen=seen, township_code=township_code, held="、".join(held)
    )


def _not_in_force(runs: tuple[Division, ...], on: date) -> DataError:
    later = [run for run in runs if run.valid_from is not None and run.valid_from > on]
    run = later[0] if later else runs[-1]
    links = (
        [] if later else [link for link in links_from(run.code) if link.changed_on == run.valid_to]
    )
    successors = [division(link.to_code, link.changed_on) for link in links]
    when = "not_yet" if later else "succeeded" if successors else "ended"
    return DataError(
        "division.not_in_force",
        code=run.code,
        name=run.name,
        on=on,
        valid_from=run.valid_from,
        valid_to=run.valid_to,
        successors=[as_reference(unit) for unit in successors],
        when=text(
            f"division.when.{when}",
            valid_from=run.valid_from,
            valid_to=run.valid_to,
            successors="、".join(f"{unit.code} {unit.name}" for unit in successors),
        ),
    )
