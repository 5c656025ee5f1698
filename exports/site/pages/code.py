"""The page of a code: what it is, what it can do, what was there before and what came after."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from datasette import Response
from datasette.app import Datasette
from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.statuses import on_register
from exports.site.address import address
from exports.site.catalogue import Catalogue
from exports.site.facility import Facility, find_facility, standing
from exports.site.map_extent import placed
from exports.site.opinions import answers_about
from exports.site.options import options_of
from exports.site.outline_map import Sketch, sketch
from exports.site.pages.page import page
from exports.site.problems import Problem
from exports.site.searching import MOST_CHARACTERS, mistyped
from exports.site.settings import site_settings


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a code however it is written; a merged facility leads to its successor."""
    written = unquote(request.url_vars["code"])
    try:
        code = facility_code.validate(written)
    except ValidationError as error:
        found = await mistyped(datasette, written[:MOST_CHARACTERS])
        shown = {
            "written": written[:MOST_CHARACTERS],
            "detail": str(error),
            "near": found.get("near", ()),
            "looked": bool(found),
        }
        return await page(datasette, request, "code_wrong.html", status=404, **shown)
    if code != written:
        return _moved(code, **{key: request.args.get(key) for key in request.args})
    facility = await find_facility(datasette, catalogue, code)
    if facility is None:
        return await page(datasette, request, "code_unknown.html", status=404, code=code)
    if facility.is_annulled:
        return await page(datasette, request, "code_annulled.html", status=410, code=code)
    if facility.one_successor and not request.args.get("record"):
        return _moved(facility.one_successor, **{"from": code})
    return await _shown(datasette, request, catalogue, facility)


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: the record of a code as it is, with what stands there now."""
    try:
        code = facility_code.validate(unquote(request.url_vars["code"]))
    except ValidationError as error:
        return Problem("wrong_code", {"detail": str(error)}).response(404)
    facility = await find_facility(datasette, catalogue, code)
    if facility is None:
        day = {"date": catalogue.manifest.release_date}
        return Problem("unknown_code", day, {"code": code}).response(404)
    found = {
        **facility.as_json(catalogue),
        "not_reported": [] if facility.is_annulled else facility.not_reported(catalogue),
        "answers": await answers_about(datasette, catalogue, "facility", code),
    }
    return Response.json(found, status=410 if facility.is_annulled else 200)


async def _shown(
    datasette: Datasette, request: Any, catalogue: Catalogue, facility: Facility
) -> Response:
    came_from = facility_code.compact(request.args.get("from") or "")
    now_there = await standing(datasette, came_from) if came_from != facility.code else []
    if [row["code"] for row in now_there] != [facility.code]:
        came_from = ""
    described = catalogue.columns.tables["facility"].columns
    sections = {
        name: [described[column] for column in columns if facility.row[column] is not None]
        for name, columns in site_settings().sections.items()
    }
    return await page(
        datasette,
        request,
        "code.html",
        facility=facility,
        not_reported=facility.not_reported(catalogue),
        row=facility.row,
        columns=described,
        sections=sections,
        came_from=came_from,
        sketch=_sketch(catalogue, facility),
        place=_place(datasette, facility),
        options=options_of(datasette),
        answers=await answers_about(datasette, catalogue, "facility", facility.code),
        is_standing=facility.row["status"] in on_register(),
    )


def _sketch(catalogue: Catalogue, facility: Facility) -> Sketch | None:
    row = facility.row
    if row["longitude"] is None:
        return None
    return sketch(catalogue, row["county_code"], (row["longitude"], row["latitude"]))


def _place(datasette: Datasette, facility: Facility) -> dict[str, Any] | None:
    """Return what the map of the page has to know, None for a facility without a point."""
    if facility.row["longitude"] is None:
        return None
    options = options_of(datasette)
    return {
        "spot": placed(facility.row, options.tiles_datum),
        "county": facility.row["county_code"],
        "tiles": options.tiles,
        "credit": options.tiles_credit,
    }


def _moved(code: str, **query: Any) -> Response:
    return Response.redirect(address(f"/code/{code}", **query), status=301)
