"""Ask about new rows of one file that seem to be one facility."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Protocol

from codes.datums import to_cgcs2000
from codes.upload_limits import limit
from registry.uploads.judged import Judged
from registry.uploads.numbers_kept import Numbers
from registry.uploads.placing.points import CONVERTIBLE, point_of
from registry.uploads.proposing.apart import Apart, row_digest
from registry.uploads.proposing.keys import same_text
from registry.uploads.proposing.likeness import great_circle_m
from registry.uploads.proposing.parts import core_of, parts_of
from registry.uploads.repeated import short_key

ALIKE: Final = "row_alike"
ALIKE_ROWS: Final = "alike_rows"
"""The parameter of the finding that says which rows it asks about: of each digest, sheet, row."""

COMPARED: Final = ("type", "name", "address", "longitude", "latitude", "datum", "operator_uscc")


@dataclass(frozen=True)
class Earlier:
    """What a later row is compared with of a row judged before it.

    `previous` is the place of the row of that name before it.
    """

    sheet: str
    number: int
    county: str
    whole: Mapping[str, Any]
    previous: int | None = None

    @property
    def digest(self) -> str:
        """What identifies the row, see `registry.uploads.proposing.apart`."""
        return row_digest(str(self.whole["type"]), self.county, self.whole)


class Kept(Protocol):
    """Rows judged before, by their place; a list, or something that takes less memory."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, place: int, /) -> Earlier:
        """Return the row at a place."""

    def append(self, row: Earlier, /) -> object:
        """Keep one more row."""


class Likenesses:
    """Asks about each new row that an earlier new one seems to be, but for how its name is written.

    The names are the same without divisions and legal form, abbreviations written out, and so is
    the place; or the operator, where the places cannot be compared. Rows that were told apart are
    not asked about again.
    """

    def __init__(self, kept: Kept, last: Numbers, apart: Apart) -> None:
        """Keep new rows in `kept`, and in `last` the place of the latest of each name."""
        self._kept, self._last, self._apart = kept, last, apart

    def ask(self, row: Judged) -> int | None:
        """Look at one more row, in the order of the file; return its place among those kept.

        None for a row that is registered, rejected, or not known well enough to be compared.
        """
        name, kind, county = row.whole.get("name"), row.type, row.county
        if row.registered or kind is None or county is None or row.rejected:
            return None
        if not isinstance(name, str) or "code" in row.row.fields:
            return None
        key = short_key((kind.class_code, county, core_of(name, county)))
        at, place = self._last.get(key), len(self._kept)
        compared: dict[str, Any] = {one: row.whole[one] for one in COMPARED if one in row.whole}
        mine = Earlier(row.row.sheet, row.row.number, county, compared, at)
        self._last[key] = place
        self._kept.append(mine)
        if at is not None and not row.said_new:
            ask_about(row, "name", name, [*islice(self._alike(mine), limit("alike_rows"))])
        return place

    def _alike(self, mine: Earlier) -> Iterator[Earlier]:
        """Yield the rows that a row seems to be and was not told apart from, the first first."""
        others = (one for one in reversed([*self._before(mine.previous)]) if _is_alike(one, mine))
        if (first := next(others, None)) is None:
            return
        apart = self._apart.of(mine.digest)
        yield from (one for one in (first, *others) if one.digest not in apart)

    def _before(self, at: int | None) -> Iterator[Earlier]:
        """Yield the row at a place and those of its name before it, the latest first."""
        while at is not None:
            yield (one := self._kept[at])
            at = one.previous


def ask_about(
    row: Judged, element: str, value: str, others: Sequence[Earlier], **params: Any
) -> None:
    """Ask whether a row is one of others; if it was asked before, the question is about them too.

    Nothing is asked about no others.
    """
    told = [(one.digest, one.sheet, one.number) for one in others]
    for at, asked in enumerate(row.findings):
        if asked.rule == ALIKE:
            both = dict.fromkeys([*asked.params[ALIKE_ROWS], *told])
            row.findings[at] = replace(asked, params={**asked.params, ALIKE_ROWS: [*both]})
            return
    if others:
        row.report(
            ALIKE,
            element,
            value=value,
            first=others[0].number,
            other_name=str(others[0].whole["name"]),
            sheet_named_sheet=others[0].sheet if others[0].sheet != row.row.sheet else "",
            alike_rows=told,
            **params,
        )


def _is_alike(one: Earlier, other: Earlier) -> bool:
    mine, theirs = (parts_of(str(row.whole["name"]), row.county) for row in (one, other))
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


def _metres_apart(one: Earlier, other: Earlier) -> float | None:
    places = []
    for point in (point_of(one.whole), point_of(other.whole)):
        if point is None or point[2] not in CONVERTIBLE:
            return None
        places.append(to_cgcs2000(point[0], point[1], str(point[2])))
    return great_circle_m(*places[0], *places[1])
