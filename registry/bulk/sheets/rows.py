"""The rows of one sheet, read from its XML in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zipfile import BadZipFile

from registry.bulk.sheets.cells import TooLongError
from registry.bulk.sheets.pieces import Elements, OddXmlError
from registry.bulk.sheets.values import Values
from registry.uploads.reading.sheet_xml import LAST_COLUMN, LAST_ROW

_ROW_NUMBER: Final = re.compile(rb"(?<![\w.:-])r=[\"'](\d{1,9})[\"']")
_HIDDEN: Final = re.compile(rb"(?<![\w.:-])hidden=[\"'](?:1|true)[\"']")
_ATTRIBUTE: Final = re.compile(rb"(?<![\w.:-])([rst])\s*=\s*[\"']([^\"'<]*)[\"']")
_LETTERS: Final = re.compile(rb"([A-Za-z]{1,3})\d+")

# as Excel, WPS and the libraries write: place, format, type; then formula, value, text
_AS_WRITTEN: Final = (
    rb'<~c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    rb"(<~f(?:\s[^>]*)?(?:/>|>[^<]*</~f>))?"
    rb"(?:<~v(?:\s[^>]*)?>([^<]*)</~v>|<~v/>)?(?:<~is>(.*?)</~is>)?</~c>)"
)
_ANY: Final = (
    rb"<~c((?:\s[^>]*?)?)(?:/>|(?<!/)>\s*(<~f(?:\s[^>]*)?(?:/>|>[^<]*</~f\s*>))?\s*"
    rb"(?:<~v(?:\s[^>]*)?>([^<]*)</~v\s*>|<~v\s*/>)?\s*(?:<~is>(.*?)</~is>)?\s*</~c\s*>)"
)

Cell = tuple[bytes, bytes, bytes, bytes, bytes, bytes]
"""The letters of a column, and what `registry.bulk.sheets.values` reads."""


class CellTooLongError(Exception):
    """A cell holds more than a cell may: `seen` characters; `column` counts from 0."""

    def __init__(self, row: int, column: int, seen: int) -> None:
        self.row, self.column, self.seen = row, column, seen


@dataclass(frozen=True, slots=True)
class Row:
    """A row with cells: its number, whether it is hidden, its cells up to the last written."""

    number: int
    hidden: bool
    cells: list[bytes]


class Rows:
    """The rows of a sheet that have cells, in order."""

    def __init__(self, elements: Elements, values: Values) -> None:
        """Take the elements of the sheet, and what reads its cells."""
        self._elements, self._values = elements, values
        self._columns: dict[bytes, int] = {}
        self._opening = b"<" + elements.prefix + b"c"
        prefix = re.escape(elements.prefix)
        self._as_written = re.compile(_AS_WRITTEN.replace(b"~", prefix), re.DOTALL)
        self._any = re.compile(_ANY.replace(b"~", prefix), re.DOTALL)
        self._begin = re.compile(b"<" + prefix + rb"c[\s/>]")

    def __iter__(self) -> Iterator[Row]:
        """Yield them.

        Raises OddXmlError for what spreadsheet programs do not write, BadZipFile for what no
        workbook can say, CellTooLongError, and what reading a cell raises.
        """
        last = 0
        for empty, attributes, content in self._elements:
            if content is None:
                return
            said = _ROW_NUMBER.search(attributes)
            number = int(said.group(1)) if said else last + empty + 1
            if number > LAST_ROW:
                raise BadZipFile(f"row {number}")
            if number <= last:
                raise OddXmlError(f"row {number}")
            last = number
            if cells := self._cells(number, content):
                yield Row(number, _HIDDEN.search(attributes) is not None, cells)

    def _cells(self, number: int, content: bytes) -> list[bytes]:
        found: list[Cell] = self._as_written.findall(content)
        if len(found) != content.count(self._opening):
            found = self._found_otherwise(content)
        cells: list[bytes] = []
        columns, strings, read = self._columns, self._values.strings, self._values.read
        at = 0
        try:
            for letters, form, kind, formula, value, inline in found:
                at = columns.get(letters, -1)
                if at < 0:
                    at = self._column(letters, len(cells))
                if at != len(cells):
                    cells.extend(_between(len(cells), at))
                if kind == b"s" and value:
                    cells.append(strings[int(value)])
                else:
                    cells.append(read(form, kind, formula, value, inline))
        except TooLongError as error:
            raise CellTooLongError(number, at, int(str(error))) from error
        except (IndexError, ValueError) as error:
            raise BadZipFile(str(error)) from error
        return cells

    def _column(self, letters: bytes, following: int) -> int:
        """Return the index of a column; a cell that does not say where it is follows the last."""
        if not letters:
            return following
        at = self._columns[letters] = _index(letters)
        return at

    def _found_otherwise(self, content: bytes) -> list[Cell]:
        """Find cells whose attributes stand in another order, or that do not say where they are."""
        found = self._any.findall(content)
        if len(found) != len(self._begin.findall(content)):
            raise OddXmlError("cell")
        cells: list[Cell] = []
        for attributes, formula, value, inline in found:
            said = dict(_ATTRIBUTE.findall(attributes))
            letters = _LETTERS.fullmatch(said.get(b"r", b""))
            if b"r" in said and not letters:
                raise OddXmlError(str(said[b"r"]))
            place = letters.group(1).upper() if letters else b""
            form, kind = said.get(b"s", b""), said.get(b"t", b"")
            cells.append((place, form, kind, formula, value, inline))
        return cells


def _between(last: int, at: int) -> list[bytes]:
    if at < last:
        raise OddXmlError(f"column {at}")
    return [b""] * (at - last)


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    if index > LAST_COLUMN:
        raise BadZipFile(f"column {letters!r}")
    return index - 1
