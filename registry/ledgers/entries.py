"""One row of a ledger's file, read and sound in itself, on its way into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from registry.ledgers.place import RowPlace

Key = tuple[Any, ...]

YES, NO = "是", "否"

RUNNING_PART: Final = "t"
"""Stands for a part in rows of a five-year total that give the running total, not the year's own.

So both may be on record of one year and source. No table prints more than three parts.
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What both ledgers' rows have in common.

    A value of None stands for a cell left empty: it keeps what is recorded, else takes the
    default.
    """

    table: ClassVar[str]
    key_columns: ClassVar[tuple[str, ...]]
    value_columns: ClassVar[tuple[str, ...]]
    defaults: ClassVar[Mapping[str, Any]] = {"preferred": NO}

    place: RowPlace
    source: str
    preferred: str | None

    @property
    def cell(self) -> Key:
        """What it speaks of: of all sources of one cell, one is preferred."""
        return self.key[:-1]

    @property
    def key(self) -> Key:
        """Which source says it of what; the source stands last."""
        return tuple(getattr(self, name) for name in self.key_columns)

    @property
    def values(self) -> dict[str, Any]:
        """What it says, by column."""
        return {name: getattr(self, name) for name in self.value_columns}


@dataclass(frozen=True, kw_only=True)
class PopulationEntry(Entry):
    """Persons of one group in one division, or in an area listed apart within it, in one year."""

    table = "population_figure"
    key_columns = ("division_code", "area", "year", "group_code", "source")
    value_columns = (
        "persons",
        "rounded_to",
        "divisions_on",
        "reference_on",
        "source_kind",
        "is_projection",
        "preferred",
    )
    defaults: ClassVar[Mapping[str, Any]] = {"source_kind": "other", "preferred": NO}

    division_code: str
    area: str
    year: int
    group_code: str
    persons: int
    rounded_to: int
    divisions_on: date
    reference_on: date | None
    source_kind: str | None
    is_projection: str


@dataclass(frozen=True, kw_only=True)
class ObservationEntry(Entry):
    """The value of one indicator, or of one part of it, in one division and year."""

    table = "observation"
    key_columns = ("plan_code", "number", "part", "division_code", "year", "source")
    value_columns = ("value", "unit", "divisions_on", "preferred")

    plan_code: str
    number: str
    part: str
    division_code: str
    year: int
    value: float
    unit: str
    divisions_on: date
