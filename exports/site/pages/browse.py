"""Category, class and type pages, down to the list of facilities."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from datasette import Response
from datasette.app import Datasette

from codes.statuses import ANNULLED, named, on_register
from exports.site import queries
from exports.site.asked_values import EVERY_STATUS
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.page import Paging, page, page_number, paging, rows
from exports.site.pages.standards import standards_of
from exports.site.settings import site_settings


@dataclass(frozen=True)
class Listed:
    """A page of a type's facilities, and what was asked for."""

    county: str
    status: str
    statuses: list[str]
    place: Paging
    facilities: list[Row]


async def category(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the classes and types of a category."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.categories:
        return await page(datasette, request, "not_found.html", status=404)
    groups = [(row["code"], typed(catalogue, row["code"])) for row in catalogue.classes_of(code)]
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
        types=typed(catalogue, code),
        standards=standards_of(catalogue, class_code=code),
    )


async def facility_type(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the facilities of a type, by county and status, a page at a time."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.types:
        return await page(datasette, request, "not_found.html", status=404)
    listed = await list_type(datasette, request, catalogue, code)
    of_type = [row for row in catalogue.totals if row["type_code"] == code]
    return await page(
        datasette,
        request,
        "type.html",
        code=code,
        class_code=catalogue.types[code]["class_code"],
        category_code=catalogue.classes[catalogue.types[code]["class_code"]]["category_code"],
        facilities=listed.facilities,
        paging=listed.place,
        county=listed.county,
        chosen_status=listed.status,
        counties=catalogue.counted_by("county_code", _limited(of_type, listed.statuses)),
        statuses=catalogue.counted_by("status", of_type),
        aliases=_aliases(catalogue.types[code]),
    )


async def list_type(datasette: Datasette, request: Any, catalogue: Catalogue, code: str) -> Listed:
    """Return the page of a type's facilities that is asked for."""
    county, status = request.args.get("county") or "", request.args.get("status") or ""
    statuses = _statuses(catalogue, status)
    total = sum(
        row["facilities"]
        for row in catalogue.totals
        if row["type_code"] == code
        and row["status"] in statuses
        and county in ("", row["county_code"])
    )
    per_page, query = site_settings().per_page, {"county": county, "status": status}
    place = paging(request.path, query, page_number(request), per_page, total)
    found = await rows(
        datasette,
        queries.OF_TYPE,
        type_code=code,
        county_code=county,
        statuses=json.dumps(statuses),
        limit=per_page,
        offset=(place.page - 1) * per_page,
    )
    return Listed(county, status, statuses, place, found)


def _statuses(catalogue: Catalogue, wanted: str) -> list[str]:
    if wanted == EVERY_STATUS:
        return sorted({row["status"] for row in catalogue.totals} - {named(ANNULLED)})
    return [wanted] if wanted else list(on_register())


def _limited(totals: list[Row], statuses: list[str]) -> list[Row]:
    return [row for row in totals if row["status"] in statuses]


def typed(catalogue: Catalogue, class_code: str) -> list[tuple[str, int]]:
    """Return the types of a class with how many facilities of each are on the register."""
    return [
        (row["code"], catalogue.standing(type_codes=[row["code"]]))
        for row in catalogue.types_of(class_code)
    ]


def _aliases(row: Row) -> list[str]:
    return [name for name in (row["aliases"] or "").split(";") if name]
