"""The page of a division: facilities, people, indicators, what lies below it and beside it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from codes.statuses import on_register
from exports.site import queries
from exports.site.address import address
from exports.site.catalogue import Catalogue, Row
from exports.site.outline_map import sketch
from exports.site.pages.page import page, rows
from exports.site.problems import no_code
from exports.site.results import latest
from exports.site.settings import DATABASE

COLUMNS: Final = {"township": "township_code", "village": "division_code"}
"""Level -> the column of `facility` that holds its code."""

SMALL: Final = {"township": queries.OF_TOWNSHIP, "village": queries.OF_VILLAGE}
"""Levels that the totals do not tell apart -> how to count there."""

COUNTED_BELOW: Final = {"county": queries.TOWNSHIPS, "township": queries.VILLAGES}
"""Level -> how to count in the divisions below one of it, where the totals do not."""


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show a county or township of the release, or the division above them."""
    code = request.url_vars["code"]
    unit = catalogue.divisions.get(code)
    if unit is None:
        return await page(datasette, request, "not_found.html", status=404)
    counted = await _counted(datasette, catalogue, unit)
    results = await rows(datasette, queries.RESULTS_OF_DIVISION, code=code)
    return await page(
        datasette,
        request,
        "division.html",
        unit=unit,
        above=catalogue.above(code),
        groups=_by_category(catalogue, counted),
        total=sum(counted.values()),
        below=await _below(datasette, catalogue, unit),
        beside=catalogue.beside(code),
        population=_latest_of_group(await rows(datasette, queries.POPULATION, code=code)),
        apart=_latest_of_group(await rows(datasette, queries.POPULATION_APART, code=code)),
        results=_by_plan(catalogue, latest(results)),
        without_value=len({row["indicator_code"] for row in results} - latest(results).keys()),
        sketch=sketch(catalogue, _county_of(catalogue, unit)),
        of_type=lambda type_code: _list_address(catalogue, unit, type_code),
        nowhere=lambda: _nowhere_address(unit),
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: the division, what is on the register by type, people, latest results."""
    code = request.url_vars["code"]
    unit = catalogue.divisions.get(code)
    if unit is None:
        return no_code("division", code, "/fuwuma/division.json")
    counted = await _counted(datasette, catalogue, unit)
    results = await rows(datasette, queries.RESULTS_OF_DIVISION, code=code)
    return Response.json(
        {
            **unit,
            "total": sum(counted.values()),
            "facilities_by_type": dict(sorted(counted.items())),
            "above": catalogue.above(code),
            "below": catalogue.below(code),
            "beside": catalogue.beside(code),
            "population": _latest_of_group(await rows(datasette, queries.POPULATION, code=code)),
            "population_apart": _latest_of_group(
                await rows(datasette, queries.POPULATION_APART, code=code)
            ),
            "results": [*latest(results).values()],
        }
    )


async def _counted(datasette: Datasette, catalogue: Catalogue, unit: Row) -> Counter[str]:
    """Count what is on the register in the division, by type."""
    totals: Any = catalogue.totals
    if unit["level"] in SMALL:
        totals = await rows(datasette, SMALL[unit["level"]], code=unit["code"])
        counties = None
    else:
        counties = counties_in(catalogue, unit["code"])
    counted: Counter[str] = Counter()
    for row in totals:
        here = counties is None or row["county_code"] in counties
        if here and row["status"] in on_register():
            counted[row["type_code"]] += row["facilities"]
    return counted


async def _below(
    datasette: Datasette, catalogue: Catalogue, unit: Row
) -> list[tuple[Row | None, int]]:
    """Return the divisions below with their counts; None are those of no known township."""
    below = catalogue.below(unit["code"])
    counting = COUNTED_BELOW.get(unit["level"])
    if counting is None:
        return [(row, _standing(catalogue, row["code"])) for row in below]
    statuses = json.dumps(on_register())
    found = await rows(datasette, counting, code=unit["code"], statuses=statuses)
    counts = {_other(row["code"], unit["code"]): row["facilities"] for row in found}
    listed: list[tuple[Row | None, int]] = [(row, counts.pop(row["code"], 0)) for row in below]
    # what is left lies in divisions that have ended, or in none that was given
    return [
        *listed,
        *((catalogue.divisions.get(code or ""), left) for code, left in counts.items()),
    ]


def _other(code: str | None, above: str) -> str | None:
    """Return None for a facility of which no more is known than the division above."""
    return None if code == above else code


def _county_of(catalogue: Catalogue, unit: Row) -> str | None:
    """Return the county that a division is or lies in, None above the counties."""
    counties = (one["code"] for one in (unit, *catalogue.above(unit["code"])))
    return next((code for code in counties if catalogue.divisions[code]["level"] == "county"), None)


def _list_address(catalogue: Catalogue, unit: Row, type_code: str) -> str:
    """Return the address that lists what the page counts of a type."""
    code, counties = unit["code"], counties_in(catalogue, unit["code"])
    if unit["level"] == "county":
        return address(f"/type/{type_code}", county=code)
    if unit["level"] in COLUMNS:
        return _on_register(type_code=type_code, **{COLUMNS[unit["level"]]: code})
    if counties == {row["code"] for row in catalogue.counties()}:
        return address(f"/type/{type_code}")
    return _on_register(type_code=type_code, county_code__in=",".join(sorted(counties)))


def _nowhere_address(unit: Row) -> str:
    """Return the address that lists what lies in no known division below."""
    if unit["level"] == "township":
        return _on_register(township_code=unit["code"], division_code=unit["code"])
    return _on_register(county_code=unit["code"], township_code__isblank=1)


def _on_register(**conditions: Any) -> str:
    standing = ",".join(on_register())
    return address(f"/{DATABASE}/facility", **conditions, status__in=standing)


def counties_in(catalogue: Catalogue, code: str) -> set[str]:
    """Return the counties with facilities that a division is or has below it."""
    return {
        row["code"]
        for row in catalogue.counties()
        if code in (row["code"], *(unit["code"] for unit in catalogue.above(row["code"])))
    }


def _standing(catalogue: Catalogue, code: str) -> int:
    return sum(catalogue.standing(county=county) for county in counties_in(catalogue, code))


def _latest_of_group(figures: list[Row]) -> list[Row]:
    """Return one figure of each group and part: the preferred one, else the latest counted."""
    return list({(row["area"], row["group_code"]): row for row in reversed(figures)}.values())[::-1]


def _by_plan(catalogue: Catalogue, found: dict[str, Row]) -> list[tuple[str, list[Row]]]:
    return [
        (plan, listed)
        for plan in catalogue.plans
        if (listed := [row for row in found.values() if row["plan_code"] == plan])
    ]


def _by_category(
    catalogue: Catalogue, counted: Counter[str]
) -> list[tuple[str, int, list[tuple[str, int]]]]:
    groups = []
    for category in catalogue.categories:
        types = [
            (row["code"], counted[row["code"]])
            for service_class in catalogue.classes_of(category)
            for row in catalogue.types_of(service_class["code"])
            if counted[row["code"]]
        ]
        if types:
            groups.append((category, sum(count for _, count in types), types))
    return groups
