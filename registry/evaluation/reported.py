"""What was reported of an indicator: the ledger's observation, else the plan's printed figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from codes.indicators import Figure, Plan, indicators_of
from registry.evaluation.ground import Ground
from registry.ledgers.lookup import ObservationChoice, observations

LEDGER: Final = "ledger"
DOCUMENT: Final = "document"


@dataclass(frozen=True)
class Reported:
    """A reported value; None where the document prints what is no single number (`raw` says it).

    `bound` says that the document prints a bound (<0.011), not the value. `how` is why the ledger
    prefers this source of `sources`.
    """

    value: float | None
    raw: str
    source: str
    found_in: str
    bound: bool = False
    how: str | None = None
    sources: int = 1

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
        }


def reported_of(
    session: Session, plan: Plan, year: int, level: str, ground: Ground
) -> dict[tuple[str, str], Reported]:
    """Return what was reported, by indicator (or part) code and division code.

    The document's figures are the city's: its actual values, and its base values in the base year.
    """
    found: dict[tuple[str, str], Reported] = {}
    if level == "city":
        printed = _printed(plan, year)
        found |= {(code, plan.city_code): one for code, one in printed.items()}
    ledger: Mapping[tuple[str, str], ObservationChoice] = observations(
        session, plan.code, year, ground.codes(level)
    )
    for cell, choice in ledger.items():
        found[cell] = Reported(
            choice.value,
            f"{choice.value:g}",
            choice.source,
            LEDGER,
            how=choice.how_shown,
            sources=choice.sources,
        )
    return found


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
