"""Warnings on the map: the counties in the colour of one indicator in one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from datasette.app import Datasette

from codes.messages import language
from exports.site import queries
from exports.site.address import address
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.page import rows
from exports.site.results import percent, short

WARNING: Final = "warning"
"""Value of `paint` in an address whose marks have the colour of their county."""

Choice = list[tuple[str, list[Row]]]


@dataclass(frozen=True)
class Warned:
    """One indicator, the year looked at, the years there are, and the counties' results."""

    indicator: Row
    year: int
    years: list[int]
    results: list[Row]

    @property
    def colours(self) -> dict[str, str]:
        """Return the colour of every county that has one."""
        return {row["division_code"]: row["colour"] for row in self.results if row["colour"]}

    def counties(self, catalogue: Catalogue) -> list[dict[str, Any]]:
        """Return what list and map show of every county, for a program or a page."""
        return [_county(catalogue, row) for row in self.results]


async def indicators_on_map(datasette: Datasette, catalogue: Catalogue) -> Choice:
    """Return (plan, indicators) of every plan that has values by county."""
    found = {row["indicator_code"] for row in await rows(datasette, queries.ON_MAP)}
    by_plan = [
        (plan, [row for row in catalogue.indicators.values() if row["plan_code"] == plan])
        for plan in catalogue.plans
    ]
    kept = [(plan, [row for row in listed if row["code"] in found]) for plan, listed in by_plan]
    return [(plan, listed) for plan, listed in kept if listed]


async def warned(
    datasette: Datasette, catalogue: Catalogue, indicator: str, year: str = ""
) -> Warned | None:
    """Return the counties' results of an indicator, None when it has none.

    Another year than there is falls back to the latest that has a value.
    """
    if indicator not in catalogue.indicators:
        return None
    found = await rows(datasette, queries.RESULTS_OF_COUNTIES, code=indicator)
    years = sorted({row["year"] for row in found})
    if not years:
        return None
    with_value = [row["year"] for row in found if row["value"] is not None]
    latest = max(with_value or years)
    chosen = next((one for one in years if str(one) == year), latest)
    of_year = [row for row in found if row["year"] == chosen]
    return Warned(catalogue.indicators[indicator], chosen, years, of_year)


def _county(catalogue: Catalogue, row: Row) -> dict[str, Any]:
    code, lang = row["division_code"], language()
    return {
        "code": code,
        "name": catalogue.name("division", code, lang),
        "value": row["value"],
        "shown": short(row["value"]),
        "unit": row[f"unit_{lang}"] if row["value"] is not None else "",
        "achievement": row["achievement"],
        "achieved": percent(row["achievement"]),
        "colour": row["colour"],
        "colour_name": row[f"colour_{lang}"],
        "reason": row[f"reason_{lang}"],
        "page": address(f"/indicator/{row['indicator_code']}", division=code, year=row["year"]),
        "division_page": address(f"/division/{code}"),
    }
