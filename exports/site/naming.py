"""Kinds of facility and places that somebody's words name, by name or by code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from codes.name_affixes import kind_words
from exports.site.catalogue import Catalogue, Row
from exports.site.settings import site_settings

TABLES: Final = ("facility_type", "class", "category", "division")
"""What can be named, in the order it is offered."""

_VOWELS: Final = tuple("aeiou")
_IN_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")


def named(catalogue: Catalogue, words: Iterable[str]) -> list[tuple[str, str]]:
    """Return (public table, code) of what any of the words, in lower case, is a name of."""
    known, coded = known_names(catalogue), known_codes(catalogue)
    called = {one for word in words for one in (*known.get(word, ()), *coded.get(word, ()))}
    return in_order(called)


def in_order(called: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each (public table, code) once, in the order they are offered."""
    return sorted(set(called), key=lambda one: (TABLES.index(one[0]), one[1]))


@lru_cache(maxsize=4)
def known_names(catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """Return every name of a kind or place, in lower case, with (public table, code) of each."""
    kinds = (
        (catalogue.types, ("name_zh", "name_en", "aliases")),
        (catalogue.classes, ("name_zh", "name_en")),
        (catalogue.categories, ("name_zh", "name_en")),
        (catalogue.divisions, ("name", "name_en")),
    )
    known: dict[str, list[tuple[str, str]]] = {}
    for table, (listed, fields) in zip(TABLES, kinds, strict=True):
        for code, row in listed.items():
            for name in _names(row, fields):
                known.setdefault(name, []).append((table, code))
                for several in plurals(name) if table != "division" else ():
                    known.setdefault(several, []).append((table, code))
    return _words_of_kinds(catalogue) | _with_tails(catalogue, known)


@lru_cache(maxsize=4)
def known_codes(catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """Return the code of every kind and place, in lower case, with its (public table, code)."""
    listed = (catalogue.types, catalogue.classes, catalogue.categories, catalogue.divisions)
    return {
        code.casefold(): [(table, code)]
        for table, codes in zip(TABLES, listed, strict=True)
        for code in codes
    }


def _words_of_kinds(catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """Return words that are no type's name but mean some: 医院 is every kind of hospital."""
    starts = {word: tuple(sorted(codes)) for word, codes in kind_words().items()}
    starts |= {word: tuple(codes) for word, codes in site_settings().kind_words.items()}
    return {
        word: [("facility_type", code) for code in catalogue.types if code.startswith(codes)]
        for word, codes in starts.items()
    }


def _with_tails(
    catalogue: Catalogue, known: dict[str, list[tuple[str, str]]]
) -> dict[str, list[tuple[str, str]]]:
    """Add what English names of types end with: a library is a public library or a village one.

    A tail that too many share, such as centre, says nothing.
    """
    tails: dict[str, list[tuple[str, str]]] = {}
    for code, row in catalogue.types.items():
        words = _IN_BRACKETS.sub("", row["name_en"]).casefold().split()
        for start in range(len(words)):
            tail = " ".join(words[start:])
            for called in (tail, *plurals(tail)):
                tails.setdefault(called, []).append(("facility_type", code))
    few = {name: of for name, of in tails.items() if len(of) <= site_settings().alike_most}
    return few | known


def plurals(name: str) -> Iterator[str]:
    """Give an English name as people write it of several: what is listed is called in the singular.

    >>> [*plurals("kindergarten"), *plurals("public library"), *plurals("幼儿园")]
    ['kindergartens', 'public libraries']
    """
    if not name.isascii() or not name[-1:].isalpha() or name.endswith("s"):
        return
    if name.endswith("y") and name[-2:-1] not in _VOWELS:
        yield f"{name[:-1]}ies"
    else:
        yield f"{name}es" if name.endswith(("x", "ch", "sh")) else f"{name}s"


def _names(row: Row, fields: Iterable[str]) -> list[str]:
    names = [
        name.casefold() for field in fields for name in str(row[field] or "").split(";") if name
    ]
    if "level" in row:
        names += [_without_ending(name) for name in names]
    return names


def _without_ending(name: str) -> str:
    """Return 西湖 for 西湖区 and xihu for xihu district; a place of one character keeps it."""
    for ending in site_settings().division_endings:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
