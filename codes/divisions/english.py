"""Names of divisions in English: Hanyu Pinyin with the ending translated (book `division_words`).

Only for the cities whose villages the books have, and their provinces: elsewhere names come from
other languages too, and pinyin would spell them wrong.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from codes.book import load_book
from codes.divisions.lookup import holds_villages
from codes.divisions.model import Division
from codes.messages import language

_NEEDS_APOSTROPHE: Final = tuple("aoe")
_IN_BRACKETS: Final = re.compile(r"(.+)（(.+)）")


def shown_name(unit: Division) -> str:
    """Return the unit's name in the language in use; the Chinese one where there is no English."""
    return english_name(unit.name, unit.level) if _is_spelt(unit) else unit.name


def short_name(unit: Division) -> str:
    """Return the name without its ending in English (Xihu), the whole name in Chinese."""
    if not _is_spelt(unit):
        return unit.name
    return next(filter(None, _parted(unit.name.partition("（")[0], unit.level)))


@cache
def english_name(name: str, level: str) -> str:
    """Return a name in pinyin, its ending translated.

    >>> english_name("杭州市", "city"), english_name("西湖区", "county")
    ('Hangzhou', 'Xihu District')
    >>> english_name("淳安县", "county"), english_name("三都镇", "township")
    ("Chun'an County", 'Sandu Town')
    >>> english_name("浙江省", "province")
    'Zhejiang'
    """
    if brackets := _IN_BRACKETS.fullmatch(name):
        return f"{english_name(brackets[1], level)} ({english_name(brackets[2], level)})"
    return " ".join(filter(None, _parted(name, level)))


def has_english_name(unit: Division) -> bool:
    """Tell whether a unit is spelt in English."""
    return unit.name in _words("province") or holds_villages(unit.code)


def _is_spelt(unit: Division) -> bool:
    return language() == "en" and has_english_name(unit)


def _parted(name: str, level: str) -> tuple[str, str]:
    """Return the spelt stem and the English ending."""
    if spelt := _words("province").get(name):
        return spelt, ""
    known = _words("city") if level == "city" else _words("ending")
    ending = max(filter(name.endswith, known), key=len, default="")
    return _spelt(name.removesuffix(ending)), known.get(ending, "")


def _spelt(stem: str) -> str:
    for word, spelling in _words("apart").items():
        if stem.startswith(word):
            rest = stem.removeprefix(word)
            return f"{spelling} {_spelt(rest)}" if rest else spelling
    syllables = _syllables(stem)
    joined = "".join(
        f"'{one}" if place and one.startswith(_NEEDS_APOSTROPHE) else one
        for place, one in enumerate(syllables)
    )
    return joined[:1].upper() + joined[1:]


def _syllables(stem: str) -> list[str]:
    from pypinyin import lazy_pinyin

    readings = _words("reading")
    found = lazy_pinyin(stem, v_to_u=True, errors=_one_by_one)
    return [readings.get(char, one) for char, one in zip(stem, found, strict=True)]


def _one_by_one(unread: str) -> Any:
    """Give back every character that has no reading, so that letters and characters keep step."""
    return list(unread)


@cache
def _words(kind: str) -> dict[str, str]:
    rows = load_book("division_words").rows
    return {row["word"]: row.get("name_en", "") for row in rows if row["kind"] == kind}
