"""Names of synthetic facilities: built as real ones are, of a real place and an ordinary word."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from codes.facility_types import FacilityType
from registry.synthetic.allotment import Spot
from registry.synthetic.parameters import namings, of_type, words

_GENERIC: Final = re.compile("(街道|地区|镇|乡)$")
_BRACKETED: Final = re.compile("[(（][^)）]*[)）]")
_NUMERALS: Final = "一二三四五六七八九十"


class Names:
    """Gives names and never the same twice for one type."""

    def __init__(self, city_name: str, random: Random) -> None:
        self._city_name = city_name
        self._random = random
        self._given: set[tuple[str, str]] = set()
        self._words: dict[tuple[str, str], list[str]] = {}

    def give(self, facility_type: FacilityType, spot: Spot) -> str:
        """Return the next name for a facility of the type at the spot."""
        row = of_type(namings(), facility_type.code)
        kind = row.kind or _BRACKETED.sub("", facility_type.name_zh)
        if facility_type.level == "village":
            kind = _after(spot.village.name, kind)
        parts = {
            "city": self._city_name,
            "county": spot.county.name,
            "township": spot.township.name,
            "place": place_name(spot.township.name),
            "village": _village_name(spot),
            "kind": kind,
        }
        name = row.pattern.format(word=self._word(facility_type, parts, row.words), **parts)
        number = 0
        while (facility_type.code, name) in self._given:
            number += 1
            word = self._word(facility_type, parts, row.words)
            name = row.again.format(word=word + self._ordinal(number), **parts)
        self._given.add((facility_type.code, name))
        return name

    def _word(self, facility_type: FacilityType, parts: dict[str, str], kind: str) -> str:
        """Take words of a kind in turn for one type and township, so that neighbours differ."""
        left = self._words.setdefault((facility_type.code, parts["township"]), [])
        if not left:
            left += self._random.sample(words()[kind], len(words()[kind]))
        return left.pop()

    def _ordinal(self, number: int) -> str:
        """Return nothing while plain words last, then 第二, 第三 and so on."""
        tries = max(len(listed) for listed in words().values())
        return "" if number <= tries else f"第{chinese_number(1 + number // tries)}"


def _village_name(spot: Spot) -> str:
    """Return the village after its township, once if the village has the township's name."""
    place = place_name(spot.township.name)
    village = spot.village.name
    return village if village.startswith(place) else place + village


def _after(village: str, kind: str) -> str:
    """Return the kind without the word the village ends in: 母岭村 and 村卫生室 share 村."""
    for generic in ("社区", "村"):
        if village.endswith(generic):
            return kind.removeprefix(generic)
    return kind


def place_name(township: str) -> str:
    """Return a township's name without its generic.

    >>> place_name("北山街道"), place_name("三墩镇"), place_name("镇")
    ('北山', '三墩', '镇')
    """
    return _GENERIC.sub("", township) or township


def chinese_number(number: int) -> str:
    """Return a whole number from 1 to 99 as it is written in names.

    >>> [chinese_number(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, units = divmod(number, 10)
    unit = _NUMERALS[units - 1] if units else ""
    if not tens:
        return unit
    return ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" + unit
