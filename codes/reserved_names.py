"""Names of the sheets, columns and examples we add to workbooks (book `reserved_names`)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from codes.book import load_book
from codes.names import fold

SECTION: Final = "^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）])"
"""How a heading within a list begins; safe for RE2."""

NUMERALS: Final = "0-9零一二三四五六七八九十百千万"


def is_reserved(kind: str, name: str) -> bool:
    """Say whether a `sheet` or a `header` of this name is ours and holds no data."""
    return fold(name) in _reserved(kind)


def begins_reserved(kind: str, text: str) -> bool:
    """Say whether a text begins with a reserved name, as the name in an `example` row does."""
    return fold(text).startswith(_beginnings(kind))


def sheet_title(name: str) -> str:
    """Return the name of a sheet without the mark of a copy or a version in brackets at its end.

    >>> sheet_title("普通高中（新）"), sheet_title("幼儿园 (2)"), sheet_title("小学（含教学点）")
    ('普通高中', '幼儿园', '小学（含教学点）')
    """
    found = re.fullmatch(r"(.+?)\s*[(（]([^()（）]+)[)）]\s*", name)
    if found and (found[2].isdecimal() or fold(found[2]) in _reserved("version")):
        return found[1]
    return name


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
    """Say whether a text is what stands below a table: a `footer` word, or a count of the rows.

    The word is alone, before a colon, a count or, when it is a Chinese one, before a blank.

    >>> is_footer("合 计"), is_footer("填表人：张三"), is_footer("制表人 李丽"), is_footer("共1家")
    (True, True, True, True)
    >>> is_footer("合计幼儿园"), is_footer("共青团幼儿园")
    (False, False)
    """
    before, _, _ = fold(text).partition(":")
    if before in _footers() or _counted().fullmatch(before):
        return True
    return _signed().match(unicodedata.normalize("NFKC", text).strip()) is not None


def is_count(text: str) -> bool:
    """Say whether a text is only a number, as beside a total: with or without what is counted.

    >>> is_count("20"), is_count("1 家"), is_count("第1幼儿园")
    (True, True, False)
    """
    return re.fullmatch(count_pattern(), fold(text)) is not None


@cache
def count_pattern() -> str:
    """Return the pattern of a number and the word for what is counted; safe for RE2."""
    return f"[0-9]+ ?(?:{'|'.join(map(re.escape, sorted(_reserved('counted'))))})?"


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
def _counted() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_footers())))
    units = "|".join(map(re.escape, sorted(_reserved("counted"))))
    return re.compile(f"(?:{words})[{NUMERALS}]+(?:{units})?|共有?[{NUMERALS}]+(?:{units})")


@cache
def _signed() -> re.Pattern[str]:
    """A word and a blank; of one letter, or of English, it may be the beginning of a name."""
    words = sorted(one for one in _footers() if len(one) > 1 and not one.isascii())
    typed = (r"\s*".join(map(re.escape, one)) for one in words)
    return re.compile(rf"(?:{'|'.join(typed)})\s")


@cache
def _reserved(kind: str) -> frozenset[str]:
    return frozenset(
        fold(row["name"]) for row in load_book("reserved_names").rows if row["kind"] == kind
    )
