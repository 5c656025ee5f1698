"""Find rows of one file that say the same facility again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from codes import facility_code
from codes.identifier_schemes import identifier_schemes
from registry.uploads.judged import Judged
from registry.uploads.numbers_kept import Numbers, first_of
from registry.uploads.proposing.keys import key_of, name_key

Key = tuple[str, ...]

IN_QUESTION: Final = frozenset({"code_of_another", "identifier_conflict", "registered_unlike"})
"""Questions whether the code or number of a row is its own: it may be that of another row."""

SHEET_SHIFT: Final = 32
ROW_MASK: Final = (1 << SHEET_SHIFT) - 1


class Repetitions:
    """Reports each row that repeats an earlier one, naming the first; one finding a row."""

    def __init__(self, first: Numbers) -> None:
        """Remember in `first` where each key was met."""
        self._first = first
        self._sheets: list[str] = []

    def report(self, row: Judged) -> None:
        """Look at one more row, in the order of the file."""
        here = self._number_of(row)
        for key in keys_of(row):
            earlier = first_of(self._first, short_key(key), here)
            if earlier != here:
                sheet = self._sheets[earlier >> SHEET_SHIFT]
                report_repeat(row, key, earlier & ROW_MASK, sheet)
                break

    def _number_of(self, row: Judged) -> int:
        if row.row.sheet not in self._sheets:
            self._sheets.append(row.row.sheet)
        return self._sheets.index(row.row.sheet) << SHEET_SHIFT | row.row.number


def report_repeat(row: Judged, key: Key, first: int, sheet: str) -> None:
    """Report that a row has a key of the row `first`, which stands in a sheet."""
    row.report(
        "row_repeated",
        None if key[0] in ("facility", "place") else key[0],
        value=str(row.whole.get("name", "")),
        first=first,
        sheet_named_sheet=sheet if sheet != row.row.sheet else "",
        by_repetition=list(key),
    )


def short_key(key: Key) -> bytes:
    """Stand for a key in twelve bytes: a million are no burden, and no two are the same."""
    return hashlib.blake2b("\0".join(key).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def keys_of(row: Judged) -> Iterator[Key]:
    """Yield what no two rows share: code, facility, a number of a scheme, or type, place, name.

    Nothing of a row whose code is in question: the row that is that facility is no repetition.
    """
    if any(one.rule in IN_QUESTION for one in row.findings):
        return
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
