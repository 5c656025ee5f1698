"""What filled cells say, read once for each different cell: files say the same things many times.

What is remembered is bounded, and shared by all types that read an element in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from codes.elements import Field
from codes.facility_types import FacilityType
from codes.messages import language
from codes.text_fixes import is_clear_token
from registry.uploads.normalising.cell import CellValue, shown
from registry.uploads.normalising.identity import shown_for
from registry.uploads.normalising.row import read_cell, read_type
from registry.uploads.source import is_blank

REMEMBERED: Final = 2_000
"""Different cells that are remembered of an element."""

READERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A filled cell: what it shows, what it says, or that it asks to clear the field."""

    seen: str
    read: CellValue
    clears: bool = False


@dataclass(frozen=True, slots=True)
class TypeReading:
    """The cell of the type: what it shows, the type, the rule to say, and what fills its words."""

    seen: str
    type: FacilityType | None
    rule: str | None
    params: Mapping[str, Any]


Reader = Callable[[object], Reading | None]
"""Gives None for a cell that holds nothing; a cell without a value is not to be asked."""


def reader_of(field: Field, header_unit: str | None) -> Reader:
    """Return what reads the cells of an element whose header names a unit, or none."""
    return _reader(_as_read(field), header_unit, language())


def type_reader() -> Callable[[object], TypeReading | None]:
    """Return what reads the cells that name a type."""
    return _type_reader(language())


def _as_read(field: Field) -> Field:
    """The field without what differs by type and does not matter to what its cells say."""
    return replace(field, requirement="", note_zh="", note_en="", example=None)


@lru_cache(maxsize=READERS)
def _reader(field: Field, header_unit: str | None, _language: str) -> Reader:
    """The language is part of what is said of a cell: names that are near."""

    @lru_cache(maxsize=REMEMBERED, typed=True)
    def read(cell: object) -> Reading | None:
        if is_blank(cell):
            return None
        if isinstance(cell, str) and is_clear_token(cell):
            return Reading(shown(cell), CellValue(None), clears=True)
        said = read_cell(cell, field.key, field, header_unit)
        return Reading(shown_for(said.problem, cell), said)

    return read


@lru_cache(maxsize=READERS)
def _type_reader(_language: str) -> Callable[[object], TypeReading | None]:
    @lru_cache(maxsize=REMEMBERED, typed=True)
    def read(cell: object) -> TypeReading | None:
        if is_blank(cell):
            return None
        kind, rule, params = read_type(cell)
        return TypeReading(shown_for(None if kind else rule, cell), kind, rule, params)

    return read
