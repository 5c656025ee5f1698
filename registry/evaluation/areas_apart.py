"""Areas that a source of population lists apart and that have no code (西湖风景名胜区 in 杭州).

Their people are in the city's total and in none of its counties, so a comparison of the counties
leaves them out; whoever compares says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from codes.ledger_limits import ledger_limit
from codes.population import population_figures
from codes.population_groups import group_name
from registry import rows
from registry.ledgers.entries import PopulationEntry
from registry.ledgers.known import known_rows, of_years
from registry.ledgers.preferred import choose


@dataclass(frozen=True)
class AreaApart:
    """People of one group in an area without a code, in a year, by a source."""

    name: str
    group: str
    persons: int
    year: int
    source: str

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {**asdict(self), "group_name": group_name(self.group)}


def areas_apart(
    session: Session, city_code: str, year: int, groups: Collection[str]
) -> list[AreaApart]:
    """Return the areas listed apart in a city: as the ledger has them, else the census book.

    Of the year asked for or the nearest one before it, no older than the ledger may go back.
    """
    years = range(year - ledger_limit("years_back"), year + 1)
    found = {(one.name, one.group): one for one in _of_book(city_code, years, groups)}
    for one in _of_ledger(session, city_code, years, groups):
        found[one.name, one.group] = one
    return sorted(found.values(), key=lambda one: (one.name, one.group))


def _of_book(city_code: str, years: range, groups: Collection[str]) -> list[AreaApart]:
    return [
        AreaApart(one.name, one.group, one.persons, one.reference_on.year, one.source)
        for one in population_figures()
        if one.within_code == city_code and one.group in groups and one.reference_on.year in years
    ]


def _of_ledger(
    session: Session, city_code: str, years: range, groups: Collection[str]
) -> list[AreaApart]:
    """The ledger's, of each area's last year, by the source preferred in it."""
    table = PopulationEntry.table
    columns = rows.table(table).c
    conditions = [
        of_years(table, years),
        columns.division_code == city_code,
        columns.area != "",
        columns.group_code.in_(sorted(groups)),
    ]
    cells: dict[tuple[str, str, int], list[Any]] = {}
    for row in known_rows(session, table, *conditions):
        cells.setdefault((row["area"], row["group_code"], row["year"]), []).append(row)
    return [
        AreaApart(area, group, chosen.row["persons"], year, chosen.row["source"])
        for (area, group, year), sources in sorted(cells.items())
        if (chosen := choose(sources))
    ]
