"""Where the search looks, one function a source; each says how close every hit came."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from datasette.app import Datasette

from codes import facility_code
from exports.release.grams import code_expression, contains, match_expression
from exports.release.initials import initials_expression
from exports.release.snapshot import CODE_PIECE, CODE_TAIL
from exports.site import queries
from exports.site.catalogue import LAST_CHARACTER, Row
from exports.site.pages.page import rows

SHORTEST_CODE_START: Final = 3
SHORTEST_NUMBER: Final = 6
_CODE_PART: Final = re.compile(r"[A-Z]?[0-9]+")
_NUMBER: Final = re.compile(r"[0-9A-Za-z-]+")


class Closeness(IntEnum):
    """How a facility was found, the best first."""

    WHOLE_NAME = 0
    NUMBER = 1
    CODE_START = 2
    NAME_START = 3
    NAME = 4
    FORMER_NAME = 5
    ADDRESS = 6
    CODE_PART = 7
    INITIALS = 8


Hits = list[tuple[Closeness, Row]]


async def by_words(datasette: Datasette, query: str, most: int) -> Hits:
    """Look in names, addresses, operators and former names."""
    start = {"part": query, "after": query + LAST_CHARACTER, "limit": most}
    found = await rows(datasette, queries.BY_NAME_START, **start)
    match = match_expression(query)
    found += (by_name := await rows(datasette, queries.BY_NAME, match=match, limit=most))
    if len(by_name) < most:  # names come first anyhow: with enough of them the rest is not needed
        found += await rows(datasette, queries.BY_TEXT, match=match, limit=most)
    hits, unsure = [], []
    for row in {row["code"]: row for row in found}.values():
        closeness = _by_its_words(row, query)
        if closeness is None:
            unsure.append(row)
        else:
            hits.append((closeness, row))
    return hits + await _by_former_name(datasette, unsure, query)


async def by_code(datasette: Datasette, query: str, most: int, starts: Sequence[str]) -> Hits:
    """Look for codes that begin so, or have the digits anywhere, printed or not.

    `starts` are what the codes begin with: a part that begins there is looked up as a range of
    codes, one that lies behind it in the index of parts.
    """
    part = facility_code.compact(query)
    if not _CODE_PART.fullmatch(part):
        return []
    if part[0].isalpha():
        if len(part) < SHORTEST_CODE_START:
            return []
        start = {"part": part, "after": part + LAST_CHARACTER, "limit": most}
        found = await rows(datasette, queries.BY_CODE_START, **start)
        return [(Closeness.CODE_START, row) for row in found]
    if len(part) < CODE_PIECE:
        return []
    ranges = json.dumps(code_ranges(starts, part))
    found = await rows(datasette, queries.BY_CODE_RANGES, ranges=ranges, limit=most)
    if CODE_PIECE <= len(part) <= CODE_TAIL:
        tail = {"match": code_expression(part, CODE_PIECE), "part": part, "tail": CODE_TAIL}
        found += await rows(datasette, queries.BY_CODE_TAIL, **tail, limit=most)
    return [(Closeness.CODE_PART, row) for row in found]


def code_ranges(starts: Sequence[str], part: str) -> list[tuple[str, str]]:
    r"""Return (from, before) of the codes that hold the part so that it begins in their start.

    >>> code_ranges(["E02330106"], "106000")
    [('E02330106000', 'E02330106000\U0010ffff')]
    """
    found = {
        start[:at] + part if len(part) > len(start) - at else start
        for start in starts
        for at in range(len(start))
        if part.startswith(start[at:]) or start.startswith(part, at)
    }
    return [(one, one + LAST_CHARACTER) for one in sorted(found)]


async def by_number(datasette: Datasette, query: str, most: int) -> Hits:
    """Look for a whole number of another scheme, or the operator's USCC."""
    if len(query) < SHORTEST_NUMBER or not _NUMBER.fullmatch(query):
        return []
    spellings = json.dumps([query, query.upper(), query.lower()])
    found = await rows(datasette, queries.BY_NUMBER, numbers=spellings, limit=most)
    return [(Closeness.NUMBER, row) for row in found]


async def by_initials(datasette: Datasette, query: str, most: int) -> Hits:
    """Look for names whose pinyin initials are these letters."""
    match = initials_expression(query)
    if not match:
        return []
    found = await rows(datasette, queries.BY_INITIALS, match=match, limit=most)
    return [(Closeness.INITIALS, row) for row in found]


def _by_its_words(row: Row, query: str) -> Closeness | None:
    name, wanted = (row["name"] or "").casefold(), query.casefold()
    if name == wanted:
        return Closeness.WHOLE_NAME
    if name.startswith(wanted):
        return Closeness.NAME_START
    if contains(name, query):
        return Closeness.NAME
    words = " ".join(filter(None, (row["name"], row["address"], row["operator_name"])))
    return Closeness.ADDRESS if contains(words, query) else None


async def _by_former_name(datasette: Datasette, unsure: list[Row], query: str) -> Hits:
    """Confirm the rest on the names the facilities had before; the row then says which."""
    if not unsure:
        return []
    codes = json.dumps([row["code"] for row in unsure])
    former: dict[str, str] = {
        row["code"]: row["name"]
        for row in await rows(datasette, queries.FORMER_NAMES, codes=codes)
        if contains(row["name"], query)
    }
    return [
        (Closeness.FORMER_NAME, {**row, "former_name": former[row["code"]]})
        for row in unsure
        if row["code"] in former
    ]
