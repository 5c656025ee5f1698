"""What a division is: one code under one name over an unbroken time, and how we know that time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["province", "city", "county", "township", "village"]
System = Literal["gbt2260", "nbs"]
Dating = Literal["stated", "year", "edition", "none"]
Evidence = Literal["seen", "stated", "undated", "presumed"]


@dataclass(frozen=True, slots=True)
class Division:
    """A unit as it was from `valid_from` until the day before `valid_to` (None: no bound known).

    `code` has 6 digits (province 330000, city 330100, county 330106), 9 (township) or 12 (village)
    of the code system `system`: GB/T 2260, or the Statistics Bureau's 统计用区划代码 (`nbs`).
    `first_seen_on` and `last_seen_on` are the days of our editions that show it; a unit that ended
    before the first edition has neither. `began` and `ended` say how the bounds are known: `stated`
    by a source to the day, to the `year`, only as the day of the first `edition` that shows the
    change, or `none`.
    """

    code: str
    name: str
    level: Level
    parent_code: str | None
    system: System
    valid_from: date | None
    valid_to: date | None
    began: Dating
    ended: Dating
    first_seen_on: date | None
    last_seen_on: date | None
    filler: bool = False
    """The name only fills a level (市辖区) and is no part of a full name."""

    def in_force_on(self, day: date) -> bool:
        """Tell whether the unit counts as in force on `day`.

        A change whose day is unknown counts from the day of the first edition that shows it; before
        the first edition and after the last a unit is presumed in force unless a source says
        otherwise. `evidence` tells these cases apart.
        """
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_to is None or day < self.valid_to)

    def evidence(self, day: date) -> Evidence | None:
        """Say how we know that the unit was in force on `day`; None when it was not.

        `seen`: between two editions that show it. `stated`: within days a source states. `undated`:
        after the last edition that shows it, before the first that does not. `presumed`: before our
        first edition or after our last.
        """
        if not self.in_force_on(day):
            return None
        if self.first_seen_on is None or self.last_seen_on is None:
            return "presumed"
        if day < self.first_seen_on:
            return "presumed" if self.began == "none" else "stated"
        if day <= self.last_seen_on:
            return "seen"
        known: dict[Dating, Evidence] = {"none": "presumed", "edition": "undated"}
        return known.get(self.ended, "stated")


@dataclass(frozen=True, slots=True)
class Succession:
    """Where (a part of) a unit went on `changed_on`; `whole` when all of it did.

    `basis` is how we know: `name`, `code` (same code, renamed), `children` (where `moved` of its
    `children` are found again) or `stated` by a source.
    """

    from_code: str
    to_code: str
    changed_on: date
    whole: bool
    basis: str
    moved: int | None
    children: int | None
