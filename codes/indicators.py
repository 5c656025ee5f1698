"""The indicators of the plans: what was measured, promised and reached (book `indicators`).

One `Indicator` is one numbered row of a plan's table; a row printed in parts (学前段, 义务段,
高中段) has its figures in `parts`. Raw text and typed reading stand side by side in every `Figure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final, Literal

from codes.book import load_book
from codes.errors import DataError, UsageError
from codes.indicator_values import FIVE_YEARS, Reading, fits_direction, meets, parse
from codes.typed_rows import typed_rows

Role = Literal["base", "target", "actual", "province_target"]
Direction = Literal["higher", "lower", "interval", "none"]

_FIGURE_COLUMN: Final = re.compile(r"(base|target|actual|province_target)_(\d{4})")


@dataclass(frozen=True)
class Plan:
    """A document with a table of indicators. `rows` is how many numbered rows the table has."""

    code: str
    name_zh: str
    name_en: str
    city_code: str
    document_zh: str
    document_en: str
    stage: str
    issued_on: str
    end_year: int
    seed_file: str
    table_zh: str
    table_en: str
    rows: int
    base_year: int | None = None
    note_zh: str = ""
    note_en: str = ""

    @property
    def start_year(self) -> int:
        """The base year; of a plan that states none, five years before its end."""
        return self.base_year or self.end_year - FIVE_YEARS

    @property
    def years(self) -> range:
        """The years of the plan, from the one after the base to its last."""
        return range(self.start_year + 1, self.end_year + 1)


@dataclass(frozen=True)
class Figure:
    """One cell of a table. `year` is the year it speaks of: the cell's own, else its column's."""

    role: Role
    column_year: int
    raw: str
    reading: Reading

    @property
    def year(self) -> int:
        """The year the figure holds for."""
        return self.reading.year or self.column_year


@dataclass(frozen=True)
class Part:
    """One part of a row, with figures of its own."""

    code: str
    name_zh: str
    name_en: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Indicator:
    """One numbered row. `number` counts within `section` where a plan has sections.

    `zero_at` is where the degree of an interval is 0, on either side. `unplaced` is a cell whose
    column the source does not tell. `departments` are names as the
    document uses them, simplified. The `_raw` fields are the source's own text.
    """

    code: str
    plan: str
    number: int
    area: str
    category_code: str
    name_zh: str
    name_en: str
    direction: Direction
    name_raw: str
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...] = ()
    section: str | None = None
    subarea: str | None = None
    unit: str = ""
    attribute: str | None = None
    departments: tuple[str, ...] = ()
    zero_at: tuple[float, float] | None = None
    unplaced: str | None = None
    area_raw: str | None = None
    departments_raw: str | None = None
    note_zh: str = ""
    note_en: str = ""

    def of(self, role: Role) -> tuple[Figure, ...]:
        """Return the figures that play `role`, in order of their columns' years."""
        return tuple(figure for figure in self.figures if figure.role == role)

    @property
    def label(self) -> str:
        """The number as the plan has it: 9, or A3 where there are sections."""
        return numbered(self.section, self.number)

    @property
    def is_plan_total(self) -> bool:
        """Whether the plan asks for a total over all its years, which tables bracket: [125]."""
        return any(figure.reading.kind == "sum" for figure in self.of("target"))

    def name(self, lang: str, part: Part | None = None) -> str:
        """Return the name in zh or en, with that of a part."""
        if part is None:
            return self.name_en if lang == "en" else self.name_zh
        return (
            f"{self.name_en} ({part.name_en})"
            if lang == "en"
            else f"{self.name_zh}（{part.name_zh}）"
        )

    @property
    def met(self) -> bool | None:
        """Whether the actual value reached the target of its year, by our reading of both."""
        actual = self.of("actual")
        target = [figure for figure in self.of("target") if figure.column_year == _latest(actual)]
        return meets(target[0].reading, actual[0].reading, self.direction) if target else None


def numbered(section: str | None, number: int, part: str | None = None) -> str:
    """Return the number a row or one of its parts goes by in its table.

    >>> numbered(None, 9, "a"), numbered("A", 3)
    ('9a', 'A3')
    """
    return f"{section or ''}{number}{part or ''}"


def _latest(figures: tuple[Figure, ...]) -> int | None:
    return max((figure.column_year for figure in figures), default=None)


@cache
def plans() -> dict[str, Plan]:
    """Return the documents by code, in book order."""
    return {row.code: row for row in typed_rows("indicator_plans", Plan)}


@cache
def indicators() -> dict[str, Indicator]:
    """Return the numbered rows of all plans by code, in book order.

    Raises DataError `evaluate.interval_unfit` for a target that does not fit its direction.
    """
    return read_indicators(load_book("indicators").rows)


def read_indicators(rows: Iterable[Mapping[str, Any]]) -> dict[str, Indicator]:
    """Return rows of the book as `indicators` does."""
    grouped = (list(lines) for _, lines in groupby(rows, key=_numbered))
    found = {row.code: row for row in map(_indicator, grouped)}
    for row in found.values():
        _check_intervals(row)
    return found


def indicators_of(plan: str) -> tuple[Indicator, ...]:
    """Return the rows of one plan in the table's order.

    Raises UsageError `evaluate.plan_unknown` (params seen, known).
    """
    if plan not in plans():
        raise UsageError("evaluate.plan_unknown", seen=plan, known="、".join(plans()))
    return tuple(row for row in indicators().values() if row.plan == plan)


def find_indicator(code: str) -> Indicator:
    """Return the row with this code, or the row a part's code belongs to.

    Raises DataError `evaluate.indicator_unknown` (param seen).
    """
    found = indicators().get(code) or indicators().get(code[:-1])
    if found is None or (found.code != code and code not in {part.code for part in found.parts}):
        raise DataError("evaluate.indicator_unknown", seen=code)
    return found


def _numbered(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["plan"], row.get("section"), row["number"]


def _indicator(lines: list[Mapping[str, Any]]) -> Indicator:
    first = lines[0]
    known = Indicator.__dataclass_fields__
    facts = {key: value for key, value in first.items() if key in known}
    facts["departments"] = tuple(first.get("departments", ()))
    if first["direction"] == "interval":
        facts["zero_at"] = (first["zero_below"], first["zero_above"])
    if "part" not in first:
        return Indicator(**facts, figures=_figures(first))
    facts["code"] = first["code"][:-1]
    parts = (Part(row["code"], row["part"], row["part_en"], _figures(row)) for row in lines)
    return Indicator(**facts, figures=(), parts=tuple(parts))


def _check_intervals(row: Indicator) -> None:
    for figure in (*row.figures, *(one for part in row.parts for one in part.figures)):
        fits = fits_direction(figure.reading, row.direction, row.zero_at)
        if figure.role == "target" and not fits:
            about = {"indicator": row.code, "seen": figure.raw, "bounds": row.zero_at}
            raise DataError("evaluate.interval_unfit", **about)


def _figures(row: Mapping[str, Any]) -> tuple[Figure, ...]:
    return tuple(sorted(_read_figures(row), key=lambda figure: figure.column_year))


def _read_figures(row: Mapping[str, Any]) -> Iterator[Figure]:
    for column, raw in row.items():
        if found := _FIGURE_COLUMN.fullmatch(column):
            role: Role = found[1]  # type: ignore[assignment]
            yield Figure(role, int(found[2]), raw, parse(raw))
