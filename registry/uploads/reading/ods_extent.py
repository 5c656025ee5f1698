"""Count the cells an OpenDocument sheet expands to: one cell may stand for a million."""

from __future__ import annotations

import zipfile
from xml.etree.ElementTree import Element, ParseError, iterparse


def expanded_cells(archive: zipfile.ZipFile) -> int:
    """Return how many cells with content all sheets have once repetitions are written out.

    Raises BadZipFile when the content cannot be read.
    """
    total = 0
    try:
        with archive.open("content.xml") as content:
            # expat limits entity expansion, and the size was checked before
            for _, element in iterparse(content):  # noqa: S314
                if _name(element) == "table-row":
                    total += _row_cells(element) * _count(element, "number-rows-repeated")
                    element.clear()
    except (ParseError, KeyError, ValueError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    return total


def _row_cells(row: Element) -> int:
    """Columns of a row up to its last cell with content."""
    width = filled = 0
    for cell in row:
        width += _count(cell, "number-columns-repeated")
        if len(cell) or any(key.endswith("}value-type") for key in cell.keys()):  # noqa: SIM118
            filled = width
    return filled


def _count(element: Element, attribute: str) -> int:
    return next((int(value) for key, value in element.items() if key.endswith(attribute)), 1)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
