"""What a plan asks of a year, from the figures its table prints; words and pairs stay words.

A year the plan names has its target stated. Between base and target it is read off a straight line,
unless the base has met the target already or the plan says 保持: then the target itself holds. Of a
five-year total the year's share is asked; an interval holds for every year of the plan. After the
last year the last target holds. Which of these it was is always said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from codes.book import load_book
from codes.indicator_values import Comparator, Reading, meets
from codes.indicators import Figure, Indicator, Plan
from codes.messages import language, text
from registry.evaluation.achievement import target_in
from registry.evaluation.scope import start_of
from registry.evaluation.worked import Reason, Words

How = Literal["stated", "linear", "kept", "share", "held", "range"]

NUMERIC: Final = ("number", "sum")


@dataclass(frozen=True)
class Target:
    """The target of one year: a `value`, or an interval to be `between`, its ends included.

    With neither the `reason` says why nothing is measured by it. `raw` is the cell it comes from,
    `for_year` that cell's year, `reading` what it says. `base` and `base_year` are where the way to
    it began, None where the table prints no number, or one that had met the target already, so that
    there is no way to go.
    """

    raw: str | None
    for_year: int | None
    reading: Reading | None
    value: float | None = None
    between: tuple[float, float] | None = None
    how: How | None = None
    base: float | None = None
    base_year: int | None = None
    end: float | None = None
    end_year: int | None = None
    reason: Reason | None = None

    @property
    def is_set(self) -> bool:
        """Whether something is asked that a number can be measured by."""
        return self.value is not None or self.between is not None

    @property
    def comparator(self) -> str | None:
        """The comparator the plan wrote, None where there is no number to compare with."""
        return None if self.reading is None or self.between else self.reading.comparator

    def elapsed(self, year: int) -> float | None:
        """Return the share of the plan's time that is over, None without a base."""
        if self.base_year is None or self.end_year is None or self.end_year == self.base_year:
            return None
        return (year - self.base_year) / (self.end_year - self.base_year)

    def met(self, value: float, direction: str) -> bool | None:
        """Say whether a value reaches the target, by the comparator the plan wrote."""
        if self.reading is None or not self.is_set:
            return None
        if self.value is None:
            return meets(self.reading, number(value), direction)
        wanted = number(self.value, self.reading.comparator)
        return meets(wanted, number(value), direction)

    def how_shown(self) -> str | None:
        """Say where the year's target is from, in the language in use."""
        if self.how is None:
            return None
        return text(f"evaluate.target.{self.how}", raw=self.raw, year=self.for_year)


def target_of(row: Indicator, figures: Sequence[Figure], plan: Plan, year: int) -> Target:
    """Return what the plan asks for in `year`; `figures` are the row's or one part's."""
    stated = [figure for figure in figures if figure.role == "target"]
    if not stated:
        loose = row.unplaced
        reason = _reason("loose_figure", seen=loose) if loose else _reason("no_target")
        return Target(None, None, None, reason=reason)
    base = _base(figures)
    first = plan.base_year or start_of(plan)
    if year <= first:
        nearest = stated[0]
        return _of(nearest, reason=_reason("before_plan", year=year, first=first + 1))
    if intervals := [figure for figure in stated if figure.reading.kind == "interval"]:
        return _between(intervals, year)
    numeric = [figure for figure in stated if _is_numeric(figure)]
    if not numeric:
        return _of(stated[-1], reason=_of_words(stated[-1]))
    asked = next((figure for figure in numeric if figure.year >= year), numeric[-1])
    return _in_year(asked, numeric, base, first, year, row.direction)


def number(value: float, comparator: Comparator = "=") -> Reading:
    """Return a plain number as a reading, without the noise of binary fractions."""
    return Reading("number", (Decimal(str(round(value, 9))),), comparator)


def _in_year(
    asked: Figure,
    numeric: Sequence[Figure],
    base: Figure | None,
    first: int,
    year: int,
    direction: str,
) -> Target:
    end = _number(asked)
    way: dict[str, Any]
    if asked.reading.kind == "sum":
        share = min((year - first) / (asked.year - first), 1.0)
        how: How = "stated" if year == asked.year else "held" if year > asked.year else "share"
        way = {"base": 0.0, "base_year": first, "end": end, "end_year": asked.year}
        return _of(asked, value=end * share, how=how, **way)
    base = base if base and base.reading.kind == "number" else None
    way = {"end": _number(numeric[-1]), "end_year": numeric[-1].year}
    if base and not meets(numeric[-1].reading, base.reading, direction):
        way |= {"base": _number(base), "base_year": base.year}
    if year >= asked.year:
        return _of(asked, value=end, how="stated" if year == asked.year else "held", **way)
    if asked.reading.hold or (base and meets(asked.reading, base.reading, direction)):
        return _of(asked, value=end, how="kept", **way)
    points = {figure.year: _number(figure) for figure in numeric}
    if base:
        points[base.year] = _number(base)
    found = target_in(year, points)
    if found is None:
        return _of(asked, reason=_reason("no_way", year=year, target=asked.year), **way)
    return _of(asked, value=found.value, how="linear", **way)


def _between(intervals: Sequence[Figure], year: int) -> Target:
    asked = next((figure for figure in intervals if figure.year >= year), intervals[-1])
    how: How = "stated" if year == asked.year else "held" if year > asked.year else "range"
    low, high = map(float, asked.reading.numbers)
    return _of(asked, between=(low, high), how=how, end_year=asked.year)


def _of(figure: Figure, **given: Any) -> Target:
    return Target(figure.raw, figure.year, figure.reading, **given)


def _base(figures: Sequence[Figure]) -> Figure | None:
    base = [figure for figure in figures if figure.role == "base" and _is_numeric(figure)]
    return base[-1] if base else None


def _is_numeric(figure: Figure) -> bool:
    return figure.reading.kind in NUMERIC and figure.reading.number is not None


def _number(figure: Figure) -> float:
    return float(figure.reading.number or 0)


def _of_words(figure: Figure) -> Reason:
    kind = figure.reading.kind
    if kind == "pair":
        return _reason("pair", seen=figure.raw)
    if kind == "by_place":
        return _reason("by_place", seen=figure.raw)
    return _reason("word", seen=figure.raw, meaning=Words(_meaning_beside, figure.raw))


def word_meaning(raw: str) -> str:
    """Return what a word or empty cell of a table means, in the language in use."""
    row = load_book("indicator_words").by_key()[raw.strip()]
    return str(row[f"name_{language()}"])


def _meaning_beside(raw: str) -> str:
    meaning = word_meaning(raw)
    return "" if meaning == raw.strip() else text("evaluate.word.in_brackets", words=meaning)


def _reason(name: str, **params: Any) -> Reason:
    return Reason(f"evaluate.not_rated.{name}", params)
