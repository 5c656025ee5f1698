"""Which page answers which address. What is not listed here is not there."""

from __future__ import annotations

import logging
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.views.base import DatasetteError

from codes.messages import text
from exports.site.asked_values import UnknownValue, check_values
from exports.site.catalogue import Catalogue
from exports.site.pages import (
    about,
    api,
    browse,
    browse_json,
    check,
    code,
    counted,
    data,
    dictionary,
    division,
    files,
    home,
    indicator,
    indicators,
    map_shapes,
    on_map,
    opinion,
    rules,
    search,
    standards,
    suggest,
)
from exports.site.pages.page import page
from exports.site.problems import FOR_PROGRAMS, TOO_MUCH, Problem
from exports.site.refusals import REFUSED
from exports.site.settings import DATABASE, site_settings

LOG: Final = logging.getLogger("fuwuma.site")
_SEGMENT: Final = r"[^/]+"


def routes(catalogue: Catalogue) -> list[tuple[str, Any]]:
    """Return (pattern, view), ours first and then a wall before everything of Datasette's."""
    tables = "|".join(catalogue.columns.tables)
    open_to_all = rf"/{DATABASE}/({tables})(/{_SEGMENT})?\.json$|/{DATABASE}/({tables})$"
    views: list[tuple[str, Any]] = [
        (r"^/$", home.view),
        (r"^/categories\.json$", browse_json.categories),
        (r"^/category/(?P<code>[^/.]+)\.json$", browse_json.category),
        (r"^/class/(?P<code>[^/.]+)\.json$", browse_json.service_class),
        (r"^/type/(?P<code>[^/.]+)\.json$", browse_json.facility_type),
        (r"^/category/(?P<code>[^/.]+)$", browse.category),
        (r"^/class/(?P<code>[^/.]+)$", browse.service_class),
        (r"^/type/(?P<code>[^/.]+)$", browse.facility_type),
        (r"^/division/(?P<code>[^/.]+)\.json$", division.as_json),
        (r"^/division/(?P<code>[^/.]+)$", division.view),
        (r"^/code/(?P<code>[^/.]+)\.json$", code.as_json),
        (r"^/code/(?P<code>[^/]+)$", code.view),
        (r"^/search$", search.view),
        (r"^/search\.json$", search.as_json),
        (r"^/suggest\.json$", suggest.view),
        (r"^/check$", check.view),
        (r"^/check\.json$", check.as_json),
        (r"^/standards$", standards.view),
        (r"^/standards\.json$", standards.as_json),
        (r"^/rules$", rules.view),
        (r"^/rules\.json$", rules.as_json),
        (r"^/dictionary$", dictionary.view),
        (r"^/dictionary\.json$", dictionary.as_json),
        (r"^/indicators$", indicators.view),
        (r"^/indicators\.json$", indicators.as_json),
        (r"^/indicator/(?P<code>[^/]+)/facilities\.json$", counted.as_json),
        (r"^/indicator/(?P<code>[^/]+)/facilities$", counted.view),
        (r"^/indicator/(?P<code>[^/]+)\.json$", indicator.as_json),
        (r"^/indicator/(?P<code>[^/]+)$", indicator.view),
        (r"^/map$", on_map.view),
        (r"^/map\.json$", on_map.as_json),
        (r"^/map/outlines\.geojson$", map_shapes.outlines),
        (r"^/map/warnings\.json$", map_shapes.warnings),
        (r"^/opinion$", opinion.view),
        (r"^/opinion/received$", opinion.received),
        (r"^/about\.json$", browse_json.about),
        (r"^/downloads\.json$", browse_json.downloads),
        (rf"^/{DATABASE}\.json$", browse_json.tables),
        (r"^/about$", about.view),
        (r"^/downloads$", about.downloads),
        (rf"^/{DATABASE}$", data.view),
        (rf"^/{DATABASE}/(?P<table>{tables})/(?P<key>{_SEGMENT}?)$", data.row),
        (r"^/download/(?P<name>[^%]+)$", files.download),
        (r"^/static/(?P<name>[^/]+)$", files.static),
        (r"^/api/openapi\.json$", api.view),
        (r"^/robots\.txt$", files.robots),
        (r"^/400$", refused),
        (r"^/413$", too_long),
    ]
    bound = [(pattern, _with(view, catalogue)) for pattern, view in views]
    return [*bound, (rf"^(?!{open_to_all})", not_found)]


async def not_found(datasette: Datasette, request: Any) -> Response:
    """Answer an address that is not there."""
    return await page(datasette, request, "not_found.html", status=404)


async def refused(datasette: Datasette, request: Any, _catalogue: Catalogue) -> Response:
    """Answer an address that asks for something a visitor may not have."""
    detail = request.scope.get(REFUSED, "")
    return await page(datasette, request, "refused.html", status=400, detail=detail)


async def too_long(datasette: Datasette, request: Any, _catalogue: Catalogue) -> Response:
    """Answer somebody who sent more than is taken in."""
    say = text("site.too_long.say", most=f"{site_settings().post_bytes:,}")
    heading = text("site.too_long.title")
    return await page(datasette, request, "not_taken.html", status=413, heading=heading, say=say)


async def explain(datasette: Datasette, request: Any, exception: Exception) -> Response:
    """Answer a mistake: ours is logged, the visitor's explained."""
    status = 400 if isinstance(exception, DatasetteError) else getattr(exception, "status", 500)
    if isinstance(exception, QueryInterrupted):
        if request.path.endswith(FOR_PROGRAMS):
            return Problem(TOO_MUCH).response(400)
        return await page(datasette, request, "too_much.html", status=400)
    if status == 404:
        return await not_found(datasette, request)
    if status < 500:
        return await page(datasette, request, "refused.html", status=400)
    LOG.error("%s", request.path, exc_info=exception)
    return await page(datasette, request, "broken.html", status=500)


def _with(view: Any, catalogue: Catalogue) -> Any:
    async def bound(datasette: Datasette, request: Any) -> Any:
        try:
            check_values(request, catalogue)
            return await view(datasette, request, catalogue)
        except UnknownValue as unknown:
            return await _unknown(datasette, request, unknown)

    return bound


async def _unknown(datasette: Datasette, request: Any, unknown: UnknownValue) -> Response:
    if request.path.endswith(FOR_PROGRAMS):
        return unknown.problem().response(400)
    detail = " ".join(unknown.problem(for_people=True).sentences())
    return await page(datasette, request, "refused.html", status=400, detail=detail)
