"""Which department may submit and approve a type of facility, and which owns an element.

The departments a type names do all three; the book `owning` holds what goes beyond.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.facility_types import FacilityType, find_type
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class OwningRule:
    """One rule beyond the type's departments; `action` is submit, approve or own."""

    code: str
    action: str
    department_codes: tuple[str, ...]
    carried_by: tuple[str, ...]
    name_zh: str
    name_en: str
    source: str
    valid_from: str
    verified_on: str
    elements: tuple[str, ...] = ()
    valid_to: str | None = None


@cache
def owning_rules() -> dict[str, OwningRule]:
    """Return the rules by code, in book order; ended ones too."""
    return {row.code: row for row in typed_rows("owning", OwningRule)}


@cache
def submitters_of(type_code: str) -> tuple[str, ...]:
    """Return the codes of the departments that may submit the type: its own first."""
    return _allowed(find_type(type_code), "submit")


def approvers_of(type_code: str) -> tuple[str, ...]:
    """Return the codes of the departments that may approve the type: its own first."""
    return _allowed(find_type(type_code), "approve")


def owners_of(type_code: str, element: str) -> tuple[str, ...]:
    """Return the codes of the departments whose word counts for one element of the type."""
    facility_type = find_type(type_code)
    for row in _rules_for(facility_type, "own"):
        if element in row.elements:
            return row.department_codes
    return facility_type.department_codes


def _allowed(facility_type: FacilityType, action: str) -> tuple[str, ...]:
    more = (code for row in _rules_for(facility_type, action) for code in row.department_codes)
    return tuple(dict.fromkeys((*facility_type.department_codes, *more)))


def _rules_for(facility_type: FacilityType, action: str) -> list[OwningRule]:
    return [
        row
        for row in owning_rules().values()
        if row.action == action
        and row.valid_to is None
        and facility_type.code.startswith(row.carried_by)
    ]
