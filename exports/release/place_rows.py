"""What a release says of places beside their names: which counties share a border, who lives there.

Outlines of neighbouring counties have their border in common, point for point, so that neighbours
are those whose borders meet in a line; a corner alone does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from codes.errors import DataError
from exports.release.allow_list import PublicTable
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
    key = [table.columns[name].source_name for name in table.key]
    for figure in sorted(figures, key=lambda figure: [getattr(figure, name) for name in key]):
        if figure.division_code in divisions:
            yield tuple(getattr(figure, column.source_name) for column in table.columns.values())
