"""What was reported of an indicator: the ledger's observation, else the plan's printed figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from codes.countings import RUNNING, YEAR
from codes.indicators import Figure, Plan, find_indicator, indicators_of
from codes.names import listed
from registry.evaluation.ground import Ground
from registry.evaluation.worked import Reason, Words
from registry.ledgers.entries import RUNNING_PART
from registry.ledgers.lookup import ObservationChoice, observations
from registry.ledgers.plan_totals import PlanTotal, plan_totals

LEDGER: Final = "ledger"
DOCUMENT: Final = "document"


@dataclass(frozen=True)
class Reported:
    """A reported value; None where the document prints what is no single number (`raw` says it).

    `bound` says that the document prints a bound (<0.011), not the value. `how` is why the ledger
    prefers this source of `sources`; `others` are those not taken, with their values. A five-year
    total has the years' figures in `years`, and a `reason` in place of its value when a year is
    missing.
    """

    value: float | None
    raw: str
    source: str
    found_in: str
    bound: bool = False
    how: str | None = None
    sources: int = 1
    others: tuple[tuple[str, float], ...] = ()
    years: tuple[ObservationChoice, ...] = ()
    reason: Reason | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "value": self.value,
            "raw": self.raw,
            "source": self.source,
            "found_in": self.found_in,
            "is_bound": self.bound,
            "preferred_because": self.how,
            "sources": self.sources,
            "others": [{"source": source, "value": value} for source, value in self.others],
            "years": [
                {
                    "year": one.year,
                    "value": one.value,
                    "counted": counted_as(one),
                    "source": one.source,
                    "preferred_because": one.how_shown,
                }
                for one in self.years
            ],
        }


def counted_as(one: ObservationChoice) -> str:
    """Return the code of the way a figure of a five-year total is counted."""
    return RUNNING if one.part == RUNNING_PART else YEAR


def reported_of(
    session: Session, plan: Plan, year: int, level: str, ground: Ground
) -> dict[tuple[str, str], Reported]:
    """Return what was reported, by indicator (or part) code and division code.

    The document's figures are the city's: its actual values, and its base values in the base year.
    They stand for a five-year total as long as the ledger lacks a year of it.
    """
    found: dict[tuple[str, str], Reported] = {}
    if level == "city":
        printed = _printed(plan, year)
        found |= {(code, plan.city_code): one for code, one in printed.items()}
    ledger: Mapping[tuple[str, str], ObservationChoice] = observations(
        session, plan.code, year, ground.codes(level)
    )
    for cell, choice in ledger.items():
        if find_indicator(cell[0]).is_plan_total:
            continue
        found[cell] = Reported(
            choice.value,
            _in_full(choice.value),
            choice.source,
            LEDGER,
            how=choice.how_shown,
            sources=choice.sources,
            others=choice.others,
        )
    for cell, total in plan_totals(session, plan, year, ground.codes(level)).items():
        if cell not in found or total.value is not None:
            found[cell] = _reported_total(total)
    return found


def _in_full(value: float) -> str:
    """A figure as a plan prints it: every digit a float keeps, no power of ten."""
    return f"{value:.15g}"


def _reported_total(total: PlanTotal) -> Reported:
    sources = dict.fromkeys(one.source for one in total.figures)
    gap = {"first": total.first, "last": total.last, "years": Words(_years_listed, total.gaps)}
    return Reported(
        total.value,
        "" if total.value is None else _in_full(total.value),
        "、".join(sources),
        LEDGER,
        how=total.figures[0].how_shown if len(total.figures) == 1 else None,
        sources=max(one.sources for one in total.figures),
        years=total.figures,
        reason=Reason("evaluate.reason.total_gap", gap) if total.gaps else None,
    )


def _years_listed(years: tuple[int, ...]) -> str:
    return listed(map(str, years))


def _printed(plan: Plan, year: int) -> dict[str, Reported]:
    found = {}
    for row in indicators_of(plan.code):
        for code, figures in ((row.code, row.figures), *((p.code, p.figures) for p in row.parts)):
            for figure in figures:
                if figure.role in ("base", "actual") and figure.year == year and _says(figure):
                    found[code] = _reported(figure, plan)
    return found


def _says(figure: Figure) -> bool:
    return figure.reading.kind != "none" and figure.reading.meaning not in _NO_VALUE


_NO_VALUE: Final = ("not_issued", "undetermined", "not_stated", "set_by_province")


def _reported(figure: Figure, plan: Plan) -> Reported:
    number = figure.reading.number
    return Reported(
        None if number is None else float(number),
        figure.raw,
        f"{plan.document_zh} {plan.table_zh}",
        DOCUMENT,
        bound=figure.reading.comparator != "=",
    )
