"""A facility's name taken apart, so that each part is compared as what it is.

杭州市西湖区翠苑街道第一幼儿园东园 is of 西湖区, in 翠苑, the first of its name, a kindergarten, its
east branch. What is left when all that is known is taken away (`stem`) is what it is called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from codes.china_time import today
from codes.divisions import children, division, full_name
from codes.errors import DataError
from codes.name_affixes import (
    distinguishing_words,
    kind_words,
    legal_suffixes,
    main_site_words,
    short_forms,
    simplified,
)
from registry.uploads.proposing.keys import name_key

LEAST_NAME: Final = 3
"""What stands before or behind is dropped only when this much of the name is left."""

DIGITS: Final = {one: value for value, one in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "〇": 0,
}
_NUMERAL = re.compile("第?([零〇一二两三四五六七八九十百]+)")
_ORDINAL = re.compile("第([0-9]+)")
_MARK = re.compile("[0-9]+|(?<![a-z])[a-z](?![a-z])")
_SHORT_SCHOOL = re.compile("([0-9])(中|小|幼)(?![a-z一-鿿])")
_LAST_MARK = re.compile("([0-9]+|(?<![a-z])[a-z])(号|期|部|区|村|街)?$")
_LEVEL = re.compile("(街道|镇|乡|社区|村|市|区|县)$")
SCHOOLS: Final = {"中": "中学", "小": "小学", "幼": "幼儿园"}


@dataclass(frozen=True, slots=True)
class Parts:
    """A name in parts.

    `core` is the name in one form without divisions and legal form; `town` the township it begins
    with; `stem` what it is called; `kinds` the types its last words may mean, empty when they say
    none; `branch` what stands behind them; `marks` its numbers and the words that tell sisters
    apart, sorted.
    """

    core: str
    town: str
    stem: str
    kinds: frozenset[str]
    branch: str
    marks: tuple[str, ...]

    def same_name(self, other: Parts) -> bool:
        """Say whether two names are one but for divisions, legal form, abbreviations, numerals."""
        if self.town and other.town and self.town != other.town:
            return False
        return (self.core, self.stem) == (other.core, other.stem)


@lru_cache(maxsize=400_000)
def parts_of(name: str, county_code: str) -> Parts:
    """Return a name of a county taken apart.

    >>> parts_of("杭州市西湖区翠苑街道第一幼兒園(東園)", "330106").stem
    '翠苑'
    """
    core, where, town = _core(name, county_code)
    marks, unmarked = _marks(core)
    head, kind, branch = _around_kind(unmarked)
    kinds = kind_words()[kind] if kind else frozenset()
    branch = _MARK.sub("", branch)
    stem = _LAST_MARK.sub("", _LEVEL.sub("", head)) if kind else head
    return Parts(core, town, stem or town or where or core, kinds, branch, marks)


def core_of(name: str, county_code: str) -> str:
    """Return what `parts_of` gives as the core of a name, and nothing else."""
    return _core(name, county_code)[0]


def _core(name: str, county_code: str) -> tuple[str, str, str]:
    """The core of a name, the lowest division it began with, and the township."""
    core, where = _without_divisions(_one_form(name), county_code)
    core, town = _without_town(core, county_code)
    return _expanded(core, _town_kept(core, county_code)), where, town


def _one_form(name: str) -> str:
    """Simplified, without spaces, punctuation, legal form and words for the main site."""
    key = name_key(name).translate(simplified())
    for suffix in _suffix_keys() if key.endswith(_suffix_keys()) else ():
        if key.endswith(suffix) and len(key) - len(suffix) >= LEAST_NAME:
            key = key.removesuffix(suffix)
    for word in main_site_words() if key.endswith(main_site_words()) else ():
        if key.endswith(word) and len(key) - len(word) >= LEAST_NAME:
            key = key.removesuffix(word)
    return key


def _without_divisions(key: str, county_code: str) -> tuple[str, str]:
    """The name behind its divisions, and the lowest of them."""
    where = ""
    for prefix, bare in _prefixes(county_code) if key.startswith(_heads(county_code)) else ():
        if key.startswith(prefix) and len(key) - len(prefix) >= LEAST_NAME:
            key, where = key.removeprefix(prefix), bare
    if len(key) > 2 and key[0] == _city_initial(county_code) and _NUMERAL.match(key[1:]):
        return key[1:], _city(county_code)
    return key, where


def _without_town(key: str, county_code: str) -> tuple[str, str]:
    for full, bare in _towns(county_code) if key.startswith(_begun(county_code)) else ():
        if key.startswith(full) and len(key) - len(full) >= LEAST_NAME:
            return key.removeprefix(full), bare
    return key, ""


def _town_kept(key: str, county_code: str) -> int:
    """How much of a name's beginning is a township's without 街道 or 镇; its 三 is no number."""
    if not key.startswith(_begun(county_code)):
        return 0
    return max((len(bare) for _, bare in _towns(county_code) if key.startswith(bare)), default=0)


def _expanded(key: str, kept: int = 0) -> str:
    """Numbers as digits, abbreviations written out, behind the characters that are kept."""
    key, whole = key[kept:], key[:kept]
    key = _NUMERAL.sub(lambda found: _number(found.group(1)), key)
    key = _ORDINAL.sub(r"\1", key)
    key = _SHORT_SCHOOL.sub(lambda found: found.group(1) + SCHOOLS[found.group(2)], key)
    for short, full in short_forms().items() if _any_short().search(key) else ():
        if short in key and full not in key:
            key = key.replace(short, full)
    return whole + key


@cache
def _any_short() -> re.Pattern[str]:
    """One look at a name tells that it holds no short form, as most do not."""
    return re.compile("|".join(map(re.escape, short_forms())))


def _number(written: str) -> str:
    """Return a Chinese number up to 999 in digits; one digit after the other as they stand."""
    if not set(written) & set("十百"):
        return "".join(str(DIGITS[one]) for one in written)
    total, digit = 0, 0
    for one in written:
        if one in "十百":
            total += (digit or 1) * (10 if one == "十" else 100)
            digit = 0
        else:
            digit = DIGITS[one]
    return str(total + digit)


def _marks(core: str) -> tuple[tuple[str, ...], str]:
    """The numbers and words that tell sisters apart, and the name without those words."""
    words, first, rest = [], core[:1], core[1:]
    for word in distinguishing_words() if _any_distinguishing().search(rest) else ():
        if word in rest:
            words.append(word)
            rest = rest.replace(word, "")
    core = first + rest
    return tuple(sorted([*words, *_MARK.findall(core)])), core


@cache
def _any_distinguishing() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, distinguishing_words())))


def _around_kind(name: str) -> tuple[str, str, str]:
    """The first word for a kind, the longest there, with what stands before and behind it."""
    words, lengths = kind_words(), _kind_lengths()
    for at, character in enumerate(name):
        for length in lengths.get(character, ()):
            if (word := name[at : at + length]) in words:
                return name[:at], word, name[at + length :]
    return name, "", ""


@cache
def _kind_lengths() -> dict[str, tuple[int, ...]]:
    """How long the words for kinds are by their first character, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in kind_words():
        lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


@cache
def _suffix_keys() -> tuple[str, ...]:
    return tuple(name_key(suffix) for suffix in legal_suffixes())


@lru_cache(maxsize=5_000)
def _prefixes(county_code: str) -> tuple[tuple[str, str], ...]:
    """Names of province, city and county in the order in which a name begins with them."""
    try:
        county = division(county_code)
        province = full_name(county_code).removesuffix(county.name)
        city = division(str(county.parent_code)).name
    except DataError:
        return ()
    province = province.removesuffix(city)
    found = []
    for name in (province, city, county.name):
        bare = _LEVEL.sub("", name.removesuffix("省")) if len(name) > 2 else name
        found += [(name_key(one), bare) for one in dict.fromkeys((name, bare)) if one]
    return tuple(found)


@lru_cache(maxsize=5_000)
def _heads(county_code: str) -> tuple[str, ...]:
    return tuple(prefix for prefix, _ in _prefixes(county_code))


@lru_cache(maxsize=5_000)
def _city(county_code: str) -> str:
    prefixes = _prefixes(county_code)
    return prefixes[-3][1] if len(prefixes) > 2 else ""


def _city_initial(county_code: str) -> str:
    return _city(county_code)[:1]


@lru_cache(maxsize=5_000)
def _towns(county_code: str) -> tuple[tuple[str, str], ...]:
    try:
        names = [one.name for one in children(county_code, today())]
    except DataError:
        return ()
    return tuple((name_key(name), _LEVEL.sub("", name)) for name in names)


@lru_cache(maxsize=5_000)
def _begun(county_code: str) -> tuple[str, ...]:
    """How names begin that begin with a township: most do not, and that is told at once."""
    return tuple(word for pair in _towns(county_code) for word in pair)
