"""The generator's parameters, read from the books under `codes/books/synthetic`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from codes.facility_types import facility_types
from codes.typed_rows import typed_rows

Row = TypeVar("Row")


@dataclass(frozen=True)
class Count:
    """How many of a type (or level): `rate` a unit `per` (city, county, ... persons in 10,000s)."""

    of: str
    per: str
    rate: float
    sample: float
    basis: str


@dataclass(frozen=True)
class Naming:
    """How facilities of a type (or level) are named: `pattern` first in a place, then `again`."""

    of: str
    pattern: str
    again: str
    words: str
    kind: str = ""


@dataclass(frozen=True)
class OperatorKind:
    """Who runs facilities of a category (`of`) under one ownership, how often, under what name."""

    of: str
    ownership: str
    weight: float
    pattern: str
    uscc_prefix: str


@dataclass(frozen=True)
class DepartmentStyle:
    """How a department sends its file."""

    department: str
    kind: str
    encoding: str
    delimiter: str
    datum: str
    dates: str
    title: bool
    headers: str
    division: str


@dataclass(frozen=True)
class Dirt:
    """One kind of mistake put in on purpose, in `per_mille` of the rows."""

    kind: str
    per_mille: float
    effect: str


@dataclass(frozen=True)
class Measure:
    """A middle value of one measure, or for `*` a factor on all, of types beginning with `of`.

    A `fixed` one does not grow with the facility.
    """

    of: str
    measure: str
    median: float | None = None
    factor: float | None = None
    fixed: bool = False


@cache
def settings() -> dict[str, str]:
    """Return the plain parameters by name."""
    return {row.name: row.value for row in typed_rows("synthetic/settings", _Setting)}


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return the words for names by kind."""
    found: dict[str, list[str]] = {}
    for row in typed_rows("synthetic/words", _Word):
        found.setdefault(row.kind, []).append(row.word)
    return {kind: tuple(listed) for kind, listed in found.items()}


@cache
def counts() -> dict[str, Count]:
    """Return the counts by type or level."""
    return {row.of: row for row in typed_rows("synthetic/counts", Count)}


@cache
def namings() -> dict[str, Naming]:
    """Return the namings by type or level."""
    return {row.of: row for row in typed_rows("synthetic/naming", Naming)}


@cache
def operator_kinds() -> tuple[OperatorKind, ...]:
    """Return the kinds of operator."""
    return typed_rows("synthetic/operators", OperatorKind)


@cache
def department_styles() -> dict[str, DepartmentStyle]:
    """Return the styles by department code; `*` is everybody else."""
    return {row.department: row for row in typed_rows("synthetic/departments", DepartmentStyle)}


@cache
def dirts() -> tuple[Dirt, ...]:
    """Return the kinds of dirt in book order."""
    return typed_rows("synthetic/dirt", Dirt)


@cache
def measures() -> tuple[Measure, ...]:
    """Return the measures in book order."""
    return typed_rows("synthetic/measures", Measure)


def of_type(rows: dict[str, Row], type_code: str) -> Row:
    """Return the row of a type, else the one of its level."""
    return rows.get(type_code) or rows[facility_types()[type_code].level]


@dataclass(frozen=True)
class _Setting:
    name: str
    value: str


@dataclass(frozen=True)
class _Word:
    kind: str
    word: str


def as_number(name: str) -> float:
    """Return a plain parameter as a number."""
    return float(settings()[name])


def as_count(name: str) -> int:
    """Return a plain parameter as a whole number."""
    return int(settings()[name])


def by_weight(pairs: dict[Any, float]) -> tuple[list[Any], list[float]]:
    """Return what `random.choices` takes: the things and their weights."""
    return list(pairs), list(pairs.values())
