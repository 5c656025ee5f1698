"""A query read with more good will, when nothing met it as it was written.

西湖區幼兒園 is read in simplified characters; 敬老 as the beginning of 敬老院 and 敬老食堂; xhyey
and 西湖 yey by the pinyin initials of places and kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from codes.name_affixes import simplified
from exports.release.initials import initials
from exports.site.catalogue import Catalogue
from exports.site.naming import known_names
from exports.site.search_parts import DIVISION, Part, part_called
from exports.site.settings import site_settings

Called = list[tuple[str, str]]
VILLAGE: Final = "village"
SHORTEST: Final = 2
"""Characters or letters that a place or kind is at least shortened to."""


def in_simplified(query: str) -> str:
    """Return a query with its traditional characters turned into simplified ones.

    >>> in_simplified("西湖區幼兒園")
    '西湖区幼儿园'
    """
    return query.translate(simplified())


def read_loosely(catalogue: Catalogue, parts: Sequence[Part]) -> tuple[tuple[Part, ...], Called]:
    """Return the parts, those that meant nothing as what they may be short for, and what that is.

    When nothing is short for anything the parts come back as they are.
    """
    read: list[Part] = []
    called: Called = []
    for part in parts:
        pieces = [] if part.means_more else _short_for(catalogue, part.words)
        read += [part_called(catalogue, words, meant) for words, meant in pieces] or [part]
        called += [one for _, meant in pieces for one in meant]
    return tuple(read), called


def _short_for(catalogue: Catalogue, words: str) -> list[tuple[str, Called]]:
    """Return the pieces of words with the kinds and places each is short for; none for no sense."""
    if len(words) < SHORTEST:
        return []
    if words.isascii():
        return _by_initials(catalogue, words)
    known = known_names(catalogue)
    begun = [one for name in known if name.startswith(words) for one in known[name]]
    kinds = _few(one for one in begun if one[0] != DIVISION)
    return [(words, kinds)] if kinds else []


def _by_initials(catalogue: Catalogue, letters: str) -> list[tuple[str, Called]]:
    places, kinds = _initials_of(catalogue)
    if meant := _few(kinds.get(letters, ())) or places.get(letters, []):
        return [(letters, meant)]
    for end in range(len(letters) - SHORTEST, SHORTEST - 1, -1):
        place, kind = places.get(letters[:end]), _few(kinds.get(letters[end:], ()))
        if place and kind:
            return [(letters[:end], place), (letters[end:], kind)]
    return []


@lru_cache(maxsize=4)
def _initials_of(catalogue: Catalogue) -> tuple[dict[str, Called], dict[str, Called]]:
    """Return the pinyin initials of the names of places and of kinds, with what they name.

    Villages are left out: there are so many that a few letters would mean some of them anywhere.
    """
    found: tuple[dict[str, Called], dict[str, Called]] = ({}, {})
    for name, of in known_names(catalogue).items():
        if name.isascii():
            continue
        for table, code in of:
            if table != DIVISION or catalogue.divisions[code]["level"] != VILLAGE:
                kinds_or_places = found[table != DIVISION]
                kinds_or_places.setdefault(initials(name), []).append((table, code))
    return found


def _few(called: Iterable[tuple[str, str]]) -> Called:
    """Return each once; none when so many are called alike that it says nothing."""
    once = list(dict.fromkeys(called))
    return once if len(once) <= site_settings().alike_most else []


def readings(query: str) -> Iterator[str]:
    """Return a query as written, then in simplified characters if that differs."""
    yield query
    if (other := in_simplified(query)) != query:
        yield other
