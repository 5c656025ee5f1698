"""Keys beside the text in the search index: a facility's place, type, grade and start of code.

A query such as 文新幼儿园 means the kindergartens of 文新街道 though no name says so. With these
keys among the texts, words, places and types are met in one pass. Every key begins with a character
that no text has, so nothing somebody types can be taken for a key.
"""

from __future__ import annotations

from typing import Final

PLACE: Final = "\ue000"
TYPE: Final = "\ue001"
CODE: Final = "\ue002"
GRADE: Final = "\ue003"

_COLUMNS: Final = (
    (PLACE, "county_code"),
    (PLACE, "township_code"),
    (PLACE, "division_code"),
    (TYPE, "type_code"),
    (GRADE, "grade"),
)


def keys_of_row(code_start: int) -> tuple[str, ...]:
    """Return the SQL of every key of a row; `code_start` characters of its code are one.

    >>> keys_of_row(9)[-1] == f"'{CODE}' || substr(code, 1, 9)"
    True
    """
    keys = [f"coalesce('{mark}' || {column}, '')" for mark, column in _COLUMNS]
    return (*keys, f"'{CODE}' || substr(code, 1, {code_start})")


def key_expression(mark: str, value: str) -> str:
    """Return the FTS5 expression that finds a key.

    >>> key_expression(TYPE, "B0101") == f'"{TYPE}B0101"'
    True
    """
    return f'"{mark}{value}"'
