"""Recognise headers: Chinese or English, with units, marks, spaces and line breaks around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Final

from codes.elements import all_fields, example_row
from codes.errors import DataError
from codes.facility_types import find_type
from codes.names import fold, near_names
from codes.reserved_names import begins_reserved, is_count, is_footer, is_reserved, is_section
from codes.units import is_unit
from codes.upload_limits import limit
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.dates import read_date
from registry.uploads.source import BLANK_CHARACTERS, is_blank

LEAST_HEADERS: Final = 2
"""A row needs this many known headers to be the header row (all of them, when it has one cell)."""

Filled = Sequence[tuple[str | None, object]]
"""The cells of a row that hold something, each with the key of its column."""

_ANNOTATION = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]$")
_UNIT_IS = re.compile(r"^(?:(?:计量|数量)?单位|units?:)[:为是]?", re.IGNORECASE)
MARKS: Final = "*:•·※"


@dataclass(frozen=True)
class HeaderNames:
    """Every header we know, folded, with the key it means; `mapped` are the sender's own."""

    known: Mapping[str, str]
    mapped: Mapping[str, str]

    def key(self, header: object) -> str | None:
        """Return our key for a header cell, or None. `--map` goes before our own names."""
        if not isinstance(header, str):
            return None
        for spelling in _spellings(header):
            found = self.mapped.get(spelling) or self.known.get(spelling)
            if found:
                return found
        return None

    def spelled(self, key: str) -> set[str]:
        """Return the headers that mean one of our keys, folded."""
        both = (*self.known.items(), *self.mapped.items())
        return {spelling for spelling, known in both if known == key}

    def is_plain(self, header: str) -> bool:
        """Say whether a header is known as written, marks and units aside."""
        *plain, _ = _spellings(header)
        known = any(one in self.mapped or one in self.known for one in plain)
        return known or header_unit(header) is not None

    def near(self, header: str) -> list[str]:
        """Return the keys of up to five headers that resemble an unknown one."""
        return near_names(_spellings(header)[-1], self.known)


def header_names(mapped: Mapping[str, str] | None = None) -> HeaderNames:
    """Return the names of all fields; `mapped` gives the sender's headers and our keys."""
    known: dict[str, str] = {}
    for field in all_fields().values():
        for name in (field.key, field.header_zh, field.header_en, *field.aliases):
            known.setdefault(fold(name), field.key)
    return HeaderNames(known, {fold(theirs): key for theirs, key in (mapped or {}).items()})


def header_unit(header: str) -> str | None:
    """Return the unit in the brackets at the end of a header, when it is a unit we know.

    >>> header_unit("建筑面积(万㎡)"), header_unit("设施名称(必填)")
    ('万m2', None)
    >>> header_unit("人数(单位：万人)")
    '万人'
    """
    unit = _UNIT_IS.sub("", header_note(header))
    return unit if is_unit(unit) else None


def header_note(header: str) -> str:
    """Return what stands in the brackets at the end of a header.

    >>> header_note("人数（单位：万 人）"), header_note("人数")
    ('单位:万人', '')
    """
    found = _ANNOTATION.search(_tidy(header))
    return found.group()[1:-1] if found else ""


def find_header(records: Sequence[Sequence[object]], names: HeaderNames) -> tuple[int, int] | None:
    """Return (index, number of known headers) of the header row among the first records."""
    best: tuple[int, int] | None = None
    for index, record in enumerate(records[: limit("header_search_rows")]):
        filled = [cell for cell in record if not is_blank(cell)]
        known = len({key for cell in filled if (key := names.key(cell))})
        enough = known >= min(LEAST_HEADERS, len(filled)) and known > 0
        if enough and (best is None or known > best[1]):
            best = (index, known)
    return best


def header_in(
    records: Sequence[Sequence[object]], names: HeaderNames
) -> tuple[int, Sequence[object]] | None:
    """Return the index and the cells of the header row; of a header over two rows, of the lower.

    Such a header says 经度 and 纬度 below 坐标, and the other names in one of the rows alone.
    """
    found = find_header(records, names)
    if found is None:
        return None
    at = found[0]
    for upper, lower in ((at, at + 1), (at - 1, at)):
        if upper >= 0 and lower < len(records):
            cells = _joined(records[upper], records[lower], names)
            if cells and find_header([cells], names) not in (None, (0, found[1])):
                return lower, cells
    return at, records[at]


def _joined(
    upper: Sequence[object], lower: Sequence[object], names: HeaderNames
) -> list[object] | None:
    """Return the header that two rows make together, None when they do not.

    No column has a name of ours in the upper row and anything below it.
    """
    both = list(zip_longest(upper, lower, fillvalue=""))
    over = [one for one in both if not is_blank(one[0])]
    under = [one for one in both if not is_blank(one[1])]
    if any(names.key(above) and not is_blank(below) for above, below in over):
        return None
    headings = all(names.key(above) or not is_blank(below) for above, below in over)
    if not headings and not all(names.key(below) for _, below in under):
        return None
    return [above if is_blank(below) else below for above, below in both]


def is_repeated_header(filled: Filled, key_of: Callable[[object], str | None]) -> bool:
    """Say whether a row below the header only says the headers again.

    Columns that are not ours (序号, 备注) do not tell. The last cells are asked first: figures and
    dates are met again and again, names are not.
    """
    known = 0
    for key, cell in reversed(filled):
        if key is not None and key_of(cell) != key:
            return False
        known += key is not None
    return known >= LEAST_HEADERS


def is_example(filled: Filled) -> bool:
    """Say whether the row is the worked example of our template and nothing else.

    Its name begins as the example's does; days may be written otherwise (2023/3/1). A row in which
    any other cell was changed is somebody's facility, whose name was forgotten.
    """
    cells = dict(filled)
    name = cells.pop("name", None)
    if not isinstance(name, str) or not begins_reserved("example", name):
        return False
    examples = _examples(str(cells.get("type", "")))
    return all(_is_same(cell, examples.get(key)) for key, cell in cells.items() if key)


@cache
def _examples(type_name: str) -> Mapping[str, str | int | float]:
    """The worked example of a type; of any, when the type is none of ours."""
    try:
        return example_row(find_type(type_name).code)
    except DataError:
        return {key: one.example for key, one in all_fields().items() if one.example is not None}


def _is_same(cell: object, example: str | int | float | None) -> bool:
    if example is None:
        return False
    try:
        return float(str(cell)) == float(example)
    except ValueError:
        return str(example) in (shown(cell).strip(), read_date(cell).value)


def is_footer_row(filled: Filled) -> bool:
    """Say whether the row is a total, a signature or a note below the table, no facility.

    Beside its word a total may have the count of the rows in the column of the names.
    """
    if not isinstance(filled[0][1], str) or not is_footer(filled[0][1]):
        return False
    names = [shown(cell) for key, cell in filled if key == "name"]
    return filled[0][0] == "name" or all(map(is_count, names))


def is_section_row(filled: Filled) -> bool:
    """Say whether the row is a heading within the list (二、民办), with nothing beside it."""
    said = filled[0][1]
    return len(filled) == 1 and isinstance(said, str) and is_section(said.strip(BLANK_CHARACTERS))


def is_result_column(header: str) -> bool:
    """Say whether the column is the one our returned workbook adds."""
    return is_reserved("header", header)


def _spellings(header: str) -> list[str]:
    """The header folded, then without marks, then without what stands in brackets at its end."""
    tidy = _tidy(header)
    return [fold(header), fold(tidy), fold(_ANNOTATION.sub("", tidy).strip(MARKS))]


def _tidy(header: str) -> str:
    return "".join(unicodedata.normalize("NFKC", header).split()).strip(MARKS)
