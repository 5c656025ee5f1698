"""Totals against their parts: divisions below a division, and groups within a group.

Only figures of one source and year are compared. Where a source gives rounded figures (119.6万) a
difference that rounding explains is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from codes.divisions import children
from codes.divisions.shape import parent_of
from codes.errors import DataError
from codes.formulas import population_groups
from codes.ledger_limits import ledger_limit
from codes.population_groups import partitions
from registry.ledgers.entries import PopulationEntry
from registry.ledgers.place import RowPlace
from registry.uploads.findings import Finding

Cell = tuple[str, str, int, str]
"""(division, area, year, source)"""


@dataclass(frozen=True)
class Figure:
    """One figure, from the file (then with its place) or already recorded."""

    persons: int
    rounded_to: int
    divisions_on: date
    place: RowPlace | None = None

    @property
    def slack(self) -> float:
        """By how much rounding may have moved it."""
        return self.rounded_to / 2 if self.rounded_to > 1 else 0.0


class Figures:
    """What will be known once the file is recorded: (division, area, year, source) → group."""

    def __init__(self) -> None:
        self.by_cell: dict[Cell, dict[str, Figure]] = defaultdict(dict)
        self.areas: dict[tuple[str, int, str], set[str]] = defaultdict(set)

    def add(self, row: Mapping[str, Any], place: RowPlace | None = None) -> None:
        """Take in a row by its columns; a later one of the same item replaces it."""
        cell = (row["division_code"], row["area"], row["year"], row["source"])
        figure = Figure(row["persons"], row["rounded_to"], row["divisions_on"], place)
        self.by_cell[cell][row["group_code"]] = figure
        if row["area"]:
            self.areas[row["division_code"], row["year"], row["source"]].add(row["area"])

    def get(self, cell: Cell, group: str) -> Figure | None:
        """Return a figure, None when there is none."""
        return self.by_cell[cell].get(group) if cell in self.by_cell else None


def check_totals(
    entries: Sequence[PopulationEntry], known: Iterable[Mapping[str, Any]]
) -> Iterator[Finding]:
    """Yield every total that disagrees with its parts and that the entries take part in.

    `known` are the rows recorded for the years of the entries, of any source.
    """
    figures = Figures()
    for row in known:
        figures.add(row)
    for entry in entries:
        keys = dict(zip(entry.key_columns, entry.key, strict=True))
        figures.add({**keys, **entry.values}, entry.place)
    wholes: dict[tuple[str, int, str, str], RowPlace] = {}
    cells: dict[Cell, RowPlace] = {}
    for entry in entries:
        cells.setdefault((entry.division_code, entry.area, entry.year, entry.source), entry.place)
        for code in _wholes_of(entry):
            wholes.setdefault((code, entry.year, entry.source, entry.group_code), entry.place)
    for (code, year, source, group), place in wholes.items():
        yield from _check_divisions(figures, (code, "", year, source), group, place)
    for cell, place in cells.items():
        yield from _check_groups(figures, cell, place)


def _wholes_of(entry: PopulationEntry) -> Iterator[str]:
    """The divisions whose total the entry is, or is part of."""
    yield entry.division_code
    parent = parent_of(entry.division_code)
    if not entry.area and parent:
        yield parent


def _check_divisions(
    figures: Figures, whole: Cell, group: str, place: RowPlace
) -> Iterator[Finding]:
    total = figures.get(whole, group)
    if total is None:
        return
    code, _, year, source = whole
    below = _children(code, total.divisions_on)
    parts = {one: figures.get((one, "", year, source), group) for one in below}
    found = {("division", one): part for one, part in parts.items() if part}
    areas = {
        ("area", name): part
        for name in sorted(figures.areas[code, year, source])
        if (part := figures.get((code, name, year, source), group))
    }
    rule = "parts_differ" if below and len(found) == len(below) else "parts_exceed"
    yield from _compare(
        rule,
        total,
        {**found, **areas},
        place,
        division_division=code,
        year=year,
        source=source,
        group_group=group,
        count=len(found),
        areas_apart=len(areas),
        field_element="area",
    )


def _check_groups(figures: Figures, cell: Cell, place: RowPlace) -> Iterator[Finding]:
    known = figures.by_cell[cell]
    about = {"division_place": [cell[0], cell[1]], "year": cell[2], "source": cell[3]}
    too_large: set[tuple[str, str]] = set()
    for part in known:
        for whole in filter(known.__contains__, _groups_above(part)):
            found = {("group", part): known[part]}
            params = {**about, "group_group": whole}
            for finding in _compare("group_exceeds", known[whole], found, place, **params):
                too_large.add((part, whole))
                yield finding
    for partition in partitions():
        present = [part for part in partition.parts if part in known]
        large = any((part, partition.whole) in too_large for part in present)
        if partition.whole not in known or len(present) < 2 or large:
            continue
        found = {("group", part): known[part] for part in present}
        rule = "groups_differ" if len(present) == len(partition.parts) else "groups_exceed"
        params = {**about, "group_group": partition.whole}
        yield from _compare(rule, known[partition.whole], found, place, **params)


def _compare(
    rule: str,
    total: Figure,
    parts: Mapping[tuple[str, str], Figure],
    place: RowPlace,
    /,
    **about: Any,
) -> Iterator[Finding]:
    """Yield a finding when the parts are more than the total or, by a rule `..._differ`, less."""
    gathered = sum(part.persons for part in parts.values())
    slack = total.slack + sum(part.slack for part in parts.values())
    difference = gathered - total.persons
    if difference > slack or (rule.endswith("_differ") and -difference > slack):
        listed = [[*name, part.persons] for name, part in parts.items()]
        where = total.place or place
        yield where.finding(
            rule,
            "persons",
            f"{total.persons}",
            total=total.persons,
            sum=gathered,
            difference=abs(difference),
            parts_figures=listed[: ledger_limit("parts_shown")],
            beyond_parts=[len(listed[: ledger_limit("parts_shown")]), len(listed)],
            **about,
        )


def _groups_above(group: str) -> Iterator[str]:
    known = population_groups()
    above = known[group].part_of if group in known else None
    while above is not None:
        yield above
        above = known[above].part_of


@lru_cache(maxsize=20_000)
def _children(code: str, day: date) -> tuple[str, ...]:
    try:
        return tuple(unit.code for unit in children(code, day))
    except DataError:  # villages the book does not hold
        return ()
