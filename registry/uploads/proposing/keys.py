"""Names and rows in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from codes.divisions import division, full_name
from codes.errors import DataError
from codes.name_affixes import distinguishing_words, legal_suffixes

LEAST_NAME = 3
"""A prefix is dropped only when this much of the name is left."""

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


@lru_cache(maxsize=200_000)
def bare_name(name: str, county_code: str) -> str:
    """Return a name's key without the divisions it begins with and the legal form it ends with.

    >>> bare_name("浙江省杭州市西湖区幸福养老服务有限公司", "330106")
    '幸福养老服务'
    """
    key = name_key(name)
    for prefix in _prefixes(county_code):
        if key.startswith(prefix) and len(key) - len(prefix) >= LEAST_NAME:
            key = key.removeprefix(prefix)
    for suffix in legal_suffixes():
        suffix_key = name_key(suffix)
        if key.endswith(suffix_key) and len(key) - len(suffix_key) >= LEAST_NAME:
            key = key.removesuffix(suffix_key)
    return key


@lru_cache(maxsize=200_000)
def distinguishing(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell sister facilities apart, sorted.

    >>> distinguishing("第一幼儿园") == distinguishing("第二幼儿园")
    False
    """
    found, rest = [], name_key(name)
    for word in distinguishing_words():
        times = rest.count(word)
        if times:
            found += [word] * times
            rest = rest.replace(word, " ")
    return tuple(sorted(found))


@lru_cache(maxsize=5_000)
def _prefixes(county_code: str) -> tuple[str, ...]:
    """Names of the county and of those above it, in the order in which a name begins with them."""
    try:
        county = division(county_code)
        above = full_name(county_code).removesuffix(county.name)
        city = division(str(county.parent_code)).name
    except DataError:
        return ()
    province = above.removesuffix(city)
    whole = [name for name in (province, city) if name]
    short = [name[:-1] for name in whole if len(name) > 2]
    return tuple(name_key(name) for name in (*whole, *short, county.name))
