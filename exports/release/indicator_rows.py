"""The indicators' side of a release: one row a measured line, one row a printed figure.

A row that a table prints in parts (学前段, 义务段, 高中段) gives one line a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from codes.formula_words import in_words
from codes.formulas import Formula, formula_of
from codes.indicators import Figure, Indicator, Part, indicators
from codes.messages import speaking
from codes.unit_names import english_unit


@dataclass(frozen=True)
class Line:
    """One measured line: a numbered row, or one part of it."""

    row: Indicator
    part: Part | None = None

    @property
    def code(self) -> str:
        """The code results go by."""
        return self.part.code if self.part else self.row.code

    @property
    def part_letter(self) -> str | None:
        """The letter of the part, None for a whole row."""
        return self.part.code[-1] if self.part else None

    @property
    def name_zh(self) -> str:
        """The name, with the part's."""
        return self.row.name("zh", self.part)

    @property
    def name_en(self) -> str:
        """The name in English, with the part's."""
        return self.row.name("en", self.part)

    @property
    def unit_en(self) -> str:
        """The unit in English."""
        return english_unit(self.row.unit)

    @property
    def formula(self) -> Formula | None:
        """The formula that works it out."""
        return formula_of(self.row.code)

    @property
    def formula_code(self) -> str | None:
        """The code of the formula."""
        return self.formula.code if self.formula else None

    @property
    def formula_zh(self) -> str | None:
        """The formula in Chinese words."""
        return formula_words(self.formula, "zh")

    @property
    def formula_en(self) -> str | None:
        """The formula in English words."""
        return formula_words(self.formula, "en")

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What the table prints for the line."""
        return self.part.figures if self.part else self.row.figures


@dataclass(frozen=True)
class PrintedFigure:
    """One cell of a table with our reading of it."""

    line: Line
    figure: Figure

    @property
    def printed(self) -> str:
        """The cell's own text."""
        return self.figure.raw

    @property
    def number(self) -> float | None:
        """The one number it reads as."""
        number = self.figure.reading.number
        return None if number is None else float(number)

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers it reads as; a pair has two."""
        return tuple(map(str, self.figure.reading.numbers))

    @property
    def comparator(self) -> str | None:
        """`>=` and the like, where there is a number."""
        return self.figure.reading.comparator if self.figure.reading.numbers else None


def lines() -> tuple[Line, ...]:
    """Return the measured lines of all plans."""
    return tuple(
        Line(row, part) for row in indicators().values() for part in (row.parts or (None,))
    )


def printed_figures() -> Iterator[PrintedFigure]:
    """Yield every figure the tables print."""
    for line in lines():
        yield from (PrintedFigure(line, figure) for figure in line.figures)


@cache
def formula_words(formula: Formula | None, lang: str) -> str | None:
    """Return a formula in words, None for none."""
    if formula is None:
        return None
    with speaking(lang):
        return in_words(formula)
