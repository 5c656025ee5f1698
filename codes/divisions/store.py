"""Read the division books. Each file is read when its level is first asked for, then kept.

The rows of a county are parsed when one of them is asked for and become `Division`s one by one:
making 44 thousand objects would cost a command more than all the rest of its work. The books are
checked by the tests, not here.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Final, cast

from codes.book import BOOKS_DIR
from codes.divisions.model import Dating, Division, Succession, System
from codes.divisions.shape import CITY, COUNTY, TOWNSHIP, VILLAGE, level_of, parent_of
from codes.divisions.sorted_rows import Row, SortedRows
from codes.names import fold

DIVISIONS_DIR: Final = BOOKS_DIR / "divisions"
BOOKS: Final = {COUNTY: (".", CITY), TOWNSHIP: ("townships", COUNTY), VILLAGE: ("villages", COUNTY)}
"""Length of a canonical code -> folder of its book, and how many digits its rows are read by."""


def runs_of(code: str) -> tuple[Division, ...]:
    """Return what a canonical code has stood for, in time order; empty for an unknown code."""
    table = _table_of(len(code))
    return tuple(_make(code, table.columns, tuple(row)) for row in table.of(code))


def codes_below(digits: str, length: int) -> Iterator[str]:
    """Yield the codes of `length` digits that begin with `digits`, in order, of any time."""
    return _table_of(length).codes(digits)


def named(digits: str, length: int, fits: Callable[[str], bool]) -> Iterator[Division]:
    """Yield the divisions of codes as in `codes_below` whose folded name `fits`, by code and time.

    Of all divisions the names alone are read, once; of those that fit the rest.
    """
    names = _names(length)
    begin = bisect_left(names, digits, key=itemgetter(1))
    end = bisect_right(names, digits, lo=begin, key=lambda one: one[1][: len(digits)])
    yield from _fitting([code for name, code in names[begin:end] if fits(name)], length, fits)


def ending(digits: str, length: int, text: str) -> Iterator[Division]:
    """Yield what `named` does of the divisions with whose folded name a folded text ends.

    They are looked up: a list names thousands of divisions, and a level has 40 thousand.
    """
    known = _codes_of_names(length)
    found = (code for at in range(len(text)) for code in known.get(text[at:], ()))
    codes = sorted(code for code in found if code.startswith(digits))
    yield from _fitting(codes, length, text.endswith)


def _fitting(codes: Sequence[str], length: int, fits: Callable[[str], bool]) -> Iterator[Division]:
    table = _table_of(length)
    for code in dict.fromkeys(codes):
        for row in table.of(code):
            if fits(fold(row[1])):
                yield _make(code, table.columns, tuple(row))


@cache
def village_cities() -> frozenset[str]:
    """Return the first four digits of the cities whose villages the book holds."""
    return frozenset(_table_of(VILLAGE).beginnings(CITY))


@cache
def edition_days() -> Mapping[str, date]:
    """Return the day of each edition by its name, oldest first."""
    return {row[0]: date.fromisoformat(row[1]) for row in _read("editions")[1]}


@cache
def stated_sources() -> Mapping[tuple[str, str], str]:
    """Return the source of a stated change by its pair of county codes."""
    columns, rows = _read("events")
    old, new, source = (columns.index(name) for name in ("from_code", "to_code", "source"))
    return {(row[old], row[new]): row[source] for row in rows}


def links_from(code: str) -> Sequence[Succession]:
    """Return the successions that begin at a canonical code, in time order."""
    return _links()[0].get(code, ())


def links_to(code: str) -> Sequence[Succession]:
    """Return the successions that end at a canonical code, in time order."""
    return _links()[1].get(code, ())


@cache
def _table_of(length: int) -> SortedRows:
    folder, digits = BOOKS.get(length, BOOKS[VILLAGE])
    return SortedRows(DIVISIONS_DIR / folder / "rows.csv", digits)


@cache
def _names(length: int) -> tuple[tuple[str, str], ...]:
    """The folded name and the code of every row of a level, in order of code."""
    return tuple((fold(row[1]), row[0]) for row in _table_of(length).everything())


@cache
def _codes_of_names(length: int) -> Mapping[str, Sequence[str]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for name, code in _names(length):
        codes[name].append(code)
    return dict(codes)


@cache
def _links() -> tuple[Mapping[str, list[Succession]], Mapping[str, list[Succession]]]:
    forth: dict[str, list[Succession]] = defaultdict(list)
    back: dict[str, list[Succession]] = defaultdict(list)
    for old, new, day, whole, basis, moved, children in _read("successions")[1]:
        counts = (int(moved) if moved else None, int(children) if children else None)
        link = Succession(old, new, _day(day)[0], whole == "true", basis, *counts)
        forth[old].append(link)
        back[new].append(link)
    return forth, back


def _read(folder: str) -> tuple[tuple[str, ...], list[Row]]:
    path: Path = DIVISIONS_DIR / folder / "rows.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        return tuple(next(reader)), list(reader)


@lru_cache(maxsize=50_000)
def _make(code: str, columns: tuple[str, ...], row: tuple[str, ...]) -> Division:
    cells = dict(zip(columns, row, strict=True))
    days = edition_days()
    start, began = _start(cells)
    end, ended = _end(cells)
    return Division(
        code=code,
        name=cells["name"],
        level=level_of(code),
        parent_code=parent_of(code),
        system=cast(System, cells.get("system", "nbs")),
        valid_from=start,
        valid_to=end,
        began=began,
        ended=ended,
        first_seen_on=days.get(cells["first_seen"]),
        last_seen_on=days.get(cells["last_seen"]),
        filler=cells.get("filler") == "true",
    )


def _start(cells: Mapping[str, str]) -> tuple[date | None, Dating]:
    if cells["valid_from"]:
        return _day(cells["valid_from"])
    editions = list(edition_days())
    if cells["first_seen"] in ("", editions[0]):
        return None, "none"
    return edition_days()[cells["first_seen"]], "edition"


def _end(cells: Mapping[str, str]) -> tuple[date | None, Dating]:
    if cells["valid_to"]:
        return _day(cells["valid_to"])
    editions = list(edition_days())
    if cells["last_seen"] in ("", editions[-1]):
        return None, "none"
    return edition_days()[editions[editions.index(cells["last_seen"]) + 1]], "edition"


def _day(cell: str) -> tuple[date, Dating]:
    """A year alone counts from its last day: by then the change had certainly happened."""
    if len(cell) == 4:
        return date(int(cell), 12, 31), "year"
    return date.fromisoformat(cell), "stated"
