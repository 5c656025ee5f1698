"""What a release says of places beside their names: which counties share a border, who lives there.

Outlines of neighbouring counties have their border in common, point for point, so that neighbours
are those whose borders meet in a line; a corner alone does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from codes.errors import DataError
from codes.population import counties_of_areas
from exports.release.allow_list import PublicTable
from registry.ledgers.entries import NO, YES
from registry.ledgers.preferred import choose
from registry.tables.ledger import PopulationFigure

SHARED_LINE: Final = "****1****"
"""DE-9IM: the borders of both have a line in common."""


def neighbour_rows(counties: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (county, neighbour), both ways, for those of the counties that have outlines."""
    from shapely import STRtree, relate_pattern

    from codes.place import outline

    shapes: dict[str, Any] = {}
    for code in sorted(counties):
        try:
            shapes[code] = outline(code)
        except DataError:
            continue
    codes, drawn = list(shapes), list(shapes.values())
    if not drawn:
        return
    first, second = STRtree(drawn).query(drawn, predicate="intersects")
    for one, other in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if one != other and relate_pattern(drawn[one], drawn[other], SHARED_LINE):
            yield codes[one], codes[other]


def population_rows(
    table: PublicTable, session: Session, divisions: Collection[str], on: date
) -> Iterator[tuple[Any, ...]]:
    """Yield the figures of the divisions a release has, up to its year, from every source."""
    figures = session.exec(
        select(PopulationFigure).where(
            col(PopulationFigure.superseded_at).is_(None), PopulationFigure.year <= on.year
        )
    )
    listed = [figure for figure in figures if figure.division_code in divisions]
    used = _used(listed)
    key = [table.columns[name].source_name for name in table.key]
    for figure in sorted(listed, key=lambda figure: [getattr(figure, name) for name in key]):
        county = counties_of_areas().get((figure.division_code, figure.area))
        made = {
            "used": YES if figure.id in used else NO,
            "area_county_code": county if county in divisions else None,
        }
        yield tuple(
            made[column.name] if column.name in made else getattr(figure, column.source_name)
            for column in table.columns.values()
        )


def _used(figures: Iterable[PopulationFigure]) -> set[Any]:
    """Return the ids of the rows that evaluation reads: one of each cell, of no part apart."""
    cells: dict[tuple[str, int, str], list[dict[str, Any]]] = defaultdict(list)
    for figure in figures:
        if not figure.area:
            cell = figure.division_code, figure.year, figure.group_code
            cells[cell].append(figure.model_dump())
    return {choose(rows).row["id"] for rows in cells.values()}
