"""Look into the XML of a workbook for what the reader library does not tell.

The library turns an error (#REF!) and a formula never calculated into an empty cell, and takes
memory for every cell up to the last one; both would go unnoticed.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import ParseError, fromstring
from xml.sax.saxutils import unescape

from registry.uploads.source import BrokenCell

Place = tuple[int, int]
"""(row, column), both counted from 0."""

WORKBOOK: Final = "xl/workbook.xml"
_P = rb"<(?:[A-Za-z_][\w.-]*:)?"
_LETTERS = re.compile(rb"\sr=[\"']([A-Z]{1,3})[0-9]{1,7}[\"']")
_DIGITS = re.compile(rb"\sr=[\"'][A-Z]{1,3}([0-9]{1,7})[\"']")
_CELL = re.compile(_P + rb"c(\s[^>]*[^/>])>((?:(?!</?(?:[A-Za-z_][\w.-]*:)?c[\s>]).)*+)", re.DOTALL)
_R = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")
_VALUE = re.compile(_P + rb"v(?:\s[^>]*)?>([^<]+)<")
_FORMULA = re.compile(_P + rb"f(?:\s[^>]*)?(?:/>|>([^<]*)<)")


@dataclass(frozen=True)
class SheetFacts:
    """How far the cells go (counts), and the cells that have no value."""

    rows: int
    columns: int
    broken: dict[Place, BrokenCell]


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


def sheet_facts(xml: bytes) -> SheetFacts:
    """Scan one worksheet."""
    rows = max(map(int, set(_DIGITS.findall(xml))), default=0)
    columns = max(map(_column, set(_LETTERS.findall(xml))), default=-1) + 1
    broken: dict[Place, BrokenCell] = {}
    if _ERROR.search(xml) or _FORMULA.search(xml):
        for attributes, inner in _CELL.findall(xml):
            place, cell = _R.search(attributes), _broken(attributes, inner)
            if place and cell:
                broken[int(place.group(2)) - 1, _column(place.group(1))] = cell
    return SheetFacts(rows, columns, broken)


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


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
