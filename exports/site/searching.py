"""Search: facilities by whatever they go by, kinds and places by name, mistyped codes put right.

Hits come from several sources (`search_sources`); each says how close it came. They are ranked here
and cut to what `site.toml` says; when more matched, the result says so.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from datasette.app import Datasette
from stdnum.exceptions import InvalidChecksum, ValidationError

from codes import facility_code
from exports.release.grams import match_expression
from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.naming import named
from exports.site.near_codes import codes_near, looks_like_code
from exports.site.pages.page import rows
from exports.site.search_parts import Part, parts_of
from exports.site.search_sources import (
    Brought,
    by_code,
    by_initials,
    by_number,
    by_parts,
    by_words,
)
from exports.site.settings import site_settings

MOST_CHARACTERS: Final = 60


@dataclass(frozen=True)
class Found:
    """What a search brought: facilities in order of rank, and kinds and places called so.

    `named` are (public table, code) of categories, classes, types and divisions. `more` says that
    not everything that matched was looked at. `mistake` says what is wrong with a mistyped code,
    `is_checksum` that it is the check digits; `near` are then the facilities one slip away.
    """

    query: str
    facilities: list[Row]
    named: list[tuple[str, str]]
    more: bool = False
    mistake: str = ""
    is_checksum: bool = False
    near: tuple[Row, ...] = ()


def tidied(written: str) -> str:
    """Return a query in half-width characters with single blanks, not too long.

    >>> tidied("  Ｅ０２　医院 ")
    'E02 医院'
    """
    return " ".join(unicodedata.normalize("NFKC", written).split())[:MOST_CHARACTERS]


async def find(datasette: Datasette, catalogue: Catalogue, written: str) -> Found:
    """Look for what somebody wrote."""
    query = tidied(written)
    if not match_expression(query):
        return Found(query, [], [])
    most = site_settings().search_candidates
    parts = parts_of(catalogue, query)
    sources = [
        await by_words(datasette, query, most),
        await by_code(datasette, query, most, catalogue.code_starts),
        await by_number(datasette, query, most),
        await by_initials(datasette, query, most),
    ]
    wanted = parts_to_meet(parts)
    if wanted and (len(parts) > 1 or not any(brought.hits for brought in sources)):
        sources.append(await by_parts(datasette, wanted, most, catalogue.code_starts))
    ranked = _ranked(sources)
    words = dict.fromkeys((query.casefold(), *(part.words for part in parts)))
    more = any(brought.more for brought in sources)
    found = Found(query, ranked, named(catalogue, words), more)
    return found if ranked else replace(found, **await mistyped(datasette, query))


def parts_to_meet(parts: Sequence[Part]) -> list[Part]:
    """Return the parts that leave something out; none when that is no more than a word each."""
    wanted = [part for part in parts if not part.anywhere]
    return wanted if len(parts) > len(wanted) or any(part.means_more for part in wanted) else []


async def mistyped(datasette: Datasette, written: str) -> dict[str, Any]:
    """Return what is wrong with a code, and which facilities may have been meant."""
    if not looks_like_code(written):
        return {}
    try:
        facility_code.validate(written)
    except ValidationError as error:
        near = await rows(datasette, queries.NEAR, codes=json.dumps(codes_near(written)))
        is_checksum = isinstance(error, InvalidChecksum)
        return {"mistake": str(error), "is_checksum": is_checksum, "near": tuple(near)}
    return {}


def _ranked(sources: list[Brought]) -> list[Row]:
    closest: dict[str, tuple[int, Row]] = {}
    for closeness, row in (hit for brought in sources for hit in brought.hits):
        if row["code"] not in closest or closeness < closest[row["code"]][0]:
            closest[row["code"]] = closeness, row
    return [row for _, row in sorted(closest.values(), key=_order)]


def _order(hit: tuple[int, Row]) -> tuple[Any, ...]:
    closeness, row = hit
    ended = row["status"] not in site_settings().standing
    return closeness, ended, len(row["name"] or ""), row["code"]
