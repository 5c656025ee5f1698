"""Derive where townships, counties and villages went from one edition to the next.

A unit that keeps code and name continues. One that does not is sought by name, then by code (only
its name changed), then by where its villages, or a county's townships, are found again. Several
places are all given; no evidence gives no link: nothing is guessed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from codes.update.china_division import Edition
from codes.update.division_villages import CITY, COUNTY, TOWNSHIP, cut_ending, pair_units

Flows = Mapping[str, Counter[str]]
Destinations = Mapping[str, set[str]]


@dataclass(frozen=True, order=True)
class Link:
    """From one code to another: all of the unit (`whole`) or a part; `moved` of `children` seen."""

    from_code: str
    to_code: str
    whole: bool
    basis: str
    moved: int = 0
    children: int = 0


def ended_and_begun(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[set[str], set[str]]:
    """Return the codes that no longer mean what they meant, and those that newly mean something."""
    ended = {code for code, name in before.items() if after.get(code) != name}
    begun = {code for code, name in after.items() if before.get(code) != name}
    return ended, begun


def township_links(
    before: Edition, after: Edition, flows: Flows, settings: Mapping[str, Any]
) -> list[Link]:
    """Return the links of all townships that ended, and of those new ones cut out of others."""
    ended, begun = ended_and_begun(before.townships, after.townships)
    villages = Counter(code[:TOWNSHIP] for code in before.villages)
    named = _by_name(before, after, flows, settings["township_endings"])
    links = [
        Link(old, new, True, "name", flows[old][new], villages[old]) for old, new in named.items()
    ]
    for old in sorted(ended - named.keys()):
        links += _by_code(old, begun, set(named.values()), flows[old], villages[old])
        if not links or links[-1].from_code != old:
            links += _by_children(old, flows[old], villages[old], settings)
    return links + _cut_out(begun, links, ended, flows, villages, settings["least_taken"])


def _by_name(before: Edition, after: Edition, flows: Flows, endings: list[str]) -> dict[str, str]:
    """Pair by full name in the city, then in the county, then in the county without the ending."""
    ended, begun = ended_and_begun(before.townships, after.townships)
    named: dict[str, str] = {}
    for place, cut in ((CITY, False), (COUNTY, False), (COUNTY, True)):
        key = tuple(
            partial(_named_at, names, place, endings if cut else [])
            for names in (before.townships, after.townships)
        )
        left = sorted(ended - named.keys()), sorted(begun - set(named.values()))
        for old, new in pair_units(*left, (key[0], key[1])).items():
            same_county = old[:COUNTY] == new[:COUNTY] or old[:COUNTY] not in after.counties
            # A name like 城关镇 in another county is another town, unless villages are there too.
            if same_county or flows[old][new]:
                named[old] = new
    return named


def _named_at(
    names: Mapping[str, str], place: int, endings: list[str], code: str
) -> tuple[str, str]:
    return code[:place], cut_ending(names[code], endings)


def _by_code(
    code: str, begun: set[str], claimed: set[str], flow: Counter[str], children: int
) -> list[Link]:
    """The code stays, the name is another: a renaming, unless the villages went elsewhere."""
    moved, found = flow[code], flow.total()
    if code not in begun or (found and not moved) or (code in claimed and 2 * moved < found):
        return []
    return [Link(code, code, True, "code", moved, children)]


def _by_children(
    code: str, flow: Counter[str], children: int, settings: Mapping[str, Any]
) -> list[Link]:
    found = flow.total()
    if not found or found < settings["least_found"] * children:
        return []
    taken = {new: n for new, n in sorted(flow.items()) if n >= settings["least_taken"] * found}
    whole = len(taken) == 1
    return [Link(code, new, whole, "children", moved, children) for new, moved in taken.items()]


def _cut_out(
    begun: set[str],
    links: list[Link],
    ended: set[str],
    flows: Flows,
    villages: Mapping[str, int],
    least_taken: float,
) -> list[Link]:
    """New townships nobody became: the parts of those that gave them their villages."""
    new = begun - {link.to_code for link in links}
    lost = ended - {link.from_code for link in links}
    given: dict[str, Counter[str]] = defaultdict(Counter)
    for old in sorted(flows.keys() - lost):
        for code in flows[old].keys() & new:
            given[code][old] = flows[old][code]
    return [
        Link(old, code, False, "children", moved, villages[old])
        for code, givers in sorted(given.items())
        for old, moved in givers.items()
        if moved >= least_taken * givers.total()
    ]


def destinations(
    before: Mapping[str, str], after: Mapping[str, str], links: list[Link]
) -> Destinations:
    """Map each old code to the codes that now hold it: itself where it continues, and its links."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in before.items():
        if after.get(code) == name:
            found[code].add(code)
    for link in links:
        found[link.from_code].add(link.to_code)
    return found
