"""The data dictionary: what is asked of a facility, for every type or one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from datasette import Response
from datasette.app import Datasette

from codes.elements import Field
from exports.release.grams import contains
from exports.site.asked import all_fields, fields_of
from exports.site.catalogue import Catalogue
from exports.site.pages.page import page
from exports.site.searching import tidied


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the fields and measures of the type asked for, or all that there are."""
    type_code, query = _asked(request, catalogue)
    listed = fields_listed(catalogue, type_code, query)
    return await page(
        datasette,
        request,
        "dictionary.html",
        fields=[field for field in listed if not field.capability],
        measures=[
            (field, catalogue.capabilities[field.key]) for field in listed if field.capability
        ],
        type_code=type_code,
        query=query,
    )


async def as_json(_datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: the same fields, in the order of a template."""
    type_code, query = _asked(request, catalogue)
    listed = [asdict(field) for field in fields_listed(catalogue, type_code, query)]
    return Response.json({"type_code": type_code or None, "fields": listed})


def fields_listed(catalogue: Catalogue, type_code: str = "", query: str = "") -> list[Field]:
    """Return the fields of a type, or of all, whose key, headers or notes hold the query."""
    every = all_fields(catalogue)
    fields = fields_of(catalogue, type_code) if type_code else tuple(every.values())
    return [field for field in fields if contains(_words(field), query)]


def _words(field: Field) -> str:
    named = (field.key, field.header_zh, field.header_en, field.note_zh, field.note_en)
    return " ".join((*named, *field.aliases))


def _asked(request: Any, catalogue: Catalogue) -> tuple[str, str]:
    type_code = (request.args.get("type") or "").upper()
    known = type_code if type_code in catalogue.types else ""
    return known, tidied(request.args.get("q") or "")
