"""The merged cells of a sheet that hold data: below the header, no heading or total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from registry.bulk.canonical import CanonicalFile
from registry.bulk.sheets.pieces import Elements, OddXmlError
from registry.bulk.sheets.spooling import SheetSpool
from registry.uploads.reading.sheet_xml import check_areas

_MERGED: Final = re.compile(rb"<(?:[^\s<>/]*:)?mergeCell([\s/>][^>]*)>")
_CORNER: Final = rb"([A-Z]{1,3})([1-9]\d*)"
_AREA: Final = re.compile(rb"\s+ref=[\"']" + _CORNER + b":" + _CORNER + rb"[\"']\s*/?")


def merged(elements: Elements, spool: SheetSpool, file: CanonicalFile) -> tuple[str, ...]:
    """Return the merged cells, in the order of the sheet, each once; its rows are in the file.

    A heading or a footer may stand over all columns. Raises OddXmlError.
    """
    header_row = (spool.header_at or 0) + 1
    below = {area: rows for area, rows in _areas(elements) if rows[0] > header_row}
    words = spool.words(file, {top for top, bottom in below.values() if top == bottom})
    return tuple(area for area, (top, bottom) in below.items() if top != bottom or top not in words)


def _areas(elements: Elements) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each area with its first and its last row."""
    check_areas(elements.head)
    for piece in elements.after():
        check_areas(piece)
        for attributes in _MERGED.findall(piece):
            area = _AREA.fullmatch(attributes)
            if area is None:
                raise OddXmlError("merged cells")
            left, top, right, bottom = area.groups()
            yield f"{(left + top).decode()}:{(right + bottom).decode()}", (int(top), int(bottom))
