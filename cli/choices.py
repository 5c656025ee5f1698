"""Options with a few values: each may be written as the code or as the word that lists show."""

from __future__ import annotations

from collections.abc import Iterable

from codes.messages import LANGUAGES, text
from codes.names import fold


def chosen(seen: str, known: Iterable[str], message_prefix: str) -> str:
    """Return the value of `known` that was written, else what was written, to be refused.

    The word for a value is the sentence `message_prefix` + value, in either language.
    """
    for value in known:
        words = {text(f"{message_prefix}{value}", lang=lang) for lang in LANGUAGES}
        if fold(seen) in {fold(word) for word in (value, *words)}:
            return value
    return seen


def offered(known: Iterable[str], message_prefix: str) -> str:
    """Return the values with their words, to be offered where none of them was written."""
    return ", ".join(f"{value} {text(message_prefix + value)}" for value in known)
