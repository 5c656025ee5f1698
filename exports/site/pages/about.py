"""About this site: dates, licence, source, what is synthetic, the files."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site.catalogue import Catalogue
from exports.site.pages.page import page


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the page."""
    return await page(datasette, request, "about.html", counts=catalogue.manifest.counts)
