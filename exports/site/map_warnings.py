"""Warnings on the map: the counties in the colour of one indicator in one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette

from codes.messages import language
from exports.site import queries
from exports.site.address import address
from exports.site.asked_values import year_of
from exports.site.catalogue import Catalogue, Row
from exports.site.counted import types_counted
from exports.site.pages.page import rows
from exports.site.results import percent, short

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

    def types(self, catalogue: Catalogue) -> frozenset[str]:
        """Return the types that the indicator counts; none when it counts no facilities."""
        return types_counted(catalogue, self.results)

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
    datasette: Datasette, request: Any, catalogue: Catalogue, *, any_year: bool = False
) -> Warned | None:
    """Return the counties' results of the indicator asked for, None when it has none.

    Without a year they are of the latest that has a value, with `any_year` also for another year
    than there is. Raises UnknownValue for such a year, and for one without an indicator.
    """
    indicator = request.args.get("indicator") or ""
    if not indicator:
        year_of(request, (), "/map/warnings.json")
        return None
    found = await rows(datasette, queries.RESULTS_OF_COUNTIES, code=indicator)
    years = sorted({row["year"] for row in found})
    if not years:
        return None
    with_value = [row["year"] for row in found if row["value"] is not None]
    latest = max(with_value or years)
    listed = address("/map/warnings.json", indicator=indicator)
    asked = None if any_year and not _has_year(request, years) else year_of(request, years, listed)
    chosen = latest if asked is None else asked
    of_year = [row for row in found if row["year"] == chosen]
    return Warned(catalogue.indicators[indicator], chosen, years, of_year)


def _has_year(request: Any, years: list[int]) -> bool:
    return request.args.get("year") in map(str, years)


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
