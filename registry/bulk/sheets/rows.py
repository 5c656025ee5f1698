"""The rows of one sheet, read from its XML in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zipfile import BadZipFile

from registry.bulk.sheets.cells import NulError, TooLongError
from registry.bulk.sheets.pieces import Elements, OddXmlError
from registry.bulk.sheets.values import Values
from registry.uploads.reading.sheet_xml import LAST_COLUMN, LAST_ROW

_ROW_AS_WRITTEN: Final = re.compile(rb' r="(\d{1,9})"(?: spans="[\d:]*")?')
_ROW_NUMBER: Final = re.compile(rb"\d{1,9}")
_ATTRIBUTE: Final = re.compile(rb"\s+([\w.:-]+)\s*=\s*(?:\"([^\"<>&]*)\"|'([^'<>&]*)')")
_ATTRIBUTES: Final = re.compile(rb"(?:" + _ATTRIBUTE.pattern + rb")*+\s*")
_YES: Final = (b"1", b"true")
_PLACE: Final = re.compile(rb"([A-Za-z]{1,3})(\d+)")
_FOREIGN: Final = rb"<(?!~c[\s/>])(?:[^\s<>/]*:)?c[\s/>]"

# as Excel, WPS and the libraries write: place, format, type; then formula, value, text
_AS_WRITTEN: Final = (
    rb'<~c r="([A-Z]{1,3})(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    rb"(<~f(?:\s[^>]*)?(?:/>|>[^<]*</~f>))?"
    rb"(?:<~v(?:\s[^>]*)?>([^<]*)</~v>|<~v/>)?(?:<~is>(.*?)</~is>)?</~c>)"
)
_ANY: Final = (
    rb"<~c((?:\s[^>]*?)?)(?:/>|(?<!/)>\s*(<~f(?:\s[^>]*)?(?:/>|>[^<]*</~f\s*>))?\s*"
    rb"(?:<~v(?:\s[^>]*)?>([^<]*)</~v\s*>|<~v\s*/>)?\s*(?:<~is>(.*?)</~is>)?\s*</~c\s*>)"
)

Cell = tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]
"""The letters of a column, the number of a row, and what `registry.bulk.sheets.values` reads."""


class CellRefusedError(Exception):
    """A cell holds what a cell may not, for this reason; `column` counts from 0."""

    def __init__(self, row: int, column: int, reason: TooLongError | NulError) -> None:
        self.row, self.column, self.reason = row, column, reason


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
        self._is_prefixed = bool(elements.prefix)
        self._opening = b"<" + elements.prefix + b"c"
        prefix = re.escape(elements.prefix)
        self._as_written = re.compile(_AS_WRITTEN.replace(b"~", prefix), re.DOTALL)
        self._any = re.compile(_ANY.replace(b"~", prefix), re.DOTALL)
        self._foreign = re.compile(_FOREIGN.replace(b"~", prefix))
        self._begin = re.compile(b"<" + prefix + rb"c[\s/>]")

    def __iter__(self) -> Iterator[Row]:
        """Yield them.

        Raises OddXmlError for what spreadsheet programs do not write, BadZipFile for what no
        workbook can say, CellRefusedError, and what reading a cell raises.
        """
        last = 0
        for empty, attributes, content in self._elements:
            if content is None:
                return
            usual = _ROW_AS_WRITTEN.fullmatch(attributes)
            said = {} if usual else _attributes(attributes)
            number = int(usual.group(1)) if usual else _number(said, last, empty)
            if number > LAST_ROW:
                raise BadZipFile(f"row {number}")
            if number <= last:
                raise OddXmlError(f"row {number}")
            last = number
            if cells := self._cells(number, content):
                yield Row(number, said.get(b"hidden") in _YES, cells)

    def _cells(self, number: int, content: bytes) -> list[bytes]:
        row = b"%d" % number
        if (self._is_prefixed or b":c" in content) and self._foreign.search(content):
            raise OddXmlError("cell")
        found: list[Cell] = self._as_written.findall(content)
        if len(found) != content.count(self._opening):
            found = self._found_otherwise(content, row)
        cells: list[bytes] = []
        columns, strings, read = self._columns, self._values.strings, self._values.read
        at = 0
        try:
            for letters, digits, form, kind, formula, value, inline in found:
                at = columns.get(letters, -1)
                if at < 0:
                    at = self._column(letters, len(cells))
                if at != len(cells) or digits != row:
                    cells.extend(_between(len(cells), at, digits == row))
                if kind == b"s" and value and not inline:
                    cells.append(strings[int(value)] if value.isdigit() else _no_string(value))
                else:
                    cells.append(read(form, kind, formula, value, inline))
        except (TooLongError, NulError) as error:
            raise CellRefusedError(number, at, error) from error
        except (IndexError, ValueError) as error:
            raise BadZipFile(str(error)) from error
        return cells

    def _column(self, letters: bytes, following: int) -> int:
        """Return the index of a column; a cell that does not say where it is follows the last."""
        if not letters:
            return following
        at = self._columns[letters] = column_index(letters)
        return at

    def _found_otherwise(self, content: bytes, row: bytes) -> list[Cell]:
        """Find cells whose attributes stand in another order, or that do not say where they are."""
        found = self._any.findall(content)
        if len(found) != len(self._begin.findall(content)):
            raise OddXmlError("cell")
        cells: list[Cell] = []
        for attributes, formula, value, inline in found:
            said = _attributes(attributes)
            place = _PLACE.fullmatch(said.get(b"r", b""))
            if b"r" in said and not place:
                raise OddXmlError(str(said[b"r"]))
            letters, digits = (place.group(1).upper(), place.group(2)) if place else (b"", row)
            form, kind = said.get(b"s", b""), said.get(b"t", b"")
            cells.append((letters, digits, form, kind, formula, value, inline))
        return cells


def _attributes(written: bytes) -> dict[bytes, bytes]:
    """Return attributes by name. Raises OddXmlError for what is no list of them."""
    found = _ATTRIBUTE.findall(written)
    said = {name: one or other for name, one, other in found}
    if len(said) != len(found) or not _ATTRIBUTES.fullmatch(written):
        raise OddXmlError("attributes")
    return said


def _number(said: dict[bytes, bytes], last: int, empty: int) -> int:
    """Return the number of a row; one that does not say it follows the last."""
    if b"r" in said and _ROW_NUMBER.fullmatch(said[b"r"]):
        return int(said[b"r"])
    if b"r" in said or empty or b"hidden" in said:
        raise OddXmlError("row")
    return last + 1


def _between(last: int, at: int, is_of_row: bool) -> list[bytes]:
    if at < last or not is_of_row:
        raise OddXmlError(f"column {at}")
    return [b""] * (at - last)


def _no_string(value: bytes) -> bytes:
    raise BadZipFile(f"string {value!r}")


def column_index(letters: bytes) -> int:
    """Return the index of a column, from 0. Raises BadZipFile for one beyond the last."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    if index > LAST_COLUMN:
        raise BadZipFile(f"column {letters!r}")
    return index - 1
