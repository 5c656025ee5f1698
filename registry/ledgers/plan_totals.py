"""Totals over a plan's years, from what the ledger has: the years' own figures, or a running total.

A running total stands for all years up to its own; figures of single years are added to it, or from
the plan's first year on. A year without either is a gap: then the total is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session

from codes.indicators import Plan, indicators_of
from registry import rows
from registry.ledgers.entries import RUNNING_PART
from registry.ledgers.known import known_rows
from registry.ledgers.lookup import OBSERVATION, ObservationChoice, observation_choice
from registry.ledgers.preferred import choose

Known = Mapping[tuple[int, str], list[Mapping[str, Any]]]
"""Rows of one indicator and division by year and part."""


@dataclass(frozen=True)
class PlanTotal:
    """The total of the years `first` to `last`: `figures` add up to it; `gaps` are years without.

    Each figure is the preferred one of its year, the earliest first.
    """

    first: int
    last: int
    figures: tuple[ObservationChoice, ...]
    gaps: tuple[int, ...]

    @property
    def value(self) -> float | None:
        """The total, None when a year is missing."""
        return None if self.gaps else round(sum(one.value for one in self.figures), 9)


def plan_totals(
    session: Session, plan: Plan, year: int, divisions: Collection[str]
) -> dict[tuple[str, str], PlanTotal]:
    """Return the totals up to `year` by (indicator code, division code), where any year is known.

    After the plan's last year its total stays; up to the base year there is none.
    """
    codes = {row.label: row.code for row in indicators_of(plan.code) if row.is_plan_total}
    first, last = plan.years[0], min(year, plan.years[-1])
    if not codes or last < first:
        return {}
    columns, wanted = rows.table(OBSERVATION).c, set(divisions)
    fits = and_(
        columns.plan_code == plan.code,
        columns.number.in_(sorted(codes)),
        columns.year.between(first, last),
    )
    cells: dict[tuple[str, str], Any] = defaultdict(lambda: defaultdict(list))
    for row in known_rows(session, OBSERVATION, fits):
        if row["division_code"] in wanted:
            cell = codes[row["number"]], row["division_code"]
            cells[cell][row["year"], row["part"]].append(row)
    return {cell: _total(cell[0], known, first, last) for cell, known in cells.items()}


def _total(code: str, known: Known, first: int, last: int) -> PlanTotal:
    begin = max((year for year, part in known if part == RUNNING_PART), default=first)
    found = {year: _chosen(code, known, year) for year in range(begin, last + 1)}
    figures = tuple(one for one in found.values() if one)
    return PlanTotal(first, last, figures, tuple(year for year in found if not found[year]))


def _chosen(code: str, known: Known, year: int) -> ObservationChoice | None:
    """The year's running total; where it has none, its own figure."""
    rows_of = known.get((year, RUNNING_PART)) or known.get((year, ""))
    return observation_choice(code, choose(rows_of)) if rows_of else None
