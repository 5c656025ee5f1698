"""A regular expression in RE2's syntax, as DuckDB reads it, in Java's, as Spark reads it."""

from __future__ import annotations

from typing import Final

END: Final = r"\z"
"""The end of the text; Java's `$` would also match before a line break that ends it."""

SAME: Final = frozenset("dDwWtnrf\\bBz0x")
"""Letters after a backslash that mean the same in both, ASCII alone."""

OTHER: Final = {"s": r"[\t\n\f\r ]", "S": r"[^\t\n\f\r ]", "A": "^"}
ANY: Final = r"[^\n]"
"""RE2's dot stops at a line feed only."""


def java_pattern(pattern: str) -> str:
    r"""Return the pattern that finds in Java what this one finds in RE2.

    Raises NotImplementedError for a construct that none of our patterns has.

    >>> java_pattern(r"^(?:a.|[0-9\]&&[x]+)$")
    '^(?:a[^\\n]|[0-9\\]\\&\\&\\[x]+)\\z'
    """
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "[":
            taken, part = _class(pattern, at)
        else:
            taken, part = _outside(pattern, at)
        parts.append(part)
        at += taken
    return "".join(parts)


def _outside(pattern: str, at: int) -> tuple[int, str]:
    mark = pattern[at]
    if mark == "\\":
        return _escape(pattern, at)
    if mark == "(" and pattern[at + 1 : at + 2] == "?" and pattern[at + 2 : at + 3] != ":":
        raise NotImplementedError(pattern)
    return 1, {"$": END, ".": ANY}.get(mark, mark)


def _escape(pattern: str, at: int) -> tuple[int, str]:
    mark = pattern[at + 1 : at + 2]
    if mark in OTHER:
        return 2, OTHER[mark]
    if mark and (mark in SAME or not (mark.isascii() and mark.isalnum())):
        return 2, pattern[at : at + 2]
    raise NotImplementedError(pattern)


def _class(pattern: str, at: int) -> tuple[int, str]:
    """A set of characters: in Java `[` and `&&` within it would begin something else."""
    end = at + 2 if pattern[at + 1 : at + 2] == "^" else at + 1
    parts = [pattern[at:end]]
    first = True
    while end < len(pattern) and (first or pattern[end] != "]"):
        first = False
        if pattern[end] == "\\":
            taken, part = _escape(pattern, end)
            if part.startswith(("[", "^")):
                raise NotImplementedError(pattern)
        elif pattern.startswith("[:", end):
            raise NotImplementedError(pattern)
        else:
            taken, part = 1, ("\\" if pattern[end] in "[]&" else "") + pattern[end]
        parts.append(part)
        end += taken
    if end == len(pattern):
        raise NotImplementedError(pattern)
    return end + 1 - at, "".join(parts) + "]"
