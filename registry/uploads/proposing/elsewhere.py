"""Ask about new rows that stand where a facility of their name is registered in another county.

A wrong county would otherwise hide that the facility has a code already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from codes.upload_limits import limit
from registry.uploads.judged import Judged
from registry.uploads.proposing.answers import Answers
from registry.uploads.proposing.identify import key_of
from registry.uploads.proposing.near import Candidate, as_params, metres_between, point_2000
from registry.uploads.proposing.parts import parts_of
from registry.uploads.proposing.registered import Registered, by_box

MARGIN_DEGREES: Final = 0.01
"""More than `near_metres` in either direction, anywhere in the country."""

Named = dict[str, dict[tuple[str, str], list[Registered]]]
"""Facilities by county and name without divisions."""


def ask_if_elsewhere(rows: Sequence[Judged], session: Session, answers: Answers) -> None:
    """Ask about each row without a facility; rows without a point in a known datum are let be."""
    by_class: dict[str, list[Judged]] = {}
    for row in rows:
        unknown = row.registered is None and not row.held and "code" not in row.row.fields
        if unknown and row.type and row.county and row.whole.get("name") and point_2000(row):
            by_class.setdefault(row.type.class_code, []).append(row)
    for class_code, group in by_class.items():
        found: Named = {}
        for one in _around(session, class_code, group):
            names = found.setdefault(one.county_code, {})
            names.setdefault(_key(one.name, one.county_code), []).append(one)
        for row in group:
            _ask(row, found, answers)


def _around(session: Session, class_code: str, rows: Sequence[Judged]) -> list[Registered]:
    points = [point for row in rows if (point := point_2000(row))]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    west, east = min(lons) - MARGIN_DEGREES, max(lons) + MARGIN_DEGREES
    south, north = min(lats) - MARGIN_DEGREES, max(lats) + MARGIN_DEGREES
    found = by_box(session, class_code, west, south, east, north)
    return [one for one in found if not one.ended and not one.closed]


def _ask(row: Judged, found: Named, answers: Answers) -> None:
    name, key = str(row.whole["name"]), key_of(row)
    namesakes = [
        one
        for county, names in found.items()
        if county != row.county
        for one in names.get(_key(name, county), ())
    ]
    alike = []
    for one in namesakes:
        metres = metres_between(row, one)
        near = metres is not None and metres <= limit("near_metres")
        if near and not answers.is_other(key, one.id):
            alike.append(Candidate(one, 100.0, metres))
    if alike:
        row.candidates = tuple(one.registered.id for one in alike)
        row.report("registered_elsewhere", "division", **as_params(alike))


def _key(name: str, county_code: str) -> tuple[str, str]:
    parts = parts_of(name, county_code)
    return parts.core, parts.stem
