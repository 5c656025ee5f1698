"""Whether two facilities may be one: what their names say, and what is known of their places.

Close by, on one address or with one operator there, names may differ by a slip or more; apart, or
when nothing is known of the place, they have to agree in all that tells facilities apart. Two that
differ only in a number, a branch or a township are two. The thresholds are in the `upload_limits`
book, chosen on the pairs that are labelled for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from rapidfuzz.fuzz import ratio

from codes.related_classes import are_related
from codes.upload_limits import limit
from registry.uploads.proposing.keys import name_key
from registry.uploads.proposing.parts import Parts, parts_of

EARTH_RADIUS_M: Final = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Subject:
    """What two facilities are compared by. The point is CGCS2000; the address is a key."""

    name: str
    county_code: str
    class_code: str
    type_code: str
    point: tuple[float, float] | None = None
    address: str = ""
    operator_uscc: str | None = None

    @property
    def parts(self) -> Parts:
        """The name taken apart."""
        return parts_of(self.name, self.county_code)


def subject(
    fields: Any, county_code: str, class_code: str, point: tuple[float, float] | None
) -> Subject:
    """Return the subject of a facility's fields by key."""
    return Subject(
        str(fields["name"]),
        county_code,
        class_code,
        str(fields["type"]),
        point,
        name_key(str(fields.get("address") or "")),
        fields.get("operator_uscc"),
    )


def metres_apart(one: Subject, other: Subject) -> float | None:
    """Return the ground distance, None unless both points are known."""
    if one.point is None or other.point is None:
        return None
    return great_circle_m(*one.point, *other.point)


def likeness(one: Subject, other: Subject) -> float | None:
    """Return how alike the names are (0 to 100) when the two may be one, else None."""
    if not are_related(one.class_code, other.class_code):
        return None
    mine, theirs = one.parts, other.parts
    score = max(ratio(mine.stem, theirs.stem), ratio(mine.core, theirs.core))
    if _is_close(one, other):
        return score if _alike_close(one, other) or _is_renamed(one, other) else None
    if one.class_code != other.class_code or not _agree(mine, theirs):
        return None
    metres = metres_apart(one, other)
    far = metres is not None and metres > limit("far_metres")
    wanted = ratio(mine.stem, theirs.stem) >= limit("near_score")
    return score if wanted and not far else None


def names_agree(mine: Parts, theirs: Parts) -> bool:
    """Whether two names are of one facility, but for a slip, whatever is known of the places."""
    if mine.marks != theirs.marks or mine.branch != theirs.branch:
        return False
    if _agree(mine, theirs):
        return ratio(mine.stem, theirs.stem) >= limit("near_score")
    if mine.kinds and theirs.kinds and not mine.kinds & theirs.kinds:
        return False
    return ratio(mine.core, theirs.core) >= limit("near_score_whole")


def great_circle_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the distance of two points in degrees, in metres, on a sphere."""
    north, east = radians(lat_b - lat_a), radians(lon_b - lon_a)
    chord = sin(north / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(chord))


def _is_close(one: Subject, other: Subject) -> bool:
    metres = metres_apart(one, other)
    if metres is None:
        return bool(one.address) and one.address == other.address
    return metres <= limit("near_metres")


def _alike_close(one: Subject, other: Subject) -> bool:
    """Close by: the stems are alike enough, or the whole names but for a slip."""
    mine, theirs = one.parts, other.parts
    if mine.marks != theirs.marks:
        return False
    strangers = _other_operator(one, other)
    if _agree(mine, theirs):
        wanted = limit("near_score_strangers" if strangers else "near_score_close")
        return ratio(mine.stem, theirs.stem) >= wanted
    if mine.kinds and theirs.kinds and not mine.kinds & theirs.kinds:
        return False
    return not strangers and ratio(mine.core, theirs.core) >= limit("near_score_whole")


def _is_renamed(one: Subject, other: Subject) -> bool:
    """Same operator and type close by, whatever the name: the name may be what is new."""
    same = one.operator_uscc is not None and one.operator_uscc == other.operator_uscc
    return same and one.type_code == other.type_code and _same_sisters(one.parts, other.parts)


def _same_sisters(mine: Parts, theirs: Parts) -> bool:
    """One stem with other marks is two sisters beside each other, not one renamed."""
    return mine.stem != theirs.stem or mine.marks == theirs.marks


def _agree(mine: Parts, theirs: Parts) -> bool:
    """Whether two names agree in kind, township, branch and marks, as far as they say them."""
    if mine.marks != theirs.marks or mine.branch != theirs.branch:
        return False
    if mine.town and theirs.town and mine.town != theirs.town:
        return False
    return bool(mine.kinds & theirs.kinds) or not (mine.kinds or theirs.kinds)


def _other_operator(one: Subject, other: Subject) -> bool:
    both = one.operator_uscc is not None and other.operator_uscc is not None
    return both and one.operator_uscc != other.operator_uscc
