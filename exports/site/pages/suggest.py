"""Names to offer while somebody types."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from datasette import Response
from datasette.app import Datasette

from exports.release.grams import contains, match_expression
from exports.site import queries
from exports.site.catalogue import Catalogue
from exports.site.pages.page import rows
from exports.site.searching import LAST_CHARACTER, MOST_CHARACTERS
from exports.site.settings import site_settings

LOOKED_AT: Final = 200


async def view(datasette: Datasette, request: Any, catalogue: Catalogue) -> Response:
    """Return up to as many names as `site.toml` says: types, then beginnings, then the rest."""
    query = unicodedata.normalize("NFKC", request.args.get("q") or "").strip()[:MOST_CHARACTERS]
    match = match_expression(query)
    if not match:
        return Response.json({"names": []})
    most = site_settings().suggestions
    begins = await rows(
        datasette, queries.SUGGESTED, part=query, after=query + LAST_CHARACTER, limit=most
    )
    within = await rows(datasette, queries.SUGGESTED_WITHIN, match=match, limit=LOOKED_AT)
    types = [row["name_zh"] for row in catalogue.types.values() if query in row["name_zh"]]
    names = [row["name"] for row in (*begins, *within) if contains(row["name"], query)]
    return Response.json({"names": list(dict.fromkeys([*types[:2], *names]))[:most]})
