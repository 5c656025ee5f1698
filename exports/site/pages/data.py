"""The list of public tables, and the way from a row to its page."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site.address import address
from exports.site.catalogue import Catalogue
from exports.site.cells import PAGES
from exports.site.pages.page import page
from exports.site.settings import DATABASE


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """List the tables with what they hold."""
    return await page(datasette, request, "data.html", counts=catalogue.manifest.counts)


async def row(datasette: Datasette, request: Any, _catalogue: Catalogue) -> Response:
    """Lead from a row's address in Datasette to the page people should see."""
    table, key = request.url_vars["table"], request.url_vars["key"]
    if table in PAGES:
        return Response.redirect(address(f"{PAGES[table]}{key}"), status=301)
    return Response.redirect(address(f"/{DATABASE}/{table}"), status=302)
