"""Find registered facilities that a new row may be: by likeness of the name and by distance.

Two names that differ only in a word that tells sisters apart (第一, 东, 分院) are two facilities,
unless they stand next to each other. Nothing is merged here; a likeness only makes a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from codes.datums import to_cgcs2000
from codes.upload_limits import limit
from registry.uploads.judged import Judged
from registry.uploads.placing.points import CONVERTIBLE, point_of
from registry.uploads.proposing.keys import bare_name, distinguishing, same_text
from registry.uploads.proposing.registered import Registered

EARTH_RADIUS_M: Final = 6_371_008.8
RENAMED_SAME: Final = ("operator_uscc", "type")
"""What a facility that was only renamed keeps, besides its place."""

BLOCK: Final = 1_000
"""Rows compared with all registered ones at once."""


@dataclass(frozen=True)
class Candidate:
    """A registered facility, how alike the names are (0 to 100), and how far apart they are."""

    registered: Registered
    score: float
    metres: float | None


def ask_if_near(
    rows: Sequence[Judged], here: Sequence[Registered], others: Sequence[frozenset[int]]
) -> None:
    """Ask about each row (all of one class and county) that is like a registered facility.

    `others` are, for each row, the ids it was said not to be. Closed facilities are not offered.
    """
    open_ones = [one for one in here if not one.ended and not one.closed]
    if not open_ones:
        return
    names = [bare_name(one.name, one.county_code) for one in open_ones]
    run_by: dict[str, list[int]] = {}
    for at, one in enumerate(open_ones):
        if "operator_uscc" in one.fields:
            run_by.setdefault(str(one.fields["operator_uscc"]), []).append(at)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        bare = [bare_name(str(row.whole["name"]), str(row.county)) for row in block]
        lowest = limit("near_score_close")
        scores = cdist(bare, names, scorer=ratio, score_cutoff=lowest, dtype=np.uint8)
        for index, row in enumerate(block):
            operated = run_by.get(str(row.whole.get("operator_uscc")), ())
            found = [
                Candidate(open_ones[at], ratio(bare[index], names[at]), None)
                for at in sorted({*np.flatnonzero(scores[index]).tolist(), *operated})
                if open_ones[at].id not in others[start + index]
            ]
            _ask(row, found)


def as_params(found: Sequence[Candidate]) -> dict[str, Any]:
    """Return candidates as the parameters of a finding."""
    return {
        "candidates_candidates": [
            {
                "code": one.registered.code,
                "name": one.registered.name,
                "status": one.registered.status,
                "score": round(one.score),
                "metres": None if one.metres is None else round(one.metres),
            }
            for one in found
        ]
    }


def metres_between(row: Judged, one: Registered) -> float | None:
    """Return the ground distance, None unless both points are known in a known datum."""
    point = point_2000(row)
    if point is None or one.lon is None or one.lat is None:
        return None
    return great_circle_m(*point, one.lon, one.lat)


def point_2000(row: Judged) -> tuple[float, float] | None:
    """Return the point of a row in CGCS2000, None without one or when its datum is not known."""
    point = point_of(row.whole)
    if point is None or point[2] not in CONVERTIBLE:
        return None
    lon, lat = to_cgcs2000(point[0], point[1], str(point[2]))
    return float(lon), float(lat)


def great_circle_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the distance of two points in degrees, in metres, on a sphere."""
    north, east = radians(lat_b - lat_a), radians(lon_b - lon_a)
    chord = sin(north / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(chord))


def _ask(row: Judged, found: Sequence[Candidate]) -> None:
    placed = [Candidate(o.registered, o.score, metres_between(row, o.registered)) for o in found]
    alike = [one for one in placed if _is_near(row, one) or _is_renamed(row, one)]
    if not alike:
        return
    alike.sort(key=lambda one: (-one.score, one.metres or 0.0, one.registered.code))
    shown = alike[: limit("near_candidates")]
    row.candidates = tuple(one.registered.id for one in shown)
    row.report("near_duplicate", "name", **as_params(shown))


def _is_renamed(row: Judged, one: Candidate) -> bool:
    """Same operator and type at the same place, whatever the name: the name may be what is new."""
    known, given = one.registered.fields, row.whole
    if any(known.get(key) is None or known[key] != given.get(key) for key in RENAMED_SAME):
        return False
    close = one.metres is not None and one.metres <= limit("near_metres")
    return close or same_text(known.get("address"), given.get("address"))


def _is_near(row: Judged, one: Candidate) -> bool:
    close = one.metres is not None and one.metres <= limit("near_metres")
    if close:
        return one.score >= limit("near_score_close")
    own = bare_name(str(row.whole["name"]), str(row.county))
    other = bare_name(one.registered.name, one.registered.county_code)
    if distinguishing(own) != distinguishing(other):
        return False
    far = one.metres is not None and one.metres > limit("far_metres")
    return one.score >= limit("near_score") and not far
