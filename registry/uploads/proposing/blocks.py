"""Which facilities are worth comparing: those close by, on one address, or of nearly one name.

Comparing each with each would grow with the square of their number. Here each is looked up by the
cell of the ground it stands in, by its address, and by the rarest character pairs of its stem among
those with the same marks. No pair that `likeness` would find apart is lost by the last: of two
stems so alike, one of those pairs stands in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from codes.upload_limits import limit
from registry.uploads.proposing.likeness import Subject, likeness

LAT_CELL: Final = 0.0019
"""Degrees; more than `near_metres` anywhere."""

LON_CELL: Final = 0.0036
"""Degrees; more than `near_metres` as far north as the country goes."""

Cell = tuple[int, int]
Key = tuple[tuple[str, ...], str]


class Blocks:
    """An index of facilities; `found` gives those a facility may be."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = subjects
        self._by_cell: dict[Cell, list[int]] = {}
        self._by_address: dict[str, list[int]] = {}
        self._by_pair: dict[Key, list[int]] = {}
        for at, one in enumerate(subjects):
            self._add(at, one)

    def found(self, wanted: Subject) -> list[tuple[int, float]]:
        """Return (place in the sequence, score) of each facility that the wanted one may be."""
        scored = (
            (at, likeness(wanted, self._subjects[at]))
            for at in sorted(self.worth_comparing(wanted))
        )
        return [(at, score) for at, score in scored if score is not None]

    def worth_comparing(self, wanted: Subject) -> set[int]:
        """Return the places of the facilities to compare with the wanted one."""
        near: set[int] = set()
        if wanted.point is not None:
            east, north = _cell(wanted.point)
            for x in (east - 1, east, east + 1):
                for y in (north - 1, north, north + 1):
                    near.update(self._by_cell.get((x, y), ()))
        if wanted.address:
            near.update(self._by_address.get(wanted.address, ()))
        for key in self._rarest(wanted):
            near.update(self._by_pair.get(key, ()))
        return near

    def _add(self, at: int, one: Subject) -> None:
        if one.point is not None:
            self._by_cell.setdefault(_cell(one.point), []).append(at)
        if one.address:
            self._by_address.setdefault(one.address, []).append(at)
        for key in set(_pairs(one)):
            self._by_pair.setdefault(key, []).append(at)

    def _rarest(self, wanted: Subject) -> list[Key]:
        """As many of the rarest pairs as must hold one that every stem so alike has too.

        A character put in or left out spoils two pairs at most, and stems of `near_score` differ by
        no more than their share of the characters of both.
        """
        keys = sorted(set(_pairs(wanted)), key=lambda key: len(self._by_pair.get(key, ())))
        length = len(wanted.parts.stem)
        differing = 100 - limit("near_score")
        # the other stem is longer by so much at most: d <= (l + l + d) * differing / 100
        most = 2 * length * differing // (100 - differing)
        return keys[: 2 * most + 1]


def _cell(point: tuple[float, float]) -> Cell:
    return int(point[0] / LON_CELL), int(point[1] / LAT_CELL)


def _pairs(one: Subject) -> Iterator[Key]:
    """The pairs of neighbouring characters of a stem, its ends marked, each with the marks."""
    parts = one.parts
    stem = f"\x02{parts.stem}\x03"
    for at in range(len(stem) - 1):
        yield parts.marks, stem[at : at + 2]
