"""Ask the ledgers for figures: each with its source, its year and how it was preferred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session

from codes.divisions import normalise
from codes.indicators import indicators_of
from codes.ledger_limits import ledger_limit
from registry import rows
from registry.ledgers.entries import RUNNING_PART, YES
from registry.ledgers.known import known, known_rows
from registry.ledgers.preferred import Chosen, How, choose, how_shown

POPULATION = "population_figure"
OBSERVATION = "observation"


@dataclass(frozen=True)
class PopulationChoice:
    """The preferred figure of one division and group: `persons` in `year`.

    `year` is the year asked for, else the nearest earlier one with a figure: `asked_year` tells,
    and whoever shows the figure has to say so. `sources` counts the sources of that year.
    """

    division_code: str
    group_code: str
    asked_year: int
    year: int
    persons: int
    rounded_to: int
    source: str
    source_kind: str
    reference_on: date | None
    divisions_on: date
    is_projection: bool
    how: How
    sources: int

    @property
    def is_earlier(self) -> bool:
        """True when the figure is of an earlier year than asked for."""
        return self.year != self.asked_year

    @property
    def how_shown(self) -> str:
        """Why this source is preferred, in the language in use."""
        return how_shown(self.how, self.sources)


@dataclass(frozen=True)
class ObservationChoice:
    """The preferred value of one indicator (or part of it) in one division and year.

    `others` are the sources not taken, each with its value.
    """

    indicator_code: str
    plan_code: str
    number: str
    part: str
    division_code: str
    year: int
    value: float
    unit: str
    source: str
    how: How
    sources: int
    others: tuple[tuple[str, float], ...] = ()

    @property
    def how_shown(self) -> str:
        """Why this source is preferred, in the language in use."""
        return how_shown(self.how, self.sources)


def population(
    session: Session,
    division_code: str,
    year: int,
    group: str = "total",
    *,
    years_back: int | None = None,
    known_at: datetime | None = None,
) -> PopulationChoice | None:
    """Return a division's figure as `populations` does, None when the ledger has none.

    Raises DataError `division.shape` for what is no division code.
    """
    code = normalise(division_code)
    found = populations(session, year, (group,), (code,), years_back=years_back, known_at=known_at)
    return found.get((code, group))


def populations(
    session: Session,
    year: int,
    groups: Collection[str],
    divisions: Collection[str] | None = None,
    *,
    years_back: int | None = None,
    known_at: datetime | None = None,
) -> dict[tuple[str, str], PopulationChoice]:
    """Return the preferred figures by (division code, group), of all divisions unless told.

    Where `year` has none, the nearest of the `years_back` years before it is taken (by default the
    limit of the book `ledger_limits`; 0 for that year only). A missing figure is absent, never
    zero. Figures of areas listed apart do not count. `known_at`: as the ledger was at that moment.
    """
    back = ledger_limit("years_back") if years_back is None else years_back
    cells: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    columns = rows.table(POPULATION).c
    fits = and_(
        columns.year.between(year - back, year),
        columns.group_code.in_(sorted(groups)),
        columns.area == "",
        known(POPULATION, known_at),
    )
    if divisions is not None:
        fits = and_(fits, columns.division_code.in_(sorted(set(divisions))))
    for row in _latest(session, fits):
        cells[row["division_code"], row["group_code"]].append(row)
    return {cell: _population_choice(choose(found), year) for cell, found in cells.items()}


def observations(
    session: Session,
    plan: str,
    year: int,
    divisions: Collection[str] | None = None,
    *,
    known_at: datetime | None = None,
) -> dict[tuple[str, str], ObservationChoice]:
    """Return the preferred values of a plan's indicators by (indicator code, division code).

    Of that year only, without running totals (those are `registry.ledgers.plan_totals`'). The code
    has the part's letter where the row has parts (hangzhou-145.09a). Raises UsageError
    `evaluate.plan_unknown`.
    """
    codes = {row.label: row.code for row in indicators_of(plan)}
    columns = rows.table(OBSERVATION).c
    of_plan = and_(columns.plan_code == plan, columns.year == year, columns.part != RUNNING_PART)
    wanted = None if divisions is None else set(divisions)
    cells: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in known_rows(session, OBSERVATION, of_plan, known_at=known_at):
        if row["number"] in codes and (wanted is None or row["division_code"] in wanted):
            cells[codes[row["number"]] + row["part"], row["division_code"]].append(row)
    return {cell: observation_choice(cell[0], choose(found)) for cell, found in cells.items()}


def _latest(session: Session, fits: ColumnElement[bool]) -> list[Mapping[str, Any]]:
    """The rows that fit, of all sources, of the last year that a division and group has."""
    table = rows.table(POPULATION)
    columns = table.c
    newest = (
        select(columns.division_code, columns.group_code, func.max(columns.year).label("newest"))
        .where(fits)
        .group_by(columns.division_code, columns.group_code)
        .subquery()
    )
    same = and_(
        columns.division_code == newest.c.division_code,
        columns.group_code == newest.c.group_code,
        columns.year == newest.c.newest,
    )
    query = select(table).join(newest, same).where(fits).order_by(columns.id)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def _population_choice(chosen: Chosen, asked_year: int) -> PopulationChoice:
    row = chosen.row
    kept = {name: row[name] for name in PopulationChoice.__dataclass_fields__ if name in row}
    kept["is_projection"] = row["is_projection"] == YES
    return PopulationChoice(**kept, asked_year=asked_year, how=chosen.how, sources=chosen.sources)


def observation_choice(code: str, chosen: Chosen) -> ObservationChoice:
    """Return the row chosen, of the indicator `code`."""
    row = chosen.row
    kept = {name: row[name] for name in ObservationChoice.__dataclass_fields__ if name in row}
    others = tuple((one["source"], one["value"]) for one in chosen.others)
    kept |= {"how": chosen.how, "sources": chosen.sources, "others": others}
    return ObservationChoice(**kept, indicator_code=code)
