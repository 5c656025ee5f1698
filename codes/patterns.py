"""Regular expressions that find the same in Python, in RE2 (DuckDB) and in Java (Spark).

Where the three differ, a pattern is refused: `\\d` and `\\w` are ASCII in RE2 only, `{,3}` is a
repetition in Python only, `[[:alpha:]]` a class of characters in RE2 only, and so on.
"""

from __future__ import annotations

import re
from typing import Final

from codes.book import BookError

MOST_REPEATS: Final = 1000
"""RE2 repeats no oftener (`kMaxRepeat` in its parser)."""

_ESCAPED: Final = re.compile(r"\\[!-/:-@\[-`{-~]")
_CLASS: Final = re.compile(r"\[\^?\]?[^\]]*\]")
_IN_CLASS: Final = re.compile(r"^\[.*\[|--|&&|\|\||~~")
_APART: Final = re.compile(r"\\|\(\?(?!:)|[*+?}]\+|\{,")
_REPEATS: Final = re.compile(r"[0-9]+(?=[,}])|(?<=,)[0-9]+(?=\})")
_GROUP: Final = re.compile(r"\([^()]*\)")


def pattern_mistake(pattern: str, where: str) -> BookError | None:
    """Return what is wrong with a pattern: open at an end, or not the same everywhere; else None.

    >>> pattern_mistake("^[0-9]{6}(a|b)?$", "")
    >>> pattern_mistake("^[0-9]{6}|b$", "").message_id
    'book.pattern_unsafe'
    """
    bare = _ESCAPED.sub("_", pattern)
    classes = _CLASS.findall(bare)
    bare = _CLASS.sub("_", bare)
    anchored = bare.startswith("^") and bare.endswith("$")
    same = not _APART.search(bare) and not any(map(_differs, classes)) and not _is_open(bare)
    few = all(int(times) <= MOST_REPEATS for times in _REPEATS.findall(bare))
    if anchored and same and few and _is_read(pattern):
        return None
    return BookError("book.pattern_unsafe", where=where, seen=pattern)


def _differs(part: str) -> bool:
    return "\\" in part or _IN_CLASS.search(part) is not None


def _is_open(bare: str) -> bool:
    """Say whether alternatives stand outside brackets, where the anchors belong to one each."""
    while (inner := _GROUP.sub("_", bare)) != bare:
        bare = inner
    return "|" in bare


def _is_read(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return False
    return True
