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
from codes.statuses import on_register
from exports.release.grams import match_expression
from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.naming import in_order, named
from exports.site.near_codes import codes_near, looks_like_code
from exports.site.pages.page import rows
from exports.site.search_loosely import read_loosely, readings
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
    `is_checksum` that it is the check digits; `near` are then the facilities one slip away. Where a
    grade was asked for in vain, `graded` counts the facilities of the kind, and those with a grade.
    """

    query: str
    facilities: list[Row]
    named: list[tuple[str, str]]
    more: bool = False
    mistake: str = ""
    is_checksum: bool = False
    near: tuple[Row, ...] = ()
    graded: Row | None = None


def tidied(written: str) -> str:
    """Return a query in half-width characters with single blanks, not too long.

    >>> tidied("  Ｅ０２　医院 ")
    'E02 医院'
    """
    return " ".join(unicodedata.normalize("NFKC", written).split())[:MOST_CHARACTERS]


async def find(datasette: Datasette, catalogue: Catalogue, written: str) -> Found:
    """Look for what somebody wrote; when that brings nothing, for what it may be short for."""
    query = tidied(written)
    if not match_expression(query):
        return Found(query, [], [])
    for reading in readings(query):
        found = await _as_written(datasette, catalogue, reading)
        if found.facilities:
            return replace(found, query=query)
    found = replace(await _loosely(datasette, catalogue, found), query=query)
    if found.facilities:
        return found
    graded = await _graded(datasette, parts_of(catalogue, query))
    return replace(found, graded=graded, **await mistyped(datasette, query))


async def _graded(datasette: Datasette, parts: Sequence[Part]) -> Row | None:
    """Count the facilities of the kinds named and how many tell a grade, when one was asked for."""
    types = sorted({code for part in parts for code in part.types})
    if not types or not any(part.grades for part in parts):
        return None
    wanted = {"types": json.dumps(types), "statuses": json.dumps(on_register())}
    (found,) = await rows(datasette, queries.GRADED, **wanted)
    return found if found["facilities"] else None


async def _as_written(datasette: Datasette, catalogue: Catalogue, query: str) -> Found:
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
    words = dict.fromkeys((query.casefold(), *(part.words for part in parts)))
    more = any(brought.more for brought in sources)
    return Found(query, _ranked(sources, parts), named(catalogue, words), more)


async def _loosely(datasette: Datasette, catalogue: Catalogue, found: Found) -> Found:
    """Look once more for a query that brought nothing, its parts read as what they may mean."""
    most = site_settings().search_candidates
    parts, called = read_loosely(catalogue, parts_of(catalogue, found.query))
    wanted = parts_to_meet(parts)
    if not (called and wanted):
        return found
    brought = await by_parts(datasette, wanted, most, catalogue.code_starts)
    offered = in_order([*found.named, *called])
    return Found(found.query, _ranked([brought], parts), offered, brought.more)


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


def _ranked(sources: list[Brought], parts: Sequence[Part]) -> list[Row]:
    """Return what was found, the closest first; of what is as close, the kind most meant first.

    Of the kinds a word names, the first in the order of codes is the general one: 医院 brings
    general hospitals before those of one field.
    """
    kinds = sorted(code for part in parts for code in part.types)
    closest: dict[str, tuple[int, Row]] = {}
    for closeness, row in (hit for brought in sources for hit in brought.hits):
        if row["code"] not in closest or closeness < closest[row["code"]][0]:
            closest[row["code"]] = closeness, row
    places = {code: place for place, code in enumerate(dict.fromkeys(kinds))}
    return [row for _, row in sorted(closest.values(), key=lambda hit: _order(hit, places))]


def _order(hit: tuple[int, Row], places: dict[str, int]) -> tuple[Any, ...]:
    closeness, row = hit
    ended = row["status"] not in on_register()
    kind = places.get(row["type_code"], len(places))
    return closeness, ended, kind, len(row["name"] or ""), row["code"]
