"""Names and rows in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.uploads.judged import Judged

_NOT_A_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """Return a name without spaces, punctuation and differences of width and case.

    >>> name_key("西湖 幼儿园（东园）") == name_key("西湖幼儿园(东园)")
    True
    """
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", name)).casefold()


def same_text(one: object, other: object) -> bool:
    """Say whether two texts are there and the same but for spaces, width and punctuation."""
    return bool(one and other) and name_key(str(one)) == name_key(str(other))


def row_key(type_code: str, county_code: str, name: str) -> str:
    """Return what a remembered answer is about: the row's type, county and name."""
    return f"{type_code}|{county_code}|{name_key(name)}"


def key_of(row: Judged) -> str | None:
    """Return what an answer about the row is remembered under, once type and county are known."""
    name, kind, county = row.whole.get("name"), row.type, row.county
    if kind is None or county is None or not isinstance(name, str):
        return None
    return row_key(kind.code, county, name)
