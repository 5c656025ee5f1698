"""Find rows of one file that say the same facility again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from codes import facility_code
from codes.datums import to_cgcs2000
from codes.identifier_schemes import identifier_schemes
from codes.upload_limits import limit
from registry.uploads.judged import Judged
from registry.uploads.placing.points import CONVERTIBLE, point_of
from registry.uploads.proposing.keys import key_of, name_key, same_text
from registry.uploads.proposing.likeness import great_circle_m
from registry.uploads.proposing.parts import parts_of
from registry.uploads.remembered import Numbers, first_of

Key = tuple[str, ...]

SHEET_SHIFT: Final = 32
ROW_MASK: Final = (1 << SHEET_SHIFT) - 1
COMPARED: Final = ("name", "address", "longitude", "latitude", "datum", "operator_uscc")


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


class Kept(Protocol):
    """Rows judged before, by their place; a list, or something that takes less memory."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, place: int, /) -> Earlier:
        """Return the row at a place."""

    def append(self, row: Earlier, /) -> object:
        """Keep one more row."""


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


class Likenesses:
    """Asks about each new row that an earlier new one seems to be, but for how its name is written.

    The names are the same without divisions and legal form, abbreviations written out, and so is
    the place; or the operator, where the places cannot be compared.
    """

    def __init__(self, kept: Kept, last: Numbers) -> None:
        """Keep new rows in `kept`, and in `last` the place of the latest of each name."""
        self._kept, self._last = kept, last

    def ask(self, row: Judged) -> None:
        """Look at one more row, in the order of the file."""
        if row.registered or row.type is None or row.county is None or row.rejected:
            return
        name = row.whole.get("name")
        if not isinstance(name, str) or "code" in row.row.fields:
            return
        core = parts_of(name, row.county).core
        key = short_key((row.type.class_code, row.county, core))
        at, compared = self._last.get(key), _compared(row.whole)
        mine = Earlier(row.row.sheet, row.row.number, row.county, compared, at)
        alike = next((one for one in reversed([*self._before(at)]) if _is_alike(one, mine)), None)
        self._last[key] = len(self._kept)
        self._kept.append(mine)
        if alike and not row.said_new:
            row.report(
                "row_alike",
                "name",
                value=name,
                first=alike.number,
                other_name=str(alike.whole["name"]),
                sheet_named_sheet=alike.sheet if alike.sheet != row.row.sheet else "",
            )

    def _before(self, at: int | None) -> Iterator[Earlier]:
        """Yield the row at a place and those of its name before it, the latest first."""
        while at is not None:
            yield (one := self._kept[at])
            at = one.previous


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


def report_repeated(rows: Iterable[Judged]) -> None:
    """Report each row that repeats an earlier one, naming the first; one finding a row."""
    repetitions = Repetitions({})
    for row in rows:
        repetitions.report(row)


def ask_if_alike(rows: Iterable[Judged]) -> None:
    """Ask about each new row that an earlier new one seems to be; see `Likenesses`."""
    likenesses = Likenesses([], {})
    for row in rows:
        likenesses.ask(row)


def short_key(key: Key) -> bytes:
    """Stand for a key in twelve bytes: a million are no burden, and no two are the same."""
    return hashlib.blake2b("\0".join(key).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _compared(whole: Mapping[str, Any]) -> dict[str, Any]:
    return {key: whole[key] for key in COMPARED if key in whole}


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
