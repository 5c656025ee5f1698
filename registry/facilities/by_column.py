"""New facilities read column by column: each value that many rows share is looked at once.

What `registry.facilities.register` does row by row, for what an upload's stored plans set, turned
into columns. Whatever is not as plain as that path could take without a word is left to it, and so
are the sentences that refuse.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, compress
from typing import Any, Final

import numpy as np

from codes import datums
from codes.errors import DataError
from codes.facility_types import facility_types
from registry.facilities import fields
from registry.facilities.derived import NO_DATUM, county_at_issue, place_of
from registry.facilities.given_columns import Column

TEXT: Final = frozenset({str, type(None)})
NUMBER: Final = frozenset({int, float, type(None)})


class NotPlainError(Exception):
    """Some value has to be looked at row by row."""


@dataclass(frozen=True)
class Lines:
    """What stands in tables of its own: place of the facility in the batch, name, value."""

    places: Sequence[int]
    names: Sequence[str]
    values: Sequence[Any]


@dataclass(frozen=True)
class Batch:
    """Facilities to register: columns of their versions, prefixes of their codes, lines beside.

    `readings` are named by capability, their values are numbers; `numbers` are named by scheme.
    """

    versions: Mapping[str, Column]
    prefixes: Sequence[tuple[str, str]]
    readings: Lines
    numbers: Lines


def read_batch(given: Mapping[str, Column], this_day: date) -> Batch:
    """Return what rows set as facilities to register; see `given_columns`.

    Raises NotPlainError for rows that want the path row by row.
    """
    try:
        own, measures, schemes = fields.split_keys(given)
        versions = _versions(own)
        _derive(versions)
        prefixes = _prefixes(versions, this_day)
        read = _lines(measures)
        readings = replace(read, values=_numbers(read.values))
    except (DataError, TypeError, ValueError, OverflowError) as error:
        raise NotPlainError from error
    if max(versions["as_of"]) > this_day.isoformat():
        raise NotPlainError
    return Batch(versions, prefixes, readings, _lines(schemes))


def _versions(given: Mapping[str, Column]) -> dict[str, Column]:
    versions = {}
    for key, values in given.items():
        column, read = fields.reader_of(key)
        versions[column] = _read(key, values, read)
    for key in fields.NEVER_EMPTY:
        if None in versions.get(fields.COLUMN_OF.get(key, key), [None]):
            raise NotPlainError
    return versions


def _read(key: str, given: Column, read: Callable[[str, Any], Any]) -> Column:
    """Read a column; days come as ISO text, as the database takes them."""
    kinds = set(map(type, given))
    if key in fields.NUMBERS:
        return _numbers(given)
    if not kinds <= TEXT:
        raise NotPlainError
    if key in fields.DATES:
        days = {value: str(read(key, value)) for value in set(given) - {None}}
        return [days.get(value) for value in given]
    if fields.is_free_text(key) and _is_tidy(given):
        return given
    known = {value: read(key, value) for value in set(given) - {None}}
    return [known.get(value) for value in given]


def _numbers(given: Sequence[Any]) -> Column:
    if not set(map(type, given)) <= NUMBER:
        raise NotPlainError
    if None in given:
        found = [None if value is None else float(value) for value in given]
    else:
        found = list(map(float, given))
    if not math.isfinite(sum(filter(None, found))):
        raise NotPlainError
    return found


def _is_tidy(given: Column) -> bool:
    """Say whether no text of a column has anything that reading would take off or refuse."""
    together = "\x20\x20".join(value for value in given if value is not None)
    between = together.count("\x20\x20")
    return (
        together.isprintable()
        and together.strip() == together
        and between == len(given) - given.count(None) - 1
        and "\x20\x20\x20" not in together
    )


def _derive(versions: dict[str, Column]) -> None:
    classes = {code: facility_types()[code].class_code for code in set(versions["type_code"])}
    versions["class_code"] = [classes[code] for code in versions["type_code"]]
    places = {code: place_of(code) for code in set(versions["division_code"])}
    for part, name in enumerate(("county_code", "township_code")):
        versions[name] = [places[code][part] for code in versions["division_code"]]
    versions["lon_2000"], versions["lat_2000"] = _points(versions)


def _points(versions: Mapping[str, Column]) -> tuple[Column, Column]:
    """Return the points in CGCS2000, None where there is no point or its datum is not known."""
    count = len(versions["type_code"])
    lon, lat, datum = (
        versions.get(name, [None] * count) for name in ("longitude", "latitude", "datum")
    )
    placed: dict[str, list[int]] = {}
    for place, (x, y, one) in enumerate(zip(lon, lat, datum, strict=True)):
        if (x is None) != (y is None):
            raise NotPlainError
        if x is not None and one not in NO_DATUM:
            placed.setdefault(one, []).append(place)
    east: Column = [None] * count
    north: Column = [None] * count
    for one, taken in placed.items():
        x, y = (np.array([values[place] for place in taken]) for values in (lon, lat))
        converted = datums.to_cgcs2000(x, y, one)
        for place, x_2000, y_2000 in zip(
            taken, *(found.tolist() for found in converted), strict=True
        ):
            east[place], north[place] = x_2000, y_2000
    return east, north


def _prefixes(versions: Mapping[str, Column], this_day: date) -> list[tuple[str, str]]:
    counties = {code: county_at_issue(code, this_day) for code in set(versions["division_code"])}
    divisions = versions["division_code"]
    return [
        (class_code, counties[division])
        for class_code, division in zip(versions["class_code"], divisions, strict=True)
    ]


def _lines(given: Mapping[str, Column]) -> Lines:
    """Return the values there are, in the order of the rows."""
    values = list(chain.from_iterable(zip(*given.values(), strict=True)))
    places = [place for place in range(len(values) // max(len(given), 1)) for _ in given]
    names = list(given) * (len(values) // max(len(given), 1))
    if None not in values:
        return Lines(places, names, values)
    there = [value is not None for value in values]
    return Lines(*(list(compress(one, there)) for one in (places, names, values)))
