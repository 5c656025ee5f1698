"""How figures of a five-year total are counted: the year's own or running (book `countings`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from codes.names import fold, index_rows, name_of
from codes.typed_rows import typed_rows

YEAR: Final = "year"
RUNNING: Final = "running"


@dataclass(frozen=True)
class Counting:
    """One way of counting."""

    code: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...] = ()


@cache
def countings() -> dict[str, Counting]:
    """Return the ways of counting by code, in book order."""
    return {row.code: row for row in typed_rows("countings", Counting)}


def find_counting(text: str) -> str | None:
    """Return the code of the way of counting that `text` names, else None.

    >>> find_counting("累计"), find_counting("本年"), find_counting("大约")
    ('running', 'year', None)
    """
    return _names().get(fold(text))


def counting_name(code: str) -> str:
    """Return the name of a way of counting in the language in use."""
    return name_of(countings()[code])


@cache
def _names() -> dict[str, str]:
    return index_rows(countings().values())
