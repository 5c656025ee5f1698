"""Ask about rows of one name and one address that are said to stand in two counties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Final

from registry.uploads.alike import Earlier, Kept, ask_about
from registry.uploads.judged import Judged
from registry.uploads.numbers_kept import Numbers, first_of
from registry.uploads.proposing.apart import Apart
from registry.uploads.proposing.keys import name_key
from registry.uploads.repeated import short_key

_DIGIT: Final = re.compile("[0-9]")


class TwoCounties:
    """Asks about each new row whose name and numbered address stood in another county before.

    It is the same question as of rows alike in one county, with the same answers.
    """

    def __init__(self, kept: Kept, first: Numbers, apart: Apart) -> None:
        """Take from `kept` the rows whose places in it are remembered in `first`."""
        self._kept, self._first, self._apart = kept, first, apart

    def ask(self, row: Judged, place: int) -> None:
        """Look at one more row, which is kept at a place."""
        name, address = str(row.whole["name"]), row.whole.get("address")
        if row.type is None or not _is_numbered(address):
            return
        words = row.type.class_code, name_key(name), name_key(str(address))
        others = [*self._elsewhere(words, str(row.county), place)]
        if not others or row.said_new:
            return
        apart = self._apart.of_row(row)
        others = [one for one in others if one.digest not in apart]
        if others:
            shown = row.row.seen.get("division", row.county)
            county = others[0].county
            ask_about(row, "division", str(shown), others, how_likeness=county)

    def _elsewhere(self, words: tuple[str, ...], county: str, place: int) -> Iterator[Earlier]:
        """Yield the first row of each other county; remember a row of a county not met before."""
        for number in count():
            at = first_of(self._first, short_key((*words, str(number))), place)
            if at == place or (one := self._kept[at]).county == county:
                return
            yield one


def _is_numbered(address: object) -> bool:
    """Whether an address tells one house; 村委会 is an address in every village."""
    if not isinstance(address, str):
        return False
    return _DIGIT.search(address) is not None or any(one.isdigit() for one in address)
