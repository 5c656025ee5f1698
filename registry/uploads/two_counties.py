"""Ask about rows of one name and one address that are said to stand in two counties."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from registry.uploads.judged import Judged
from registry.uploads.proposing.keys import name_key
from registry.uploads.remembered import Numbers, first_of

RULE: Final = "row_alike"
"""The same question as of rows alike in one county, with the same answers."""

COUNTIES: Final = 10**6
ROWS: Final = 2**32


class TwoCounties:
    """Asks about each new row whose name and numbered address stood in another county before."""

    def __init__(self, first: Numbers) -> None:
        """Remember in `first` of each place one number: sheet, county's six digits, row."""
        self._first = first
        self._sheets: list[str] = []

    def ask(self, row: Judged) -> None:
        """Look at one more row, in the order of the file."""
        name, address = row.whole.get("name"), row.whole.get("address")
        if row.registered or row.type is None or row.county is None or row.rejected:
            return
        if "code" in row.row.fields or not isinstance(name, str) or not _is_numbered(address):
            return
        words = "\0".join((row.type.class_code, name_key(name), name_key(str(address))))
        key = hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        sheet, county, number = self._unpacked(first_of(self._first, key, self._packed(row)))
        if county == row.county or row.said_new or any(one.rule == RULE for one in row.findings):
            return
        row.report(
            RULE,
            "division",
            value=row.row.seen.get("division", row.county),
            first=number,
            other_name=name,
            sheet_named_sheet=sheet if sheet != row.row.sheet else "",
            how_likeness=county,
        )

    def _packed(self, row: Judged) -> int:
        if row.row.sheet not in self._sheets:
            self._sheets.append(row.row.sheet)
        place = self._sheets.index(row.row.sheet) * COUNTIES + int(row.county or 0)
        return place * ROWS + row.row.number

    def _unpacked(self, packed: int) -> tuple[str, str, int]:
        place, number = divmod(packed, ROWS)
        sheet, county = divmod(place, COUNTIES)
        return self._sheets[sheet], f"{county:06d}", number


def ask_if_in_two_counties(rows: Iterable[Judged]) -> None:
    """Ask about the rows of a file; see `TwoCounties`."""
    seen = TwoCounties({})
    for row in rows:
        seen.ask(row)


def _is_numbered(address: object) -> bool:
    """Whether an address tells one house; 村委会 is an address in every village."""
    return isinstance(address, str) and any(one.isdigit() for one in address)
