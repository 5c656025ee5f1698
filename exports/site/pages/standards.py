"""The catalogue of service standards: by category, and by whom or what somebody looks for."""

from __future__ import annotations

from typing import Any

from datasette import Response
from datasette.app import Datasette

from exports.release.grams import contains
from exports.site.catalogue import Catalogue, Row
from exports.site.opinions import answers_about
from exports.site.pages.page import page
from exports.site.searching import MOST_CHARACTERS

FIELDS = ("name_zh", "name_en", "object_zh", "object_en", "content_zh", "content_en", "responsible")


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Show the items that hold every word looked for, under their categories."""
    category, query = _asked(request)
    found = standards_of(catalogue, category_code=category, query=query)
    groups = [
        (code, [row for row in found if row["category_code"] == code])
        for code in catalogue.categories
    ]
    return await page(
        datasette,
        request,
        "standards.html",
        groups=[(code, listed) for code, listed in groups if listed],
        found=len(found),
        listed_categories=sorted({row["category_code"] for row in catalogue.standards.values()}),
        category=category,
        query=query,
        answers_of=await _answers(datasette, catalogue),
        documents=sorted({row["document"] for row in catalogue.standards.values()}),
    )


async def as_json(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Answer a program: the same items, each with the published answers about it."""
    category, query = _asked(request)
    answers = await _answers(datasette, catalogue)
    found = [
        {**row, "answers": answers.get(row["code"], [])}
        for row in standards_of(catalogue, category_code=category, query=query)
    ]
    return Response.json({"standards": found})


def _asked(request: Any) -> tuple[str, str]:
    query = (request.args.get("q") or "").strip()[:MOST_CHARACTERS]
    return (request.args.get("category") or "").upper(), query


async def _answers(datasette: Datasette, catalogue: Catalogue) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in await answers_about(datasette, catalogue, "standard"):
        found.setdefault(row["about_code"], []).append(row)
    return found


def standards_of(catalogue: Catalogue, query: str = "", **wanted: str) -> list[Row]:
    """Return the items with the wanted values; an empty one does not limit."""
    return [
        row
        for row in catalogue.standards.values()
        if all(not value or row[field] == value for field, value in wanted.items())
        and contains(" ".join(row[field] or "" for field in FIELDS), query)
    ]
