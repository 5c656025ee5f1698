"""The census figures of the book `population_2020` as a batch for the ledger."""

from __future__ import annotations

from codes.population import PopulationFigure, population_figures
from registry.ledgers.batch import Batch
from registry.ledgers.entries import NO, PopulationEntry
from registry.ledgers.place import RowPlace

CENSUS = "census"


def census_batch() -> Batch[PopulationEntry]:
    """Return every figure of the book, checked like a file's when it is loaded.

    An area without a code of its own (西湖风景名胜区) is kept within the division it lies in, as
    an area listed apart: it adds up with the counties and is never taken for one of them.
    """
    figures = population_figures()
    entries = tuple(_entry(row, figure) for row, figure in enumerate(figures, start=1))
    return Batch("population", len(entries), entries, ())


def _entry(row: int, figure: PopulationFigure) -> PopulationEntry:
    apart = figure.division_code is None
    return PopulationEntry(
        place=RowPlace("", row),
        division_code=str(figure.within_code if apart else figure.division_code),
        area=figure.name if apart else "",
        year=figure.reference_on.year,
        group_code=figure.group,
        source=figure.source,
        persons=figure.persons,
        rounded_to=1,
        divisions_on=figure.divisions_on,
        reference_on=figure.reference_on,
        source_kind=CENSUS,
        is_projection=NO,
        preferred=None,
    )
