"""How many people the divisions have, and where each figure is from: never silently older."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from sqlmodel import Session

from codes import population as census
from codes.ledger_limits import ledger_limit
from codes.messages import text
from registry.evaluation.areas_apart import AreaApart, areas_apart
from registry.evaluation.figures import Floats
from registry.evaluation.ground import code_on
from registry.ledgers.lookup import PopulationChoice, populations

LEDGER: Final = "ledger"
BOOK: Final = "census_book"


@dataclass(frozen=True)
class Count:
    """Persons of one group in one division: of which year, by which source.

    `found_in` is the ledger, or the census book where the ledger has nothing. `apart` are areas
    that the source lists by themselves: facilities there have the division's code, the people are
    not in `persons`.
    """

    persons: int
    year: int
    asked_year: int
    source: str
    found_in: str
    is_projection: bool = False
    apart: tuple[AreaApart, ...] = ()

    @property
    def persons_apart(self) -> int | None:
        """Persons of the areas that the source lists apart, None without such areas."""
        return sum(area.persons for area in self.apart) or None

    def as_json(self) -> dict[str, Any]:
        """Return the figure with its source as plain JSON values."""
        return {
            "persons": self.persons,
            "year": self.year,
            "source": self.source,
            "found_in": self.found_in,
            "is_projection": self.is_projection,
            "persons_apart": self.persons_apart,
            "note": self.note(),
        }

    def note(self) -> str | None:
        """Say what is to mind: another year, the census book, a projection, a part left out."""
        said = []
        if self.year != self.asked_year:
            said.append(text("evaluate.people.earlier", year=self.year, asked=self.asked_year))
        if self.found_in == BOOK:
            said.append(text("evaluate.people.census_book"))
        if self.is_projection:
            said.append(text("evaluate.people.projection"))
        said += [self._without(area) for area in self.apart]
        return text("evaluate.word.semicolon").join(said) or None

    def _without(self, area: AreaApart) -> str:
        share = f"{area.persons / self.persons:.1%}"
        persons = f"{area.persons:,}"
        return text("evaluate.people.apart", name=area.name, persons=persons, share=share)


@dataclass(frozen=True)
class People:
    """Figures by group and division code; who has none is absent."""

    counts: Mapping[tuple[str, str], Count]

    def arrays(self, codes: tuple[str, ...]) -> dict[str, Floats]:
        """Return one array a group in the order of `codes`, NaN where there is no figure."""
        nan = float("nan")
        groups = dict.fromkeys(group for _, group in self.counts)
        return {
            group: np.array(
                [
                    float(count.persons) if (count := self.counts.get((code, group))) else nan
                    for code in codes
                ]
            )
            for group in groups
        }


def people_of(
    session: Session, year: int, on: date, groups: Collection[str], codes: Collection[str]
) -> People:
    """Return the figures for `year`: the ledger's, of the year or else the nearest before it.

    Where the ledger has none, the census book's, if it is not older than the ledger may go back. A
    figure for a code that meant another area then than on the day `on` does not count.
    """
    found = {
        cell: _of_ledger(choice)
        for cell, choice in populations(session, year, groups, codes).items()
        if _same_area(choice.division_code, choice.divisions_on, on)
    }
    for code in codes:
        for group in groups:
            if (code, group) not in found and (counted := _of_book(code, group, year, on)):
                found[code, group] = counted
    for (code, group), areas in _areas_of(session, year, groups, codes).items():
        if counted := found.get((code, group)):
            beside = tuple(
                area for area in areas if (area.source, area.year) == (counted.source, counted.year)
            )
            found[code, group] = replace(counted, apart=beside)
    return People(found)


def _areas_of(
    session: Session, year: int, groups: Collection[str], codes: Collection[str]
) -> dict[tuple[str, str], list[AreaApart]]:
    """Return the areas listed apart whose facilities have one of the codes, by code and group."""
    counties = {
        area: county for area, county in census.counties_of_areas().items() if county in codes
    }
    found: dict[tuple[str, str], list[AreaApart]] = {}
    for city in {within for within, _ in counties}:
        for area in areas_apart(session, city, year, groups):
            if county := counties.get((city, area.name)):
                found.setdefault((county, area.group), []).append(area)
    return found


def _of_ledger(choice: PopulationChoice) -> Count:
    return Count(
        choice.persons, choice.year, choice.asked_year, choice.source, LEDGER, choice.is_projection
    )


def _of_book(code: str, group: str, year: int, on: date) -> Count | None:
    figure = census.population(code, group)
    if figure is None or not _same_area(code, figure.divisions_on, on):
        return None
    of_year = figure.reference_on.year
    if not of_year <= year <= of_year + ledger_limit("years_back"):
        return None
    return Count(figure.persons, of_year, year, figure.source, BOOK)


def _same_area(code: str, divisions_on: date, on: date) -> bool:
    """A city keeps its code when its counties change; what is below is followed."""
    return code.endswith("00") or code_on(code, divisions_on, on) == code
