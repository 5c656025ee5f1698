"""Ask about new rows that stand where a facility of their name is registered in another county.

A wrong county would otherwise hide that the facility has a code already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from codes.upload_limits import limit
from registry.plain_sql import Reader
from registry.uploads.judged import Judged
from registry.uploads.placing.points import CONVERTIBLE, Point, point_of
from registry.uploads.proposing.answers import Answers
from registry.uploads.proposing.fetching import by_ids, open_in_box
from registry.uploads.proposing.near import Candidate, as_params, metres_between
from registry.uploads.proposing.parts import parts_of
from registry.uploads.proposing.registered import Registered

MARGIN_DEGREES: Final = 0.03
"""More than `near_metres` and what two datums are apart (0.013), wherever it is: points need not be
converted to find the box."""

Named = dict[str, dict[tuple[str, str], list[int]]]
"""Ids of facilities by county and name without divisions."""


def ask_if_elsewhere(rows: Sequence[Judged], reader: Reader, answers: Answers) -> None:
    """Ask about each row without a facility; rows without a point in a known datum are let be."""
    by_class: dict[str, list[tuple[Judged, Point]]] = {}
    for row in rows:
        unknown = row.registered is None and not row.held and "code" not in row.row.fields
        if unknown and (place := row.place) and (point := _point(row)):
            by_class.setdefault(place[0], []).append((row, point))
    for class_code, located in by_class.items():
        found: Named = {}
        for id_, name, county in _around(reader, class_code, [point for _, point in located]):
            found.setdefault(county, {}).setdefault(_key(name, county), []).append(id_)
        if not found:
            continue
        group = [row for row, _ in located]
        namesakes = [_namesakes(row, found) for row in group]
        known = by_ids(reader, {id_ for ids in namesakes for id_ in ids})
        for row, ids in zip(group, namesakes, strict=True):
            _ask(row, [known[id_] for id_ in ids], answers)


def _around(reader: Reader, class_code: str, points: Sequence[Point]) -> list[tuple[int, str, str]]:
    lons, lats = [lon for lon, _, _ in points], [lat for _, lat, _ in points]
    west, east = min(lons) - MARGIN_DEGREES, max(lons) + MARGIN_DEGREES
    south, north = min(lats) - MARGIN_DEGREES, max(lats) + MARGIN_DEGREES
    return open_in_box(reader, class_code, west, south, east, north)


def _point(row: Judged) -> Point | None:
    """The point as given, None without one or when its datum is not known."""
    point = point_of(row.whole)
    return point if point and point[2] in CONVERTIBLE else None


def _namesakes(row: Judged, found: Named) -> list[int]:
    name = str(row.whole["name"])
    others = (one for one in found.items() if one[0] != row.county)
    return [id_ for county, names in others for id_ in names.get(_key(name, county), ())]


def _ask(row: Judged, namesakes: Sequence[Registered], answers: Answers) -> None:
    others, alike = answers.others(row, namesakes), []
    for one in namesakes:
        metres = metres_between(row, one)
        near = metres is not None and metres <= limit("near_metres")
        if near and one.id not in others:
            alike.append(Candidate(one, 100.0, metres))
    if alike:
        row.candidates = tuple(one.registered.id for one in alike)
        row.report("registered_elsewhere", "division", **as_params(alike))


def _key(name: str, county_code: str) -> tuple[str, str]:
    parts = parts_of(name, county_code)
    return parts.core, parts.stem
