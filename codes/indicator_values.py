"""Read a figure as the plans print it: `>95`, `3.5以上`, `3~6`, `[125]`, `100/98`, `2.1(2019年)`.

`parse` gives a typed reading and never guesses: what it cannot read is an error. 以上 and 以下
include the number itself, 超过 and 不足 do not (Civil Code of China, article 1259).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from codes.book import load_book
from codes.errors import DataError

Kind = Literal["number", "interval", "sum", "pair", "by_place", "word", "none"]
Comparator = Literal["=", ">", ">=", "<", "<="]

FIVE_YEARS: Final = 5
"""What square brackets mean: a total of five years (note to Hangzhou's table 1)."""

_BEFORE: Final[Mapping[str, Comparator]] = {
    ">": ">",
    "<": "<",
    "≥": ">=",
    "≤": "<=",
    "超过": ">",
    "不足": "<",
    "不低于": ">=",
    "不少于": ">=",
}
_AFTER: Final[Mapping[str, Comparator]] = {"以上": ">=", "以下": "<=", "以内": "<="}
_COMPARE: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_BY_DIRECTION: Final[Mapping[str, Comparator]] = {"higher": ">=", "lower": "<="}
_NUMBER: Final = r"\d+(?:\.\d+)?"
_SUM: Final = re.compile(r"[\[〔](.+)[\]〕]")
_REMARK: Final = re.compile(r"(.+?)\((.+)\)")
_REMARK_YEAR: Final = re.compile(r"(\d{4})年(?:数值|数)?")
_SINGLE: Final = re.compile(
    rf"(?P<hold>保持在)?(?P<before>{'|'.join(_BEFORE)})?(?P<number>{_NUMBER})(?P<unit>%|‰)?"
    rf"(?P<after>{'|'.join(_AFTER)})?"
)
_INTERVAL: Final = re.compile(
    rf"(?P<hold>保持在)?(?P<low>{_NUMBER})(?P<unit>%|‰)?[~～—–至到-]"
    rf"(?P<high>{_NUMBER})(?P<unit_after>%|‰)?(?:之间)?"
)
_PAIR: Final = re.compile(rf"({_NUMBER})/({_NUMBER})")
_PLACE: Final = re.compile(rf"([^\d:/]+):({_NUMBER})")


@dataclass(frozen=True)
class Reading:
    """A figure, typed. `numbers` has one item, two for a pair or an interval, one a place for
    `by_place`.

    `unit` is only what stands in the cell itself; `year` only a year written there. `years` is the
    length of the period summed. `hold` marks 保持在. `meaning` is the code of a word or empty cell
    (book `indicator_words`).
    """

    kind: Kind
    numbers: tuple[Decimal, ...] = ()
    comparator: Comparator = "="
    unit: str | None = None
    year: int | None = None
    years: int = 1
    hold: bool = False
    remark: str | None = None
    places: tuple[tuple[str, ...], ...] = ()
    meaning: str | None = None

    @property
    def number(self) -> Decimal | None:
        """The one number of a single figure or sum, else None."""
        return self.numbers[0] if len(self.numbers) == 1 and not self.places else None


@cache
def parse(raw: str) -> Reading:
    """Return the typed reading of `raw`, the text of one cell.

    Raises DataError `evaluate.figure_unreadable` (param seen) for text of no known form.

    >>> reading = parse("保持在95%以上")
    >>> reading.comparator, reading.number, reading.unit, reading.hold
    ('>=', Decimal('95'), '%', True)
    """
    cell = raw.strip()
    known = load_book("indicator_words").by_key().get(cell)
    if known is not None:
        return Reading(known["kind"], meaning=known["meaning"])
    if bracketed := _SUM.fullmatch(cell):
        return replace(_single(bracketed[1], raw), kind="sum", years=FIVE_YEARS)
    if pair := _PAIR.fullmatch(cell):
        return Reading("pair", (Decimal(pair[1]), Decimal(pair[2])))
    if between := _INTERVAL.fullmatch(cell):
        return _interval(between, raw)
    return _by_place(cell, raw) if ":" in cell else _remarked(cell, raw)


def _single(cell: str, raw: str) -> Reading:
    found = _SINGLE.fullmatch(cell)
    if found is None or (found["before"] and found["after"]):
        raise DataError("evaluate.figure_unreadable", seen=raw)
    return Reading(
        "number",
        (Decimal(found["number"]),),
        _BEFORE.get(found["before"]) or _AFTER.get(found["after"]) or "=",
        unit=found["unit"],
        hold=bool(found["hold"]),
    )


def _interval(found: re.Match[str], raw: str) -> Reading:
    low, high = Decimal(found["low"]), Decimal(found["high"])
    if low >= high or (found["unit"] and found["unit"] != found["unit_after"]):
        raise DataError("evaluate.figure_unreadable", seen=raw)
    hold = bool(found["hold"])
    return Reading("interval", (low, high), unit=found["unit_after"], hold=hold)


def _by_place(cell: str, raw: str) -> Reading:
    parts = [_PLACE.fullmatch(part) for part in cell.split()]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        raise DataError("evaluate.figure_unreadable", seen=raw)
    places = tuple(tuple(part[1].split("、")) for part in found)
    return Reading("by_place", tuple(Decimal(part[2]) for part in found), places=places)


def _remarked(cell: str, raw: str) -> Reading:
    found = _REMARK.fullmatch(cell)
    if found is None:
        return _single(cell, raw)
    reading, remark = _single(found[1], raw), found[2]
    if year := _REMARK_YEAR.fullmatch(remark):
        return replace(reading, year=int(year[1]))
    return replace(reading, remark=remark)


def fits_direction(
    target: Reading, direction: str, zero_at: tuple[float, float] | None = None
) -> bool:
    """Say whether a target is one its direction can have.

    An interval belongs to the direction interval alone, and lies within `zero_at`.
    """
    if target.numbers and (target.kind == "interval") != (direction == "interval"):
        return False
    if not target.numbers or zero_at is None:
        return True
    (low, high), (below, above) = map(float, target.numbers), zero_at
    return below <= low < high <= above and (below, above) != (low, high)


def meets(target: Reading, actual: Reading, direction: str) -> bool | None:
    """Say whether `actual` reaches `target`; None when either has no figure to compare.

    A target without a comparator is a floor where higher is better and a ceiling where lower is;
    for other directions it cannot be judged. An interval is reached within, its ends included.
    Pairs are compared figure by figure, places all at once.
    """
    if not target.numbers or not actual.numbers or target.years != actual.years:
        return None
    if target.kind == "interval":
        low, high = target.numbers
        return all(low <= seen <= high for seen in actual.numbers)
    comparator = target.comparator if target.comparator != "=" else _BY_DIRECTION.get(direction)
    wanted = target.numbers * (len(actual.numbers) if len(target.numbers) == 1 else 1)
    if comparator is None or len(wanted) != len(actual.numbers):
        return None
    compare = _COMPARE[comparator]
    return all(compare(seen, bound) for seen, bound in zip(actual.numbers, wanted, strict=True))
