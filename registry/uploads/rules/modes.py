"""What the sender said the file holds: new facilities, updates, or both."""

from __future__ import annotations

from collections.abc import Iterator

from registry.uploads.judged import Context, Judged
from registry.uploads.rules.hit import Hit


def mode_new_only(row: Judged, context: Context) -> Iterator[Hit]:
    """A registered facility in a file of new ones."""
    if context.mode == "new" and row.registered:
        params = {"code_facility": row.registered.code, "name": row.registered.name}
        yield Hit("name", params)


def mode_update_only(row: Judged, context: Context) -> Iterator[Hit]:
    """A new facility, or one nobody can tell, in a file of updates."""
    unknown = row.registered is None and not row.held and "code" not in row.row.fields
    if context.mode == "update" and context.compared and unknown:
        yield Hit("name")
