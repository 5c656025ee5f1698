"""The page of an indicator: what it is, its targets, its values by year and place, the working."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site import queries
from exports.site.address import address
from exports.site.asked_values import UnknownValue, year_of
from exports.site.catalogue import Catalogue, Row
from exports.site.counted import formula_behind
from exports.site.opinions import answers_about
from exports.site.pages.page import page, rows
from exports.site.problems import no_code
from exports.site.trend import trend


@dataclass(frozen=True)
class View:
    """What of an indicator's results is looked at: one division, one year, those below and beside.

    `beside` is a county among its neighbours, itself first; empty for any other division.
    `on_map` says whether the map can show the counties' values of the year.
    """

    division: str
    year: int | None
    years: list[int]
    chosen: Row | None
    course: list[Row]
    below: list[Row]
    beside: list[Row]
    on_map: bool


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the indicator for the division and year asked for; at first the plan's city, latest."""
    row = catalogue.indicators.get(request.url_vars["code"])
    if row is None:
        return await page(datasette, request, "not_found.html", status=404)
    results = await rows(datasette, queries.RESULTS, code=row["code"])
    looked = looked_at(catalogue, row, results, request)
    return await page(
        datasette,
        request,
        "indicator.html",
        row=row,
        plan=catalogue.plans[row["plan_code"]],
        figures=await rows(datasette, queries.FIGURES, code=row["code"]),
        looked=looked,
        trend=trend(looked.course),
        has_facilities=formula_behind(catalogue, looked.chosen) is not None,
        above=_above(catalogue, looked.division, results),
        answers=await answers_about(datasette, catalogue, "indicator", row["code"]),
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: definition, printed figures, and results of the city and its counties.

    With `division` those of a county and its townships, with `year` those of one year.
    """
    code = request.url_vars["code"]
    row = catalogue.indicators.get(code)
    if row is None:
        return no_code("indicator", code, "/indicators.json")
    results = await rows(datasette, queries.RESULTS, code=row["code"])
    looked = looked_at(catalogue, row, results, request)
    wanted = {looked.division, *(unit["code"] for unit in catalogue.below(looked.division))}
    years = {looked.year} if request.args.get("year") else {one["year"] for one in results}
    return Response.json(
        {
            **row,
            "plan": catalogue.plans[row["plan_code"]],
            "figures": await rows(datasette, queries.FIGURES, code=row["code"]),
            "division_code": looked.division,
            "results": [
                result
                for result in results
                if result["division_code"] in wanted and result["year"] in years
            ],
            "answers": await answers_about(datasette, catalogue, "indicator", row["code"]),
        }
    )


def looked_at(catalogue: Catalogue, row: Row, results: list[Row], request: Any) -> View:
    """Return what to show: at first the plan's city in the latest year that has a value.

    Raises UnknownValue for a division or year that the indicator has no result of.
    """
    city = catalogue.plans[row["plan_code"]]["city_code"]
    known = {result["division_code"] for result in results}
    asked = request.args.get("division") or ""
    if asked and asked not in known | {city}:
        raise UnknownValue(
            "division", f"/fuwuma/indicator_result.json?indicator_code={row['code']}"
        )
    division = asked or city
    course = [result for result in results if result["division_code"] == division]
    years = [result["year"] for result in course]
    with_value = [result["year"] for result in course if result["value"] is not None]
    latest = max(with_value or years, default=None)
    asked_year = year_of(request, years, address(f"/indicator/{row['code']}.json", division=asked))
    year = latest if asked_year is None else asked_year
    of_year = [result for result in results if result["year"] == year]
    return View(
        division=division,
        year=year,
        years=years,
        chosen=next((result for result in course if result["year"] == year), None),
        course=course,
        below=[result for result in of_year if _parent(catalogue, result) == division],
        beside=_among_neighbours(catalogue, division, of_year),
        on_map=any(row["level"] == "county" and row["value"] is not None for row in of_year),
    )


def _among_neighbours(catalogue: Catalogue, division: str, of_year: list[Row]) -> list[Row]:
    unit = catalogue.divisions.get(division)
    if unit is None or unit["level"] != "county":
        return []
    near = [division, *(row["code"] for row in catalogue.beside(division))]
    by_code = {row["division_code"]: row for row in of_year}
    found = [by_code[code] for code in near if code in by_code]
    return found if len(found) > 1 else []


def _parent(catalogue: Catalogue, result: Row) -> str | None:
    unit = catalogue.divisions.get(result["division_code"])
    return unit["parent_code"] if unit else None


def _above(catalogue: Catalogue, division: str, results: list[Row]) -> list[Row]:
    """Return the divisions above the one looked at that have results too."""
    known = {result["division_code"] for result in results}
    units = catalogue.above(division) if division in catalogue.divisions else []
    return [unit for unit in units if unit["code"] in known]
