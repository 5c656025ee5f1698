"""Category, class and type pages, down to the list of facilities."""

from __future__ import annotations

import json
from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.page import page, page_number, paging, rows
from exports.site.pages.standards import standards_of
from exports.site.settings import site_settings

ALL = "all"
"""Value of `status` in an address that lists closed and merged facilities too."""


async def category(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the classes and types of a category."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.categories:
        return await page(datasette, request, "not_found.html", status=404)
    groups = [(row["code"], _typed(catalogue, row["code"])) for row in catalogue.classes_of(code)]
    return await page(datasette, request, "category.html", code=code, groups=groups)


async def service_class(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the types of a class."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.classes:
        return await page(datasette, request, "not_found.html", status=404)
    above = catalogue.classes[code]["category_code"]
    return await page(
        datasette,
        request,
        "class.html",
        code=code,
        category_code=above,
        types=_typed(catalogue, code),
        standards=standards_of(catalogue, class_code=code),
    )


async def facility_type(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the facilities of a type, by county and status, a page at a time."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.types:
        return await page(datasette, request, "not_found.html", status=404)
    county, status = request.args.get("county") or "", request.args.get("status") or ""
    statuses = _statuses(catalogue, status)
    of_type = [row for row in catalogue.totals if row["type_code"] == code]
    shown = [
        row for row in of_type if row["status"] in statuses and county in ("", row["county_code"])
    ]
    per_page = site_settings().per_page
    total = sum(row["facilities"] for row in shown)
    query = {"county": county, "status": status}
    place = paging(f"/type/{code}", query, page_number(request), per_page, total)
    found = await rows(
        datasette,
        queries.OF_TYPE,
        type_code=code,
        county_code=county,
        statuses=json.dumps(statuses),
        limit=per_page,
        offset=(place.page - 1) * per_page,
    )
    return await page(
        datasette,
        request,
        "type.html",
        code=code,
        class_code=catalogue.types[code]["class_code"],
        category_code=catalogue.classes[catalogue.types[code]["class_code"]]["category_code"],
        facilities=found,
        paging=place,
        county=county,
        chosen_status=status,
        counties=catalogue.counted_by("county_code", _limited(of_type, statuses)),
        statuses=catalogue.counted_by("status", of_type),
        aliases=_aliases(catalogue.types[code]),
    )


def _statuses(catalogue: Catalogue, wanted: str) -> list[str]:
    if wanted == ALL:
        return sorted({row["status"] for row in catalogue.totals} - set(site_settings().annulled))
    return [wanted] if wanted else list(site_settings().standing)


def _limited(totals: list[Row], statuses: list[str]) -> list[Row]:
    return [row for row in totals if row["status"] in statuses]


def _typed(catalogue: Catalogue, class_code: str) -> list[tuple[str, int]]:
    return [
        (row["code"], catalogue.standing(type_codes=[row["code"]]))
        for row in catalogue.types_of(class_code)
    ]


def _aliases(row: Row) -> list[str]:
    return [name for name in (row["aliases"] or "").split(";") if name]
