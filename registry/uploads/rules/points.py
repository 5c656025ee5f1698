"""The point against the division the row declares."""

from __future__ import annotations

from collections.abc import Iterator

from registry.uploads.judged import Context, Judged
from registry.uploads.rules.hit import Hit


def point_outside_division(row: Judged, _context: Context) -> Iterator[Hit]:
    """A point outside its division, whatever its datum."""
    if row.stray and not row.stray.fitting:
        yield Hit("longitude", row.stray.params)


def datum_suspected(row: Judged, _context: Context) -> Iterator[Hit]:
    """A point outside its division that would be inside under another datum."""
    if row.stray and row.stray.fitting:
        said = {
            "datum": row.whole.get("datum", "-"),
            "suspected": list(row.stray.fitting),
            "division_division": row.stray.params["division_division"],
        }
        yield Hit("datum", said)
