"""The first page: search, the categories with their totals, the counties."""

from __future__ import annotations

from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from codes.statuses import named, on_register
from exports.site.catalogue import Catalogue
from exports.site.outline_map import sketch
from exports.site.pages.page import page

OPEN: Final = "open"
"""The class, in `site.toml`, of the status of a facility that serves the public now."""


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the home page."""
    tiles = [
        (code, catalogue.standing(type_codes=_types(catalogue, code)))
        for code in catalogue.categories
    ]
    counties = [
        (row["code"], catalogue.standing(county=row["code"])) for row in catalogue.counties()
    ]
    return await page(
        datasette,
        request,
        "home.html",
        tiles=tiles,
        counties=counties,
        sketch=sketch(catalogue),
        standing=catalogue.standing(),
        by_status=[
            (status, count)
            for status in on_register()
            if (count := dict(catalogue.counted_by("status", catalogue.totals)).get(status))
        ],
        open_status=named(OPEN),
        issued=catalogue.manifest.counts["facility"],
    )


def _types(catalogue: Catalogue, category_code: str) -> list[str]:
    return [
        row["code"]
        for service_class in catalogue.classes_of(category_code)
        for row in catalogue.types_of(service_class["code"])
    ]
