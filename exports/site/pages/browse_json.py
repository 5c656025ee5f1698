"""Categories, classes, types, tables and the release itself, for programs."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.site.address import address
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.browse import list_type, typed
from exports.site.pages.standards import standards_of
from exports.site.problems import no_code
from exports.site.settings import DATABASE, site_settings
from exports.site.words import file_about


async def categories(_datasette: Datasette, _request: Any, catalogue: Catalogue) -> Response:
    """Answer with what the first page shows: categories, counties, how many are on the register."""
    return Response.json(
        {
            "total": catalogue.standing(),
            "issued": catalogue.manifest.counts["facility"],
            "categories": [_category(catalogue, code) for code in catalogue.categories],
            "counties": [
                {**row, "facilities": catalogue.standing(county=row["code"])}
                for row in catalogue.counties()
            ],
        }
    )


async def category(_datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer with the classes and types of a category."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.categories:
        return no_code("category", code, "/categories.json")
    classes = [_class(catalogue, row) for row in catalogue.classes_of(code)]
    return Response.json({**_category(catalogue, code), "classes": classes})


async def service_class(_datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer with the types and the service standards of a class."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.classes:
        return no_code("class", code, "/fuwuma/class.json")
    found = {
        **_class(catalogue, catalogue.classes[code]),
        "standards": standards_of(catalogue, class_code=code),
    }
    return Response.json(found)


async def facility_type(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer with a page of the facilities of a type, by county and status."""
    code = request.url_vars["code"].upper()
    if code not in catalogue.types:
        return no_code("type", code, "/fuwuma/facility_type.json")
    listed = await list_type(datasette, request, catalogue, code)
    place = listed.place
    return Response.json(
        {
            **catalogue.types[code],
            "total": place.total,
            "page": place.page,
            "pages": place.pages,
            "next": place.after,
            "facilities": listed.facilities,
        }
    )


async def tables(_datasette: Datasette, _request: Any, catalogue: Catalogue) -> Response:
    """Answer with the public tables and how many rows each has."""
    counts = catalogue.manifest.counts
    listed = [
        {
            "name": table.name,
            "title_zh": table.title_zh,
            "title_en": table.title_en,
            "about_zh": table.about_zh,
            "about_en": table.about_en,
            "key": list(table.key),
            "columns": list(table.columns),
            "rows": counts.get(table.name, 0),
            "json": address(f"/{DATABASE}/{table.name}.json", _shape="objects"),
        }
        for table in catalogue.columns.tables.values()
    ]
    return Response.json({"tables": listed})


async def about(_datasette: Datasette, _request: Any, catalogue: Catalogue) -> Response:
    """Answer with the facts of the release."""
    manifest = catalogue.manifest
    more = {"spec_version": manifest.spec_version, "source": manifest.source}
    return Response.json({**more, "counts": manifest.counts})


async def downloads(_datasette: Datasette, _request: Any, catalogue: Catalogue) -> Response:
    """Answer with the files of the release, those most wanted first."""
    wanted = site_settings().downloads
    files = sorted(catalogue.manifest.files, key=lambda file: (file.name not in wanted, file.name))
    listed = [
        {
            "name": file.name,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "address": address(f"/download/{file.name}"),
            "about": file_about(file.name) if file.name in wanted else None,
        }
        for file in files
    ]
    return Response.json({"files": listed})


def _category(catalogue: Catalogue, code: str) -> Row:
    types = [
        row["code"]
        for service_class in catalogue.classes_of(code)
        for row in catalogue.types_of(service_class["code"])
    ]
    return {**catalogue.categories[code], "facilities": catalogue.standing(type_codes=types)}


def _class(catalogue: Catalogue, row: Row) -> Row:
    counted = typed(catalogue, row["code"])
    types = [{**catalogue.types[code], "facilities": count} for code, count in counted]
    return {**row, "facilities": sum(count for _, count in counted), "types": types}
