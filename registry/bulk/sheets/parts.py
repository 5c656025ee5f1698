"""The parts of a workbook's archive that tell how to read its sheets.

What they mean is left to the reader of small workbooks: it is given a workbook of these parts alone
and asked. So both read the same sheets, days and figures.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from python_calamine import CalamineWorkbook, SheetMetadata

from registry.uploads.reading.sheet_xml import member_key

ROOT: Final = "_rels/.rels"
BOOK: Final = "xl/workbook.xml"
LINKS: Final = "xl/_rels/workbook.xml.rels"
STYLES: Final = "xl/styles.xml"
STRINGS: Final = "xl/sharedStrings.xml"
SHEET: Final = "xl/worksheets/sheet1.xml"

NUMBER, DAY, LENGTH = "number", "day", "length"
"""What a figure in a cell is by the format of the cell: itself, a day, or a length of time."""

_PROBE: Final = "42248.5"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_BOOK_OF_ONE: Final = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="%d"/>'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LINKS_OF_ONE: Final = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
_ROOT_LINKS: Final = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    f'Target="{BOOK}"/></Relationships>'
)
_SHEET_OF: Final = f'<worksheet xmlns="{_MAIN}"><sheetData>%s</sheetData></worksheet>'
_FORMAT: Final = re.compile(rb"<(?:[^\s<>/]*:)?xf[\s/>]")
_IS_1904: Final = re.compile(rb"\bdate1904\s*=\s*[\"'](?:1|true)[\"']")


class Parts:
    """The small parts of a workbook, and what the reader of small workbooks says of them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Read them; a part that is missing is empty."""
        self._known = {member_key(name): name for name in archive.namelist()}
        self._archive = archive
        self._parts = {name: self._read(name) for name in (BOOK, LINKS, STYLES)}
        self.is_1904 = _IS_1904.search(self._parts[BOOK]) is not None

    def member(self, name: str) -> str | None:
        """Return a member as the archive writes it."""
        return self._known.get(member_key(name))

    def sheets(self) -> list[SheetMetadata]:
        """Return the sheets, in order, with their kinds and whether they are hidden."""
        return _book({name: part for name, part in self._parts.items() if part}).sheets_metadata

    def kinds(self) -> list[str]:
        """Return what figures are, by the number of the format."""
        # more than there are do no harm: of those beyond, the reader says that they are figures
        count = len(_FORMAT.findall(self._parts[STYLES]))
        rows = "".join(
            f'<row r="{at + 1}"><c r="A{at + 1}" s="{at}"><v>{_PROBE}</v></c></row>'
            for at in range(max(count, 1))
        )
        return [_kind_of(row[0]) for row in self._read_cells(rows)]

    def cell(self, form: bytes, kind: bytes, value: bytes) -> object:
        """Return what a single cell says of a kind that is met seldom.

        Raises what the reader of small workbooks raises.
        """
        said = f' s="{form.decode()}"' if form else ""
        said += f' t="{kind.decode()}"' if kind else ""
        rows = f'<row r="1"><c r="A1"{said}><v>{value.decode()}</v></c></row>'
        cells = self._read_cells(rows)
        return cells[0][0] if cells and cells[0] else ""

    def _read(self, name: str) -> bytes:
        member = self.member(name)
        return self._archive.read(member) if member else b""

    def _read_cells(self, rows: str) -> Sequence[Sequence[object]]:
        parts = {
            BOOK: (_BOOK_OF_ONE % self.is_1904).encode(),
            LINKS: _LINKS_OF_ONE.encode(),
            SHEET: (_SHEET_OF % rows).encode(),
        }
        if self._parts[STYLES]:
            parts[STYLES] = self._parts[STYLES]
        return _book(parts).get_sheet_by_index(0).to_python(skip_empty_area=False)


def _book(parts: dict[str, bytes]) -> CalamineWorkbook:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(ROOT, _ROOT_LINKS)
        for name, part in parts.items():
            archive.writestr(name, part)
    held.seek(0)
    return CalamineWorkbook.from_filelike(held)


def _kind_of(read: object) -> str:
    if isinstance(read, datetime):
        return DAY
    return LENGTH if isinstance(read, timedelta) else NUMBER
