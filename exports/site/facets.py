"""Facets of the facilities, counted from the totals of the release instead of over every row.

Where a condition is set that the totals do not know (a name, a date), Datasette's own counting
does, within its time limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from datasette.facets import ColumnFacet

from exports.site.catalogue import Catalogue, Row
from exports.site.sites import SITES

SUMMED: Final = ("category_code", "class_code", "type_code", "county_code", "status")
"""Columns of `facility` that the totals tell apart."""


class TotalsFacet(ColumnFacet):  # type: ignore[misc]
    """A facet declared as `{"total": column}`."""

    type = "total"

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the values of each declared column with their counts, most first."""
        catalogue = SITES.get(self.ds)
        wanted = self._conditions()
        if catalogue is None or wanted is None:
            found: tuple[list[dict[str, Any]], list[str]] = await super().facet_results()
            return found
        rows = [row for row in _totals(catalogue) if _meets(row, wanted)]
        return [self._result(config["config"]["simple"], rows) for config in self.get_configs()], []

    def _conditions(self) -> dict[str, set[str]] | None:
        """Return the exact conditions of the address, None when there is any other."""
        wanted: dict[str, set[str]] = {}
        for name, value in self.get_querystring_pairs():
            column = name.removesuffix("__exact")
            if name.startswith("_") and "__" not in name:
                continue
            if column not in SUMMED:
                return None
            wanted.setdefault(column, set()).add(value)
        return wanted

    def _result(self, column: str, rows: list[Row]) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        for row in rows:
            counts[row[column]] += row["facilities"]
        chosen = {value for name, value in self.get_querystring_pairs() if name == column}
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return {
            "name": column,
            "type": self.type,
            "hideable": False,
            "results": [
                {"value": value, "label": value, "count": count, "selected": value in chosen}
                for value, count in ordered
            ],
            "truncated": False,
        }


def _totals(catalogue: Catalogue) -> Iterator[Row]:
    for row in catalogue.totals:
        class_code = catalogue.types[row["type_code"]]["class_code"]
        category_code = catalogue.classes[class_code]["category_code"]
        yield {**row, "class_code": class_code, "category_code": category_code}


def _meets(row: Row, wanted: dict[str, set[str]]) -> bool:
    """Two different values of one column are met by nothing, as in SQL."""
    return all(values == {row[column]} for column, values in wanted.items())
