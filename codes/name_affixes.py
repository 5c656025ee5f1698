"""Words that matter when two names are compared (book `name_affixes`, and the types' names)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from codes.book import load_book
from codes.facility_types import facility_types


@cache
def legal_suffixes() -> tuple[str, ...]:
    """Return the legal forms that end a name, longest first."""
    return _words("legal_suffix")


@cache
def distinguishing_words() -> tuple[str, ...]:
    """Return the words that tell sister facilities apart, longest first."""
    return _words("distinguishing")


@cache
def main_site_words() -> tuple[str, ...]:
    """Return the words that name the main site of a facility with branches, longest first."""
    return _words("main_site")


@cache
def short_forms() -> Mapping[str, str]:
    """Return what abbreviations stand for, the longest abbreviation first."""
    full = _full("short_form")
    return {short: full[short] for short in sorted(full, key=len, reverse=True)}


@cache
def simplified() -> Mapping[int, str]:
    """Return the table for `str.translate` from traditional to simplified characters."""
    return {ord(seen): meant for seen, meant in _full("traditional").items()}


@cache
def kind_words() -> Mapping[str, frozenset[str]]:
    """Return the words that say what kind of facility it is, each with the types it may mean."""
    found: dict[str, set[str]] = {}
    for one in facility_types().values():
        for word in (one.name_zh, *one.aliases):
            found.setdefault(word, set()).add(one.code)
    for word, codes in _full("kind_word").items():
        found.setdefault(word, set()).update(codes.split(";"))
    return {
        word: frozenset(codes)
        for word, codes in found.items()
        if word not in distinguishing_words()
    }


def _words(kind: str) -> tuple[str, ...]:
    found = [row["word"] for row in load_book("name_affixes").rows if row["kind"] == kind]
    return tuple(sorted(found, key=len, reverse=True))


def _full(kind: str) -> dict[str, str]:
    rows = load_book("name_affixes").rows
    return {row["word"]: row["full"] for row in rows if row["kind"] == kind}
