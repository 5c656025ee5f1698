"""A department's file as it was read: nothing interpreted, every cell where it stands.

Row numbers and column letters are those the sender's spreadsheet shows. A record of a CSV file
counts as one row however many lines its quoted cells span, as it does when Excel opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codes.private_numbers import persons_hidden

WORDS_ALONE: Final = ("footer_row_skipped", "section_row_skipped")
"""Rules that say of a line that it holds words and no data."""

NO_ROWS: Final = ("header_row_repeated", "example_row_skipped", *WORDS_ALONE)
"""Rules that say of a line that it is no row, in the order in which a report has them."""


@dataclass(frozen=True)
class SourceRow:
    """One row below the header: its number (1-based) and its raw cells, one for each header."""

    number: int
    cells: tuple[object, ...]


@dataclass(frozen=True)
class SourceSheet:
    """One sheet with data; a CSV file is one sheet named ''.

    `title_rows` are the rows above the header, `header_row` its number, `headers` as written.
    Rows without a filled cell are left out of `rows`; so are those that only repeat the header
    (numbers in `repeated`), our template's worked example (`examples`), totals and notes below the
    table (`footers`: number and first filled cell) and headings within it (`sections`, as those).
    `widths` holds (row, number of cells) of the
    rows of a text file that have more or fewer cells than the header. `merged` names merged cells
    below the header (A5:A9), `hidden` the rows with data that are hidden in an .xlsx.

    What is no row of data (titles, headers, footers, headings) holds no number of a person.
    """

    name: str
    title_rows: tuple[tuple[object, ...], ...]
    header_row: int
    headers: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    widths: tuple[tuple[int, int], ...] = ()
    repeated: tuple[int, ...] = ()
    examples: tuple[int, ...] = ()
    merged: tuple[str, ...] = ()
    footers: tuple[tuple[int, str], ...] = ()
    sections: tuple[tuple[int, str], ...] = ()
    hidden: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Hide the numbers of persons where words stand that are quoted, sent back and stored."""
        titles = tuple(tuple(map(_words_alone, one)) for one in self.title_rows)
        object.__setattr__(self, "title_rows", titles)
        object.__setattr__(self, "headers", tuple(map(persons_hidden, self.headers)))
        for name in ("footers", "sections"):
            lines = tuple((row, persons_hidden(said)) for row, said in getattr(self, name))
            object.__setattr__(self, name, lines)

    @property
    def no_rows(self) -> tuple[tuple[str, int, str], ...]:
        """Lines that hold words and no data: the rule that says so, row and first filled cell."""
        kinds = zip(WORDS_ALONE, (self.footers, self.sections), strict=True)
        return tuple((rule, *one) for rule, lines in kinds for one in lines)

    @property
    def headed(self) -> int:
        """How many columns the header has, up to the last that is named; rows may have more."""
        return max((at for at, one in enumerate(self.headers, start=1) if one), default=0)


@dataclass(frozen=True)
class SkippedSheet:
    """A sheet that was not read, and why: hidden, ours, empty, no_header, not_cells."""

    name: str
    reason: str


@dataclass(frozen=True)
class SourceFile:
    """The file: its facts and its sheets. `encoding` and `delimiter` are None for workbooks."""

    path: Path
    name: str
    sha256: str
    size: int
    kind: str
    encoding: str | None
    delimiter: str | None
    sheets: tuple[SourceSheet, ...]
    skipped: tuple[SkippedSheet, ...] = ()

    @property
    def row_count(self) -> int:
        """Rows that hold something, over all sheets read."""
        return sum(len(sheet.rows) for sheet in self.sheets)


def _words_alone(cell: object) -> object:
    """A cell above the table without the numbers of persons, one of another kind as it is."""
    seen = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    hidden = persons_hidden(seen)
    return cell if hidden == seen else hidden


class BrokenCell(str):
    """A workbook cell without a value: an error such as #REF!, or a formula never calculated.

    As text it is what the cell shows or the formula; `reason` is error or formula.
    """

    reason: str

    def __new__(cls, shown: str, reason: str) -> BrokenCell:
        """Keep the text and the reason."""
        cell = super().__new__(cls, shown)
        cell.reason = reason
        return cell

    def __reduce__(self) -> tuple[type[BrokenCell], tuple[str, str]]:
        """Let it be given to another process."""
        return BrokenCell, (str(self), self.reason)


def column_letter(index: int) -> str:
    """Return the letter of the column at `index`, counted from 0.

    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def index_of(letter: str) -> int:
    """Return the index of a column letter, counted from 0.

    >>> index_of("A"), index_of("AAA")
    (0, 702)
    """
    index = 0
    for one in letter:
        index = index * 26 + ord(one) - ord("A") + 1
    return index - 1


def is_blank(cell: object) -> bool:
    """Say whether a raw cell holds nothing; spaces of any kind are nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip(BLANK_CHARACTERS))


BLANK_CHARACTERS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
"""What people and programs leave in a cell that looks empty."""
