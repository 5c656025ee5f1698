"""Find the villages of one edition again in the next: the evidence of where a township went.

Codes change with the township, so a village is found by its name, stepwise in wider areas, and
only where the name stands for exactly one village on both sides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from codes.update.china_division import Edition

Key = Callable[[str], Hashable]
"""Of a code, what must be equal for two units to be the same."""

CITY: Final = 4
COUNTY: Final = 6
TOWNSHIP: Final = 9


def cut_ending(name: str, endings: Sequence[str]) -> str:
    """Return `name` without the `endings` at its end; two characters always stay.

    >>> cut_ending("白桑乡", ["镇", "乡"])
    '白桑'
    >>> cut_ending("东乡", ["镇", "乡"])
    '东乡'
    """
    for ending in endings:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return cut_ending(name[: -len(ending)], endings)
    return name


def pair_units(before: Iterable[str], after: Iterable[str], key: tuple[Key, Key]) -> dict[str, str]:
    """Pair the codes whose key stands once in `before` and once in `after`."""
    old, new = _alone(before, key[0]), _alone(after, key[1])
    return {code: new[value] for value, code in old.items() if value in new}


def match_villages(before: Edition, after: Edition, endings: Sequence[str]) -> dict[str, str]:
    """Map village codes of `before` to the codes of `after`; what is not certain is left out."""
    matched: dict[str, str] = {}
    left_old, left_new = set(before.villages), set(after.villages)
    for place in (_same_township, _same_city, _same_county, _same_township_name):
        key = (partial(place, before, endings), partial(place, after, endings))
        found = pair_units(sorted(left_old), sorted(left_new), key)
        matched.update(found)
        left_old -= found.keys()
        left_new -= set(found.values())
    return matched


def township_flows(
    matched: Mapping[str, str], after: Edition, least_far: int
) -> dict[str, Counter[str]]:
    """Count, for each old township, the new townships its matched villages are in.

    Fewer than `least_far` villages in another county, while the old county goes on, are more likely
    namesakes than moved, and do not count.
    """
    flows: dict[str, Counter[str]] = defaultdict(Counter)
    for old, new in matched.items():
        flows[old[:TOWNSHIP]][new[:TOWNSHIP]] += 1
    for old, flow in flows.items():
        if old[:COUNTY] in after.counties:
            for new in [new for new in flow if new[:COUNTY] != old[:COUNTY]]:
                if flow[new] < least_far:
                    del flow[new]
    return flows


def _alone(codes: Iterable[str], key: Key) -> dict[Hashable, str]:
    found: dict[Hashable, list[str]] = defaultdict(list)
    for code in codes:
        found[key(code)].append(code)
    return {value: codes[0] for value, codes in found.items() if len(codes) == 1}


def _same_township(edition: Edition, endings: Sequence[str], code: str) -> Hashable:
    township = code[:TOWNSHIP]
    return township, edition.townships[township], _stem(edition, endings, code)


def _same_city(edition: Edition, endings: Sequence[str], code: str) -> Hashable:
    return code[:CITY], _stem(edition, endings, code)


def _same_county(edition: Edition, endings: Sequence[str], code: str) -> Hashable:
    return code[:COUNTY], _stem(edition, endings, code)


def _same_township_name(edition: Edition, endings: Sequence[str], code: str) -> Hashable:
    name = edition.townships[code[:TOWNSHIP]]
    return code[:CITY], name, _stem(edition, endings, code)


def _stem(edition: Edition, endings: Sequence[str], code: str) -> str:
    return cut_ending(edition.villages[code], endings)
