"""Where the search looks, one function a source; each says how close every hit came."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from datasette.app import Datasette

from exports.release.grams import code_expression, contains, match_expression
from exports.release.initials import initials_expression
from exports.release.snapshot import CODE_PIECE, CODE_TAIL
from exports.site import queries
from exports.site.catalogue import LAST_CHARACTER, Row
from exports.site.pages.page import rows
from exports.site.search_parts import Part, code_part

SHORTEST_NUMBER: Final = 6
_NUMBER: Final = re.compile(r"[0-9A-Za-z-]+")


class Closeness(IntEnum):
    """How a facility was found, the best first."""

    WHOLE_NAME = 0
    NUMBER = 1
    CODE_START = 2
    NAME_START = 3
    NAME = 4
    NAME_IN_PARTS = 5
    FORMER_NAME = 6
    ADDRESS = 7
    IN_PARTS = 8
    CODE_PART = 9
    INITIALS = 10


Hits = list[tuple[Closeness, Row]]


@dataclass(frozen=True)
class Brought:
    """What a source brought; `more` says that it stopped before everything was looked at."""

    hits: Hits
    more: bool


async def by_words(datasette: Datasette, query: str, most: int) -> Brought:
    """Look in names, addresses, operators and former names."""
    start = {"part": query, "after": query + LAST_CHARACTER, "limit": most}
    looked = [await rows(datasette, queries.BY_NAME_START, **start)]
    match = match_expression(query)
    looked.append(await rows(datasette, queries.BY_NAME, match=match, limit=most))
    if (
        len(looked[-1]) < most
    ):  # names come first anyhow: with enough of them the rest is not needed
        looked.append(await rows(datasette, queries.BY_TEXT, match=match, limit=most))
    hits, unsure = [], []
    for row in _each_once(looked):
        closeness = _by_its_words(row, query)
        if closeness is None:
            unsure.append(row)
        else:
            hits.append((closeness, row))
    return Brought(hits + await _by_former_name(datasette, unsure, query), _cut(looked, most))


async def by_parts(
    datasette: Datasette, parts: Sequence[Part], most: int, starts: Sequence[str]
) -> Brought:
    """Look for facilities that meet every part, each in whatever way it can."""
    match = " AND ".join(f"({part.expression()})" for part in parts)
    looked = [await rows(datasette, queries.BY_TEXT, match=match, limit=most)]
    others = " AND ".join(f"({part.expression()})" for part in parts if not part.code)
    for part in parts:  # what tells codes apart has an index of its own
        if part.code and not part.starts:
            looked += await _with_code(datasette, part.code, most, starts, others)
        elif part.code:
            looked += await _with_tail(datasette, part.code, most, others)
    found = _each_once(looked)
    former = await _former_names(datasette, found)
    hits: Hits = []
    for row in found:
        words = _words(row, *former.get(row["code"], ()))
        if all(part.is_met(row, words) for part in parts):
            by_name = all(contains(row["name"] or "", part.words) for part in parts)
            hits.append((Closeness.NAME_IN_PARTS if by_name else Closeness.IN_PARTS, row))
    return Brought(hits, _cut(looked, most))


async def by_code(datasette: Datasette, query: str, most: int, starts: Sequence[str]) -> Brought:
    """Look for codes that begin so, or have the digits anywhere, printed or not."""
    part = code_part(query)
    looked = await _with_code(datasette, part, most, starts) if part else []
    closeness = Closeness.CODE_START if part[:1].isalpha() else Closeness.CODE_PART
    return Brought([(closeness, row) for row in _each_once(looked)], _cut(looked, most))


async def _with_code(
    datasette: Datasette, part: str, most: int, starts: Sequence[str], others: str = ""
) -> list[list[Row]]:
    """Return the rows whose code has the part, of those that meet the expression `others`.

    `starts` are what the codes begin with: a part that begins there is looked up as a range of
    codes, one that lies behind it in the index of parts.
    """
    if part[0].isalpha():
        start = {"part": part, "after": part + LAST_CHARACTER, "limit": most}
        return [await rows(datasette, queries.BY_CODE_START, **start, others=others)]
    ranges = {"ranges": json.dumps(code_ranges(starts, part)), "others": others, "limit": most}
    found = await rows(datasette, queries.BY_CODE_RANGES, **ranges)
    return [found, *await _with_tail(datasette, part, most, others)]


async def _with_tail(datasette: Datasette, part: str, most: int, others: str) -> list[list[Row]]:
    if not (part.isdigit() and CODE_PIECE <= len(part) <= CODE_TAIL):
        return []
    tail = {"match": code_expression(part, CODE_PIECE), "part": part, "tail": CODE_TAIL}
    return [await rows(datasette, queries.BY_CODE_TAIL, **tail, others=others, limit=most)]


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


async def by_number(datasette: Datasette, query: str, most: int) -> Brought:
    """Look for a whole number of another scheme, or the operator's USCC."""
    if len(query) < SHORTEST_NUMBER or not _NUMBER.fullmatch(query):
        return Brought([], more=False)
    spellings = json.dumps([query, query.upper(), query.lower()])
    found = await rows(datasette, queries.BY_NUMBER, numbers=spellings, limit=most)
    return Brought([(Closeness.NUMBER, row) for row in found], _cut([found], most))


async def by_initials(datasette: Datasette, query: str, most: int) -> Brought:
    """Look for names whose pinyin initials are these letters."""
    match = initials_expression(query)
    if not match:
        return Brought([], more=False)
    found = await rows(datasette, queries.BY_INITIALS, match=match, limit=most)
    return Brought([(Closeness.INITIALS, row) for row in found], _cut([found], most))


def _each_once(looked: Iterable[list[Row]]) -> list[Row]:
    return list({row["code"]: row for found in looked for row in found}.values())


def _cut(looked: Iterable[list[Row]], most: int) -> bool:
    """Say whether one of the lists was ended by its limit."""
    return any(len(found) >= most for found in looked)


def _words(row: Row, *former: str) -> str:
    """Return what a facility goes by."""
    return " ".join(filter(None, (row["name"], row["address"], row["operator_name"], *former)))


def _by_its_words(row: Row, query: str) -> Closeness | None:
    name, wanted = (row["name"] or "").casefold(), query.casefold()
    if name == wanted:
        return Closeness.WHOLE_NAME
    if name.startswith(wanted):
        return Closeness.NAME_START
    if contains(name, query):
        return Closeness.NAME
    return Closeness.ADDRESS if contains(_words(row), query) else None


async def _by_former_name(datasette: Datasette, unsure: list[Row], query: str) -> Hits:
    """Confirm the rest on the names the facilities had before; the row then says which."""
    former = await _former_names(datasette, unsure)
    held = (
        (row, [one for one in former.get(row["code"], ()) if contains(one, query)])
        for row in unsure
    )
    return [
        (Closeness.FORMER_NAME, {**row, "former_name": names[-1]}) for row, names in held if names
    ]


async def _former_names(datasette: Datasette, found: list[Row]) -> dict[str, list[str]]:
    """Return the names each facility had before, the oldest first."""
    former: dict[str, list[str]] = {}
    codes = json.dumps([row["code"] for row in found])
    for row in await rows(datasette, queries.FORMER_NAMES, codes=codes) if found else ():
        former.setdefault(row["code"], []).append(row["name"])
    return former
