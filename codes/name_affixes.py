"""Words that are dropped or weighed when two names are compared (book `name_affixes`)."""

from __future__ import annotations

from functools import cache

from codes.book import load_book


@cache
def legal_suffixes() -> tuple[str, ...]:
    """Return the legal forms that end a name, longest first."""
    return tuple(sorted(_words("legal_suffix"), key=len, reverse=True))


@cache
def distinguishing_words() -> tuple[str, ...]:
    """Return the words that tell sister facilities apart, longest first."""
    return tuple(sorted(_words("distinguishing"), key=len, reverse=True))


def _words(kind: str) -> list[str]:
    return [row["word"] for row in load_book("name_affixes").rows if row["kind"] == kind]
