"""The page of a division: what it has, by category and type, and the divisions below it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.outline_map import sketch
from exports.site.pages.page import page, rows
from exports.site.settings import site_settings


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show a county or township of the release, or the division above them."""
    code = request.url_vars["code"]
    unit = catalogue.divisions.get(code)
    if unit is None:
        return await page(datasette, request, "not_found.html", status=404)
    counted = await _counted(datasette, catalogue, unit)
    below = await _below(datasette, catalogue, unit)
    return await page(
        datasette,
        request,
        "division.html",
        unit=unit,
        above=catalogue.above(code),
        groups=_by_category(catalogue, counted),
        total=sum(counted.values()),
        below=below,
        sketch=sketch(catalogue, code if unit["level"] == "county" else unit["parent_code"]),
        column="township_code" if unit["level"] == "township" else "county_code",
    )


async def _counted(datasette: Datasette, catalogue: Catalogue, unit: Row) -> Counter[str]:
    """Count what is on the register in the division, by type."""
    totals: Any = catalogue.totals
    if unit["level"] == "township":
        totals = await rows(datasette, queries.OF_TOWNSHIP, code=unit["code"])
        counties = None
    else:
        counties = {unit["code"], *(row["code"] for row in catalogue.below(unit["code"]))}
    counted: Counter[str] = Counter()
    for row in totals:
        here = counties is None or row["county_code"] in counties
        if here and row["status"] in site_settings().standing:
            counted[row["type_code"]] += row["facilities"]
    return counted


async def _below(datasette: Datasette, catalogue: Catalogue, unit: Row) -> list[tuple[Row, int]]:
    if unit["level"] != "county":
        return [
            (row, catalogue.standing(county=row["code"])) for row in catalogue.below(unit["code"])
        ]
    statuses = json.dumps(site_settings().standing)
    found = await rows(datasette, queries.TOWNSHIPS, code=unit["code"], statuses=statuses)
    counts = {row["code"]: row["facilities"] for row in found}
    return [(row, counts.get(row["code"], 0)) for row in catalogue.below(unit["code"])]


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
