"""About this site, and the files to download."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.release.manifest import MANIFEST
from exports.site.catalogue import Catalogue
from exports.site.pages.page import page
from exports.site.settings import site_settings


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show dates, licence, source, what is synthetic, how to read codes and data."""
    return await page(datasette, request, "about.html", counts=catalogue.manifest.counts)


async def downloads(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the files of the release: those most wanted first, then all with their digests."""
    sizes = {file.name: file.bytes for file in catalogue.manifest.files}
    wanted = [
        (name, sizes.get(name))
        for name in site_settings().downloads
        if name in sizes or name == MANIFEST
    ]
    return await page(datasette, request, "downloads.html", wanted=wanted)
