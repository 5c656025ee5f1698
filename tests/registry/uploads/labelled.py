"""The labelled pairs of `pairs.csv`, asked of the matcher as a row and a registered facility."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from codes.facility_types import facility_types
from registry.uploads.columns import SheetColumns
from registry.uploads.judged import Judged
from registry.uploads.normalising.row import Row
from registry.uploads.placing.placement import Placement
from registry.uploads.proposing.answers import Answers
from registry.uploads.proposing.identify import by_name, names_of
from registry.uploads.proposing.near import ask_if_near
from registry.uploads.proposing.registered import Registered

PAIRS = Path(__file__).with_name("pairs.csv")
CENTRE = (120.10, 30.28)
METRES_A_DEGREE = 111_195.0
OPERATORS = {"same": ("12330199MA0000000Y", "12330199MA0000000Y")}
OPERATORS["other"] = ("12330199MA0000000Y", "91330106MA2000001J")
ADDRESSES = {"same": ("示例路12号", "示例路12号"), "other": ("示例路12号", "样本街88号")}
COLUMNS = SheetColumns("", {}, {}, ())


@dataclass(frozen=True)
class Pair:
    """Two names with what else is known, and whether they are one facility."""

    part: str
    kind: str
    same: bool
    county: str
    type_a: str
    name_a: str
    type_b: str
    name_b: str
    metres: float | None
    address: str
    operator: str


def pairs() -> list[Pair]:
    """Return the labelled pairs."""
    with PAIRS.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [
            Pair(
                one["part"],
                one["kind"],
                one["verdict"] == "same",
                *(one[key] for key in ("county", "type_a", "name_a", "type_b", "name_b")),
                float(one["metres"]) if one["metres"] else None,
                one["address"],
                one["operator"],
            )
            for one in rows
        ]


def is_found(pair: Pair) -> bool:
    """Say whether the matcher takes the second for the first, or asks whether it is."""
    known, row = _registered(pair), _judged(pair)
    if known.class_code == facility_types()[pair.type_b].class_code:
        by_name(row, names_of([known]), Answers())
    if row.registered is None and not row.held:
        ask_if_near([row], [known], [frozenset()])
    return row.registered is not None or row.held


@dataclass(frozen=True)
class Score:
    """How many pairs were found rightly, wrongly, and not at all."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of what was found that is one facility."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what is one facility that was found."""
        return self.right / (self.right + self.missed)


def score(of: Iterable[Pair]) -> Score:
    """Return how the matcher does on some pairs."""
    told = [(pair.same, is_found(pair)) for pair in of]
    return Score(told.count((True, True)), told.count((False, True)), told.count((True, False)))


def _fields(pair: Pair, at: int) -> dict[str, object]:
    fields: dict[str, object] = {
        "name": (pair.name_a, pair.name_b)[at],
        "type": (pair.type_a, pair.type_b)[at],
        "division": pair.county,
        "status": "运营",
    }
    if pair.address:
        fields["address"] = ADDRESSES[pair.address][at]
    if pair.operator:
        fields["operator_uscc"] = OPERATORS[pair.operator][at]
    if pair.metres is not None:
        north = CENTRE[1] + at * pair.metres / METRES_A_DEGREE
        fields |= {"longitude": CENTRE[0], "latitude": north, "datum": "CGCS2000"}
    return fields


def _registered(pair: Pair) -> Registered:
    fields = _fields(pair, 0)
    point = CENTRE if pair.metres is not None else (None, None)
    class_code = facility_types()[pair.type_a].class_code
    return Registered(1, "", 1, date(2026, 1, 1), fields, class_code, pair.county, *point)


def _judged(pair: Pair) -> Judged:
    fields, kind = _fields(pair, 1), facility_types()[pair.type_b]
    row = Row("", 2, kind, fields, frozenset(), {}, frozenset(), {}, ())
    return Judged(row, COLUMNS, whole=dict(fields), placement=Placement(pair.county))
