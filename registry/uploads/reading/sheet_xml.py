"""Look into the XML of a workbook for what the reader library does not tell.

The library turns an error (#REF!) and a formula never calculated into an empty cell, and takes
memory for every cell up to the last one; both would go unnoticed.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import ParseError, fromstring
from xml.sax.saxutils import unescape

from registry.uploads.source import BrokenCell

Place = tuple[int, int]
"""(row, column), both counted from 0."""

WORKBOOK: Final = "xl/workbook.xml"
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
"""How far a worksheet goes: the cell XFD1048576 (ECMA-376 and Excel's own limits)."""
_P = rb"<(?:[A-Za-z_][\w.-]*:)?"
# The reader takes any case and length, and attributes an XML parser would not: so do these.
_ATTRIBUTE = rb"r(?<![\w.:-]r)\s*=\s*[\"']"
_LETTERS = re.compile(_ATTRIBUTE + rb"([A-Za-z]+)[0-9]+[\"']")
_DIGITS = re.compile(_ATTRIBUTE + rb"[A-Za-z]*([0-9]+)[\"']")
_AREAS = re.compile(rb"ref(?<![\w.:-]ref)\s*=\s*[\"']([A-Za-z]+[0-9]+)(?::([A-Za-z]+[0-9]+))?[\"']")
_CORNER = re.compile(rb"([A-Za-z]+)([0-9]+)")
_ROW = re.compile(_P + rb"row[\s/>]")
_HIDDEN_ROW = re.compile(_P + rb"row(\s[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
_ANY_CELL = re.compile(_P + rb"c[\s/>]")
_CELL = re.compile(_P + rb"c(\s[^>]*[^/>])>((?:(?!</?(?:[A-Za-z_][\w.-]*:)?c[\s>]).)*+)", re.DOTALL)
_R = re.compile(_ATTRIBUTE + rb"([A-Za-z]+)([0-9]+)[\"']")
_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")
_VALUE = re.compile(_P + rb"v(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(_P + rb"f(?:\s[^>]*)?(?:/>|>([^<]*)<)")


@dataclass(frozen=True)
class SheetFacts:
    """How far the cells go (counts), the cells that have no value, the hidden rows (from 1)."""

    rows: int
    columns: int
    broken: dict[Place, BrokenCell]
    hidden: frozenset[int] = frozenset()


def sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the archive member of each sheet by the sheet's name.

    Raises BadZipFile when the workbook's own list cannot be read.
    """
    try:
        # expat limits entity expansion, and the size was checked before
        book = fromstring(archive.read(WORKBOOK))  # noqa: S314
        links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ParseError, KeyError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    members = {}
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        members[sheet.get("name", "")] = posixpath.normpath(
            posixpath.join("/xl", targets.get(link, ""))
        ).lstrip("/")
    return members


def member_key(name: str) -> str:
    """Return a member's name as the reader library compares it, whatever its case and slashes."""
    return name.replace("\\", "/").casefold()


def sheet_facts(xml: bytes) -> SheetFacts:
    """Scan one worksheet.

    Raises BadZipFile for a cell, a row or an area beyond the last cell there can be: the reader
    would take memory up to it.
    """
    letters = _LETTERS.findall(xml)
    rows = max(map(_row, set(_DIGITS.findall(xml))), default=0)
    columns = max(map(_column, set(letters)), default=-1) + 1
    check_areas(xml)
    rows, columns = _with_unplaced(xml, rows, columns, len(letters))
    broken: dict[Place, BrokenCell] = {}
    if _ERROR.search(xml) or _FORMULA.search(xml):
        for attributes, inner in _CELL.findall(xml):
            place, cell = _R.search(attributes), _broken(attributes, inner)
            if place and cell:
                broken[_row(place.group(2)) - 1, _column(place.group(1))] = cell
    return SheetFacts(rows, columns, broken, _hidden(xml))


def check_areas(xml: bytes) -> None:
    """Raise BadZipFile for an area, as of merged cells, beyond the last cell there can be."""
    for corner in {corner for area in _AREAS.findall(xml) for corner in area}:
        if found := _CORNER.fullmatch(corner):
            _column(found.group(1)), _row(found.group(2))


def _hidden(xml: bytes) -> frozenset[int]:
    placed = map(_DIGITS.search, _HIDDEN_ROW.findall(xml))
    return frozenset(_row(place.group(1)) for place in placed if place)


def _with_unplaced(xml: bytes, rows: int, columns: int, placed: int) -> tuple[int, int]:
    """Return the extent, at most, with cells that do not say where they stand: after the last."""
    if len(_ANY_CELL.findall(xml)) <= placed:
        return rows, columns
    starts = [0, *(one.start() for one in _ROW.finditer(xml)), len(xml)]
    widest = max(len(_ANY_CELL.findall(xml, start, end)) for start, end in pairwise(starts))
    return rows + len(starts) - 2, columns + widest


def _broken(attributes: bytes, inner: bytes) -> BrokenCell | None:
    value = _VALUE.search(inner)
    if _ERROR.search(attributes):
        shown = value.group(1).decode("utf-8", "replace") if value else "#ERROR"
        return BrokenCell(shown, "error")
    formula = _FORMULA.search(inner)
    if formula and not value and not _TEXT_RESULT.search(attributes):
        written = (formula.group(1) or b"").decode("utf-8", "replace")
        return BrokenCell(f"={unescape(written)}", "formula")
    return None


def _row(digits: bytes) -> int:
    """Return a row as the spreadsheet counts it."""
    significant = digits.lstrip(b"0")
    if len(significant) > len(str(LAST_ROW)) or int(significant or b"0") > LAST_ROW:
        raise zipfile.BadZipFile(f"row {digits[:20].decode()}")
    return int(significant or b"0")


def _column(letters: bytes) -> int:
    """Return the index of a column, from 0."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + letter - 64
        if index > LAST_COLUMN:
            raise zipfile.BadZipFile(f"column {letters[:20].decode()}")
    return index - 1
