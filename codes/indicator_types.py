"""What a plan's table of indicators consists of: plan, numbered row, part, cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from codes.indicator_values import FIVE_YEARS, Reading, meets

Role = Literal["base", "target", "actual", "province_target"]
Direction = Literal["higher", "lower", "interval", "none"]


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
