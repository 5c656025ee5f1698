"""Find rows of one file that say the same facility again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codes import facility_code
from codes.identifier_schemes import identifier_schemes
from registry.uploads.judged import Judged
from registry.uploads.proposing.identify import key_of
from registry.uploads.proposing.keys import name_key

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
