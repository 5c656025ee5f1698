"""Find registered facilities that a new row may be, by `likeness`; it only makes a question.

Nothing is merged here. Closed facilities are not offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from codes.datums import to_cgcs2000
from codes.upload_limits import limit
from registry.uploads.judged import Judged
from registry.uploads.placing.points import CONVERTIBLE, point_of
from registry.uploads.proposing.blocks import Blocks
from registry.uploads.proposing.likeness import Subject, great_circle_m, subject
from registry.uploads.proposing.registered import Registered


@dataclass(frozen=True)
class Candidate:
    """A registered facility, how alike the names are (0 to 100), and how far apart they are."""

    registered: Registered
    score: float
    metres: float | None


def ask_if_near(
    rows: Sequence[Judged], here: Sequence[Registered], others: Sequence[frozenset[int]]
) -> None:
    """Ask about each row (all of one class and county) that may be a registered facility.

    `here` are the facilities of the class and those related to it in the county; `others` are, for
    each row, the ids it was said not to be.
    """
    open_ones = [one for one in here if not one.ended and not one.closed]
    if not open_ones:
        return
    blocks = Blocks([_subject_of(one) for one in open_ones])
    for row, not_these in zip(rows, others, strict=True):
        found = [
            Candidate(open_ones[at], score, metres_between(row, open_ones[at]))
            for at, score in blocks.found(subject_of(row))
            if open_ones[at].id not in not_these
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


def subject_of(row: Judged) -> Subject:
    """Return what a row (its type, county and name are known) is compared by."""
    if row.type is None or row.county is None:
        raise ValueError(row.row.number)  # rows without them are not compared
    fields = {**row.whole, "type": row.type.code}
    return subject(fields, row.county, row.type.class_code, point_2000(row))


def _subject_of(one: Registered) -> Subject:
    point = None if one.lon is None or one.lat is None else (one.lon, one.lat)
    return subject(one.fields, one.county_code, one.class_code, point)


def _ask(row: Judged, found: Sequence[Candidate]) -> None:
    if not found:
        return
    ordered = sorted(found, key=lambda one: (-one.score, one.metres or 0.0, one.registered.code))
    shown = ordered[: limit("near_candidates")]
    row.candidates = tuple(one.registered.id for one in shown)
    row.report("near_duplicate", "name", **as_params(shown))
