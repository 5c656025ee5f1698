"""Names of the sheets, columns and examples we add to workbooks (book `reserved_names`)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from codes.book import load_book
from codes.names import fold

SECTION: Final = "^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）])"
"""How a heading within a list begins; safe for RE2."""


def is_reserved(kind: str, name: str) -> bool:
    """Say whether a `sheet` or a `header` of this name is ours and holds no data."""
    return fold(name) in _reserved(kind)


def begins_reserved(kind: str, text: str) -> bool:
    """Say whether a text begins with a reserved name, as the name in an `example` row does."""
    return fold(text).startswith(_beginnings(kind))


def is_leftover(name: str) -> bool:
    """Say whether a file is what systems leave beside files, by how its name begins.

    >>> is_leftover("~$学校.xlsx"), is_leftover("学校.xlsx")
    (True, False)
    """
    return begins_reserved("leftover", name)


def names_sender(text: str) -> bool:
    """Say whether the words before a colon say who sends the table, not in what unit it is.

    >>> names_sender("填报单位"), names_sender("表1 单位")
    (True, False)
    """
    return fold(text).endswith(tuple(_reserved("sender")))


def speaks_of_unit(text: str) -> bool:
    """Say whether a note beside a column's name speaks of a unit, known or not.

    >>> speaks_of_unit("千户"), speaks_of_unit("必填")
    (True, False)
    """
    return any(sign in fold(text) for sign in _reserved("unit_sign"))


def is_footer(text: str) -> bool:
    """Say whether a text is what stands below a table: a `footer` word alone or before a colon.

    >>> is_footer("合 计"), is_footer("填表人：张三"), is_footer("合计幼儿园")
    (True, True, False)
    """
    before, _, _ = fold(text).partition(":")
    return before in _footers()


def is_section(text: str) -> bool:
    """Say whether a text begins as a heading within a list does.

    >>> is_section("二、民办"), is_section("（一）公办幼儿园"), is_section("第一幼儿园")
    (True, True, False)
    """
    return re.match(SECTION, text) is not None


@cache
def _beginnings(kind: str) -> tuple[str, ...]:
    return tuple(_reserved(kind))


@cache
def _footers() -> frozenset[str]:
    return frozenset(word.rstrip(":") for word in _reserved("footer"))


@cache
def _reserved(kind: str) -> frozenset[str]:
    return frozenset(
        fold(row["name"]) for row in load_book("reserved_names").rows if row["kind"] == kind
    )
