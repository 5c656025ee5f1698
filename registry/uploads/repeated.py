"""Find rows of one file that say the same facility again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codes import facility_code
from codes.datums import to_cgcs2000
from codes.identifier_schemes import identifier_schemes
from codes.upload_limits import limit
from registry.uploads.judged import Judged
from registry.uploads.placing.points import CONVERTIBLE, point_of
from registry.uploads.proposing.identify import key_of
from registry.uploads.proposing.keys import name_key, same_text
from registry.uploads.proposing.likeness import great_circle_m
from registry.uploads.proposing.parts import parts_of

Key = tuple[str, ...]


def report_repeated(rows: Iterable[Judged]) -> None:
    """Report each row that repeats an earlier one, naming the first; one finding a row."""
    first: dict[Key, Judged] = {}
    for row in rows:
        for key in keys_of(row):
            earlier = first.setdefault(key, row)
            if earlier is not row:
                element = None if key[0] in ("facility", "place") else key[0]
                other = earlier.row
                sheet = other.sheet if other.sheet != row.row.sheet else ""
                row.report(
                    "row_repeated",
                    element,
                    value=str(row.whole.get("name", "")),
                    first=other.number,
                    sheet_named_sheet=sheet,
                    by_repetition=list(key),
                )
                break


def ask_if_alike(rows: Iterable[Judged]) -> None:
    """Ask about each new row that an earlier new one seems to be, but for how the name is written.

    The names are the same without divisions and legal form, abbreviations written out, and so is
    the place; or the operator, where the places cannot be compared.
    """
    earlier: dict[Key, list[Judged]] = {}
    for row in rows:
        if row.registered or row.type is None or row.county is None or row.rejected:
            continue
        name = row.whole.get("name")
        if not isinstance(name, str) or "code" in row.row.fields:
            continue
        key = (row.type.class_code, row.county, parts_of(name, row.county).core)
        alike = next((one for one in earlier.get(key, ()) if _is_alike(one, row)), None)
        earlier.setdefault(key, []).append(row)
        if alike and not row.said_new:
            sheet = alike.row.sheet if alike.row.sheet != row.row.sheet else ""
            row.report(
                "row_alike",
                "name",
                value=name,
                first=alike.row.number,
                other_name=str(alike.whole["name"]),
                sheet_named_sheet=sheet,
            )


def _is_alike(one: Judged, other: Judged) -> bool:
    mine, theirs = (parts_of(str(row.whole["name"]), str(row.county)) for row in (one, other))
    if not mine.same_name(theirs):
        return False
    addresses = one.whole.get("address"), other.whole.get("address")
    if same_text(*addresses):
        return True
    if all(addresses) and same_text(one.whole["name"], other.whole["name"]):
        return False  # the sender tells two of one name apart by their addresses
    metres = _metres_apart(one, other)
    if metres is None and not all(addresses):
        return same_text(one.whole.get("operator_uscc"), other.whole.get("operator_uscc"))
    return metres is not None and metres <= limit("near_metres")


def _metres_apart(one: Judged, other: Judged) -> float | None:
    places = []
    for point in (point_of(one.whole), point_of(other.whole)):
        if point is None or point[2] not in CONVERTIBLE:
            return None
        places.append(to_cgcs2000(point[0], point[1], str(point[2])))
    return great_circle_m(*places[0], *places[1])


def keys_of(row: Judged) -> Iterator[Key]:
    """Yield what no two rows share: code, facility, a number of a scheme, or type, place, name."""
    code = row.row.fields.get("code")
    if isinstance(code, str) and facility_code.is_valid(code):
        yield "code", facility_code.compact(code)
    for scheme in identifier_schemes():
        if scheme in row.row.fields and scheme not in row.row.troubled:
            yield scheme, str(row.row.fields[scheme])
    if row.registered is not None:
        yield "facility", row.registered.code
    elif place := key_of(row):
        yield "place", place, name_key(str(row.whole.get("address") or ""))
