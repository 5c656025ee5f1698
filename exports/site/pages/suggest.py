"""Names to offer while somebody types."""

from __future__ import annotations

from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from exports.release.grams import contains, match_expression
from exports.release.initials import initials_expression
from exports.site import queries
from exports.site.catalogue import LAST_CHARACTER, Catalogue
from exports.site.pages.page import rows
from exports.site.search_parts import parts_of
from exports.site.search_sources import by_parts
from exports.site.searching import parts_to_meet, tidied
from exports.site.settings import site_settings

LOOKED_AT: Final = 200
MOST_TYPES: Final = 2


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Return as many names as `site.toml` says: types, beginnings, others, initials, in parts."""
    query = tidied(request.args.get("q") or "")
    if not match_expression(query):
        return Response.json({"names": []})
    names = _types(catalogue, query)[:MOST_TYPES] + await _facilities(datasette, query)
    if len(names) < site_settings().suggestions:
        names += await _by_parts(datasette, catalogue, query)
    return Response.json({"names": list(dict.fromkeys(names))[: site_settings().suggestions]})


def _types(catalogue: Catalogue, query: str) -> list[str]:
    fields = ("name_zh", "aliases")
    return [
        row["name_zh"]
        for row in catalogue.types.values()
        if any(query in (row[field] or "") for field in fields)
    ]


async def _facilities(datasette: Datasette, query: str) -> list[str]:
    start = {"part": query, "after": query + LAST_CHARACTER, "limit": site_settings().suggestions}
    match = match_expression(query)
    found = await rows(datasette, queries.SUGGESTED, **start)
    found += await rows(datasette, queries.SUGGESTED_WITHIN, match=match, limit=LOOKED_AT)
    names = [row["name"] for row in found if contains(row["name"], query)]
    if initials := initials_expression(query):
        by_initials = {"match": initials, "limit": LOOKED_AT}
        names += [
            r["name"] for r in await rows(datasette, queries.SUGGESTED_INITIALS, **by_initials)
        ]
    return names


async def _by_parts(datasette: Datasette, catalogue: Catalogue, query: str) -> list[str]:
    parts = parts_of(catalogue, query)
    wanted = parts_to_meet(parts)
    if len(parts) < 2 or not wanted:
        return []
    brought = await by_parts(datasette, wanted, LOOKED_AT, catalogue.code_starts)
    names = (
        (closeness, len(row["name"] or ""), row["name"] or "") for closeness, row in brought.hits
    )
    return [name for *_, name in sorted(names) if name]
