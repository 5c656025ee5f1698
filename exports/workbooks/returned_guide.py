"""The template's sheet of instructions, put back into the workbook that returns."""

from __future__ import annotations

from collections import Counter

from xlsxwriter import Workbook

from codes.errors import DataError
from codes.facility_types import FacilityType, find_type
from codes.messages import LANGUAGES, text
from exports.workbooks.columns import columns_of
from exports.workbooks.template_guide import write_guide
from registry.uploads.reading.headers import header_names
from registry.uploads.source import SourceFile, SourceSheet


def add_guide(workbook: Workbook, source: SourceFile, lang: str) -> None:
    """Write the instructions again when the sender's file had them, for the type it is about."""
    names = {text("workbook.sheet.guide", lang=spoken) for spoken in LANGUAGES}
    if names.isdisjoint(sheet.name for sheet in source.skipped):
        return
    kind = _type_of(source)
    if kind is not None:
        sheet = workbook.add_worksheet(text("workbook.sheet.guide", lang=lang))
        write_guide(workbook, sheet, columns_of(kind.code, lang), kind, lang)


def _type_of(source: SourceFile) -> FacilityType | None:
    """The type most rows are of; None when none of them names one of ours."""
    written = Counter(value for sheet in source.sheets for value in _types_in(sheet))
    for value, _ in written.most_common():
        try:
            return find_type(value)
        except DataError:
            continue
    return None


def _types_in(sheet: SourceSheet) -> list[str]:
    names = header_names()
    at = [index for index, header in enumerate(sheet.headers) if names.key(header) == "type"]
    return [str(row.cells[at[0]]).strip() for row in sheet.rows if at and row.cells[at[0]]]
