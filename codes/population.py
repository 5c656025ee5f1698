"""Population by division, as the census bulletins give it (book `population_2020`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from codes.book import load_book
from codes.divisions import normalise


@dataclass(frozen=True, slots=True)
class PopulationFigure:
    """Usual residents of one group on the day `reference_on`, in persons.

    `division_code` is None for an area a bulletin lists apart that has no code (西湖风景名胜区);
    `within_code` is then the division it lies in, and `county_code` the county that facilities
    there have by their division code. `divisions_on` is the day whose divisions the
    codes are: a bulletin may use later ones than those of its reference day.
    """

    division_code: str | None
    name: str
    group: str
    persons: int
    reference_on: date
    divisions_on: date
    source: str
    within_code: str | None = None
    county_code: str | None = None


@cache
def population_figures() -> tuple[PopulationFigure, ...]:
    """Return every figure of the book, in its order."""
    return tuple(
        PopulationFigure(
            division_code=row.get("division_code"),
            name=row["name"],
            group=row["group"],
            persons=row["persons"],
            reference_on=date.fromisoformat(row["reference_on"]),
            divisions_on=date.fromisoformat(row["divisions_on"]),
            source=row["source"],
            within_code=row.get("within_code"),
            county_code=row.get("county_code"),
        )
        for row in load_book("population_2020").rows
    )


def population(division_code: str, group: str = "total") -> PopulationFigure | None:
    """Return a division's figure, None when the bulletins give none: not known is not zero.

    Raises DataError `division.shape` for what is no division code.
    """
    return _by_division().get((normalise(division_code), group))


@cache
def counties_of_areas() -> dict[tuple[str, str], str]:
    """Return the county in whose code an area listed apart lies, by (division within, name)."""
    return {
        (str(figure.within_code), figure.name): figure.county_code
        for figure in population_figures()
        if figure.county_code is not None
    }


@cache
def _by_division() -> dict[tuple[str, str], PopulationFigure]:
    return {
        (figure.division_code, figure.group): figure
        for figure in population_figures()
        if figure.division_code is not None
    }
