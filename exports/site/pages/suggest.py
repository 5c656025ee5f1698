"""Names to offer while somebody types, and codes to somebody who types a code."""

from __future__ import annotations

import json
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from codes import facility_code
from exports.release.grams import contains, match_expression
from exports.release.initials import initials_expression
from exports.site import queries
from exports.site.catalogue import LAST_CHARACTER, Catalogue, Row
from exports.site.naming import known_names
from exports.site.pages.page import rows
from exports.site.search_loosely import read_loosely, readings
from exports.site.search_parts import parts_of
from exports.site.search_sources import by_code, by_parts
from exports.site.searching import parts_to_meet, tidied
from exports.site.settings import site_settings

LOOKED_AT: Final = 200
LEVELS: Final = ("city", "county", "township")
"""The divisions offered, in this order."""


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Return as many names as `site.toml` says; see `_offered`."""
    query = tidied(request.args.get("q") or "")
    most = site_settings().suggestions
    for reading in readings(query) if match_expression(query) else ():
        if names := await _offered(datasette, catalogue, reading):
            offered = list(dict.fromkeys(names))[:most]
            return Response.json({"names": offered, "labels": await _labels(datasette, offered)})
    return Response.json({"names": [], "labels": {}})


async def _labels(datasette: Datasette, names: list[str]) -> dict[str, str]:
    """Return the names of the facilities whose codes are offered, by the code as offered."""
    codes = {facility_code.compact(name): name for name in names if facility_code.is_valid(name)}
    found = await rows(datasette, queries.CHECKED, codes=json.dumps([*codes])) if codes else []
    return {codes[row["code"]]: row["name"] for row in found if row["name"]}


async def _offered(datasette: Datasette, catalogue: Catalogue, query: str) -> list[str]:
    """Return places and types, then names: their beginnings, others, initials, in parts, codes."""
    settings = site_settings()
    names = _places(catalogue, query)[: settings.suggested_places]
    names += _types(catalogue, query)[: settings.suggested_kinds]
    names += await _facilities(datasette, query)
    if len(names) < settings.suggestions:
        names += await _by_parts(datasette, catalogue, query)
    if len(names) < settings.suggestions:
        names += await _codes(datasette, catalogue, query)
    return names


def _places(catalogue: Catalogue, query: str) -> list[str]:
    """Return the divisions that begin so or have the code, the highest first."""
    found = [
        row
        for row in catalogue.divisions.values()
        if row["level"] in LEVELS and (row["name"].startswith(query) or row["code"] == query)
    ]
    return [row["name"] for row in sorted(found, key=_level)]


def _level(row: Row) -> tuple[int, str]:
    return LEVELS.index(row["level"]), row["code"]


def _types(catalogue: Catalogue, query: str) -> list[str]:
    """Return the types the query names, then those whose name holds it or whose code begins so."""
    named = {code for _, code in known_names(catalogue).get(query, ())}
    found = [
        row
        for code, row in catalogue.types.items()
        if code in named
        or query in row["name_zh"]
        or query in (row["aliases"] or "")
        or code.startswith(query.upper())
    ]
    return [row["name_zh"] for row in sorted(found, key=lambda row: row["code"] not in named)]


async def _codes(datasette: Datasette, catalogue: Catalogue, query: str) -> list[str]:
    most = site_settings().suggestions
    brought = await by_code(datasette, query, most, catalogue.code_starts)
    codes = sorted(row["code"] for _, row in brought.hits)
    return [facility_code.format(code) if "-" in query else code for code in codes]


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
    parts, _ = read_loosely(catalogue, parts_of(catalogue, query))
    wanted = parts_to_meet(parts)
    if len(parts) < 2 or not wanted:
        return []
    brought = await by_parts(datasette, wanted, LOOKED_AT, catalogue.code_starts)
    names = (
        (closeness, len(row["name"] or ""), row["name"] or "") for closeness, row in brought.hits
    )
    return [name for *_, name in sorted(names) if name]
