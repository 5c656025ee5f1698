"""Derive where counties went from their townships, and where villages went from theirs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from codes.update.china_division import Edition
from codes.update.division_links import Destinations, Link, ended_and_begun
from codes.update.division_villages import CITY, COUNTY, TOWNSHIP, pair_units


def county_links(
    before: Edition, after: Edition, towns: Destinations, system: Callable[[str], str]
) -> list[Link]:
    """Return the links of counties that ended and of those that gave townships away.

    What only the Statistics Bureau's zones took from a GB/T 2260 county is not a change of that
    county; a county that ended goes to units of its own system if any took a part.
    """
    ended, begun = ended_and_begun(before.counties, after.counties)
    flows = _county_flows(towns)
    children = Counter(code[:COUNTY] for code in before.townships)
    links: list[Link] = []
    for county in sorted(before.counties):
        flow = flows[county]
        own = {new: moved for new, moved in sorted(flow.items()) if system(new) == system(county)}
        if county in ended:
            taken = own or flow
            links += [
                Link(county, new, len(taken) == 1, _basis(county, new), moved, children[county])
                for new, moved in taken.items()
            ]
        else:
            links += [
                Link(county, new, False, "children", moved, children[county])
                for new, moved in own.items()
                if new != county
            ]
    return links + _by_name_alone(before, after, ended, begun, links)


def village_links(
    before: Edition, after: Edition, matched: Mapping[str, str], towns: Destinations
) -> list[Link]:
    """Return the links of villages that ended: by name where their township went, or renamed."""
    ended, begun = ended_and_begun(before.villages, after.villages)
    named = {
        old: matched[old]
        for old in sorted(ended & matched.keys())
        if matched[old][:TOWNSHIP] in towns.get(old[:TOWNSHIP], ())
    }
    links = [Link(old, new, True, "name") for old, new in named.items()]
    renamed = (ended & begun) - named.keys() - set(matched.values())
    kept = [code for code in sorted(renamed) if code[:TOWNSHIP] in towns.get(code[:TOWNSHIP], ())]
    return links + [Link(code, code, True, "code") for code in kept]


def _county_flows(towns: Destinations) -> Mapping[str, Counter[str]]:
    flows: dict[str, Counter[str]] = defaultdict(Counter)
    for old, places in towns.items():
        for county in {new[:COUNTY] for new in places}:
            flows[old[:COUNTY]][county] += 1
    return flows


def _basis(old: str, new: str) -> str:
    return "code" if old == new else "children"


def _by_name_alone(
    before: Edition, after: Edition, ended: set[str], begun: set[str], links: list[Link]
) -> list[Link]:
    lost = ended - {link.from_code for link in links}
    key = (
        lambda code: (code[:CITY], before.counties[code]),
        lambda code: (code[:CITY], after.counties[code]),
    )
    pairs = pair_units(sorted(lost), sorted(begun), key)
    return [Link(old, new, True, "name") for old, new in pairs.items()]
