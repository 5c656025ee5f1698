"""The point and the address against the division the row declares."""

from __future__ import annotations

from collections.abc import Iterator

from registry.uploads.judged import Context, Judged
from registry.uploads.placing.address import county_named
from registry.uploads.rules.hit import Hit


def point_outside_division(row: Judged, _context: Context) -> Iterator[Hit]:
    """A point outside its division, whatever its datum."""
    if row.stray and not row.stray.fitting and not _is_asked(row):
        yield Hit("longitude", {**row.stray.params, **row.whose("longitude", ["division"])})


def point_far_outside(row: Judged, _context: Context) -> Iterator[Hit]:
    """A point so far outside that the division, which goes into the code, has to be asked about."""
    if row.stray and _is_asked(row):
        yield Hit("longitude", row.stray.params)


def address_elsewhere(row: Judged, context: Context) -> Iterator[Hit]:
    """An address that begins with another county of the same city."""
    if (said := _elsewhere(row, context)) and not _lies_in(row):
        yield said


def address_other_county(row: Judged, context: Context) -> Iterator[Hit]:
    """The same where the point is in the division: the address may be wrong or out of date."""
    if (said := _elsewhere(row, context)) and _lies_in(row):
        yield said


def _elsewhere(row: Judged, context: Context) -> Hit | None:
    address, county = row.whole.get("address"), row.county
    if county is None or not isinstance(address, str) or not _gets_code(row):
        return None
    named = county_named(address, county, context.today)
    if named is None or named == county:
        return None
    return Hit("address", {"division_division": county, "found_divisions": [named]})


def _is_asked(row: Judged) -> bool:
    return bool(row.stray and row.stray.far) and _gets_code(row)


def _gets_code(row: Judged) -> bool:
    """The row is a new facility whose division nobody has confirmed yet."""
    new = row.registered is None and "code" not in row.row.fields
    return new and not row.division_confirmed


def _lies_in(row: Judged) -> bool:
    """The point is in the county: then division and point agree against the address."""
    found = row.proposal.candidates if row.proposal else ()
    return any(one.county_code == row.county and one.distance_m == 0 for one in found)


def datum_suspected(row: Judged, _context: Context) -> Iterator[Hit]:
    """A point outside its division that would be inside under another datum."""
    if row.stray and row.stray.fitting:
        said = {
            "datum": row.whole.get("datum", "-"),
            "suspected": list(row.stray.fitting),
            "division_division": row.stray.params["division_division"],
            **row.whose("longitude", ["division"]),
        }
        yield Hit("datum", said)
