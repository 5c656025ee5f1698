"""In what unit a table's figures are: what its header says, and what stands above the table.

A statistical table often says its unit once, at the right above the header: 单位：万人.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from codes.ledger_columns import Ledger
from codes.reserved_names import names_sender, speaks_of_unit
from codes.units import is_unit
from codes.value_bounds import value_bounds
from registry.ledgers.place import RowPlace
from registry.uploads.columns import Column, SheetColumns
from registry.uploads.findings import Finding
from registry.uploads.normalising.cell import shown
from registry.uploads.reading.headers import header_note, header_unit
from registry.uploads.source import SourceSheet, is_blank

MEASURED: Final[dict[Ledger, str]] = {"population": "persons", "observation": "value"}
"""Ledger -> the column that holds the figure."""

_WORD: Final = r"[^\s(]*(?:单位|unit)s?\s*:"
_SAID: Final = re.compile(rf"({_WORD})((?:(?!{_WORD})[^()])*)", re.IGNORECASE)
_BARE: Final = re.compile(r"(?:^|[\s(])(?:计量)?单位\s*(?:为|是)?\s*([^\s():]+)")
_BETWEEN: Final = re.compile(r"[、;]|,(?!\d{3})|和|及")


@dataclass(frozen=True)
class UnitAbove:
    """What a line above the header says: the units, none when it cannot be told which."""

    row: int
    written: str
    units: tuple[str, ...]


def unit_of_header(column: Column) -> str | None:
    """Return the unit in the brackets of a header, one of the units book or of an indicator."""
    note = header_note(column.header)
    return column.unit or (note if is_measure(note) else None)


def is_measure(seen: str) -> bool:
    """Say whether a text is a unit that figures of a ledger may be in.

    >>> is_measure("万人"), is_measure("床/万人"), is_measure("民政局")
    (True, True, False)
    """
    return is_unit(seen) or seen in value_bounds()


def units_above(sheet: SourceSheet) -> tuple[UnitAbove, ...]:
    """Return what the lines above the header say of units, from the top."""
    found: list[UnitAbove] = []
    for number, cells in enumerate(sheet.title_rows, start=1):
        texts = [" ".join(unicodedata.normalize("NFKC", shown(one)).split()) for one in cells]
        written = [one for one in texts if not is_blank(one)]
        found += _in_line(number, written)
    return tuple(found)


def check_units(
    sheet: SourceSheet, columns: SheetColumns, above: tuple[UnitAbove, ...], ledger: Ledger
) -> Iterator[Finding]:
    """Say what is read from above the header; refuse what speaks of a unit nobody knows."""
    key = MEASURED[ledger]
    column = columns.read.get(key)
    for one in (column, *columns.spare.get(key, ())) if column else ():
        note = header_note(one.header)
        if speaks_of_unit(note) and unit_of_header(one) is None:
            place = RowPlace(sheet.name, sheet.header_row, columns)
            yield place.finding("unit_unknown", key, one.header, place_unit="header", written=note)
    if "unit" in columns.read or (column and unit_of_header(column)):
        return
    for line in above:
        place = RowPlace(sheet.name, line.row)
        rule = "unit_above" if line.units else "unit_unknown"
        yield place.finding(rule, None, line.written, place_unit="above", written=line.written)


def _in_line(row: int, cells: list[str]) -> Iterator[UnitAbove]:
    line = " ".join(cells)
    said = [(one[1].rstrip(": "), one[2].strip()) for one in _SAID.finditer(line)]
    said = [(word, rest) for word, rest in said if not names_sender(word)]
    for _, rest in said:
        yield _read(row, rest)
    if said:
        return
    bare = [one[1] for one in _BARE.finditer(line)]
    bare += [one for cell in cells if (one := header_unit(cell) or cell)]
    for one in bare:
        if is_measure(one):
            yield UnitAbove(row, one, (one,))


def _read(row: int, rest: str) -> UnitAbove:
    """Read as many words as make up known units; else the first is what was written."""
    words = rest.split()
    for count in range(len(words), 0, -1):
        written = " ".join(words[:count])
        parts = [one.strip() for one in _BETWEEN.split(written.rstrip("。.;,")) if one.strip()]
        if parts and all(map(is_measure, parts)):
            return UnitAbove(row, written, tuple(parts))
    return UnitAbove(row, words[0] if words else "-", ())
