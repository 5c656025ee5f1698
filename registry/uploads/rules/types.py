"""The facility's type: in use, owned by who sends it, and carrying what the row reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from codes.facility_types import facility_types
from codes.owning import submitters_of
from registry.uploads.judged import Context, Judged
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.row import not_carried
from registry.uploads.rules.hit import Hit

REQUIRED_OF_ALL: Final = frozenset({"name", "type", "division", "status", "as_of"})


def type_ended(row: Judged, context: Context) -> Iterator[Hit]:
    """A type that is no longer in use."""
    if row.type and row.type.valid_to and row.type.valid_to <= context.today.isoformat():
        yield Hit("type", {"until": row.type.valid_to}, row.type.name_zh)


def type_not_owned(row: Judged, context: Context) -> Iterator[Hit]:
    """A facility whose type other departments submit than the one that sends the file."""
    kind = row.type
    if kind and context.sender and context.sender not in submitters_of(kind.code):
        params = {
            "type_type": kind.code,
            "owners_departments": kind.department_codes,
            "sender_department": context.sender,
        }
        yield Hit("type", params, kind.name_zh)


def department_not_owner(row: Judged, _context: Context) -> Iterator[Hit]:
    """A department in charge that does not own the type."""
    department = row.row.fields.get("department")
    if row.type and department and department not in row.type.department_codes:
        params = {
            "department_department": department,
            "type_type": row.type.code,
            "owners_departments": row.type.department_codes,
        }
        yield Hit("department", params)


def type_changed(row: Judged, _context: Context) -> Iterator[Hit]:
    """A registered facility that the file gives another type."""
    given = row.row.fields.get("type")
    if row.registered and given and given != row.registered.fields["type"]:
        registered = str(row.registered.fields["type"])
        if registered in facility_types():
            params = {
                "code_facility": row.registered.code,
                "registered_type": registered,
                "type_type": given,
            }
            yield Hit("type", params)


def capability_not_carried(row: Judged, _context: Context) -> Iterator[Hit]:
    """A value in a column that the row's type does not have; it is not used."""
    for key in not_carried(row.row):
        if row.type:
            yield Hit(key, {"type_type": row.type.code}, shown(row.row.fields[key]))


def clear_required(row: Judged, _context: Context) -> Iterator[Hit]:
    """A request to clear what every facility must have."""
    if row.type is None:
        return
    for key in sorted(row.row.cleared):
        if key in REQUIRED_OF_ALL:
            yield Hit(key)
