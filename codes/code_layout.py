"""The layout of the facility code, read from the book `code_layout`.

The names of the five segments are fixed, since code and tables speak of them; their order,
lengths, characters, separators, books of values and the check system are the book's. Another city's
layout is another set of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Final

from codes.book import BOOKS_DIR, BookError, load_book

CATEGORY: Final = "category"
CLASS: Final = "class"
COUNTY: Final = "county"
SERIAL: Final = "serial"
CHECK: Final = "check"
SEGMENTS: Final = (CATEGORY, CLASS, COUNTY, SERIAL, CHECK)


@dataclass(frozen=True)
class Segment:
    """One segment: how long, of which characters, with which values."""

    segment: str
    title_zh: str
    title_en: str
    length: int
    alphabet: str
    meaning_zh: str
    meaning_en: str
    separator_before: str = ""
    book: str = ""
    book_prefix: str = ""
    pattern: str = ""
    minimum: int = 0
    check_system: str = ""
    misread: tuple[str, ...] = ()
    source: str = ""

    def title(self, lang: str) -> str:
        """Return the segment's name in `lang`."""
        return self.title_zh if lang == "zh" else self.title_en

    def meaning(self, lang: str) -> str:
        """Return what the segment says, in `lang`."""
        return self.meaning_zh if lang == "zh" else self.meaning_en


@dataclass(frozen=True)
class Layout:
    """The segments in the order of the code, and what follows from them."""

    segments: tuple[Segment, ...]
    known_values: Mapping[str, frozenset[str]] = field(repr=False)
    check_digits_of: Callable[[str], str] = field(repr=False)

    @cached_property
    def length(self) -> int:
        """Number of characters of a stored code."""
        return sum(segment.length for segment in self.segments)

    @cached_property
    def payload_length(self) -> int:
        """Number of characters before the check digits."""
        return self.length - self.segments[-1].length

    @cached_property
    def separators(self) -> str:
        """Every character that separates segments in print."""
        return "".join({segment.separator_before for segment in self.segments})

    def cut(self, code: str) -> Iterator[tuple[Segment, str]]:
        """Yield each segment with its part of a stored code of the right length."""
        start = 0
        for segment in self.segments:
            yield segment, code[start : start + segment.length]
            start += segment.length

    def by_name(self, name: str) -> Segment:
        """Return the segment called `name`."""
        return next(segment for segment in self.segments if segment.segment == name)

    def capacity(self) -> int:
        """Return how many serials a class has in one county."""
        serial = self.by_name(SERIAL)
        return int(10**serial.length) - serial.minimum


@cache
def load_layout(root: Path = BOOKS_DIR) -> Layout:
    """Load and check the layout; a mistake is a BookError that names file and segment."""
    from codes.code_layout_check import check_segments

    book = load_book("code_layout", root)
    where = root / "code_layout" / "rows.csv"
    for row in book.rows:
        if missing := [column for column in book.schema["required"] if column not in row]:
            raise BookError("code.layout_cells_missing", where=where, missing=", ".join(missing))
    segments = tuple(
        Segment(**{**row, "misread": tuple(row.get("misread", ()))}) for row in book.rows
    )
    known = _known_values(segments, root)
    check_segments(segments, known, where)
    return Layout(segments, known, check_system(segments[-1].check_system))


def check_system(name: str) -> Callable[[str], str]:
    """Return the function of `stdnum.iso7064.<name>` that computes the check characters."""
    module = import_module(f"stdnum.iso7064.{name}")
    function: Callable[[str], str] = (
        getattr(module, "calc_check_digits", None) or module.calc_check_digit
    )
    return function


def _known_values(segments: tuple[Segment, ...], root: Path) -> dict[str, frozenset[str]]:
    # ended categories and classes too: a code outlives them
    return {
        segment.segment: frozenset(load_book(segment.book, root).by_key())
        for segment in segments
        if segment.book
    }
