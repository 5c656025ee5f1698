"""The search page."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from codes import facility_code
from exports.site.address import address
from exports.site.catalogue import Catalogue
from exports.site.pages.page import page, page_number, paging
from exports.site.searching import find
from exports.site.settings import site_settings


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show what was found; a whole code leads straight to its page."""
    written = request.args.get("q") or ""
    if facility_code.is_valid(written):
        return Response.redirect(address(f"/code/{facility_code.compact(written)}"), status=302)
    found = await find(datasette, catalogue, written)
    per_page = site_settings().per_page
    place = paging(
        "/search", {"q": found.query}, page_number(request), per_page, len(found.facilities)
    )
    first = (place.page - 1) * per_page
    return await page(
        datasette,
        request,
        "search.html",
        found=found,
        facilities=found.facilities[first : first + per_page],
        paging=place,
        most=site_settings().search_candidates,
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: one page of what was found, by rank, and the kinds and places called so."""
    found = await find(datasette, catalogue, request.args.get("q") or "")
    per_page, total = site_settings().per_page, len(found.facilities)
    place = paging("/search.json", {"q": found.query}, page_number(request), per_page, total)
    first = (place.page - 1) * per_page
    return Response.json(
        {
            "query": found.query,
            "total": total,
            "more": found.more,
            "page": place.page,
            "pages": place.pages,
            "next": place.after,
            "facilities": found.facilities[first : first + per_page],
            "named": [
                {"table": table, "code": code, "name": catalogue.name(table, code, "zh")}
                for table, code in found.named
            ],
            "mistake": found.mistake or None,
            "near": list(found.near),
        }
    )
