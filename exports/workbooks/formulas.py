"""How many cells of a sender's workbook hold a formula; what is sent back holds results only."""

from __future__ import annotations

import re
import zipfile
from typing import Final

from registry.uploads.reading.sheet_xml import sheet_members
from registry.uploads.source import SourceFile

_FORMULA: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?f[\s/>]")


def count_formulas(source: SourceFile) -> int:
    """Count them in the sheets that were read; 0 for a file that is no .xlsx or is gone.

    The archive's size was checked when it was read.
    """
    if source.kind != "xlsx":
        return 0
    read = {sheet.name for sheet in source.sheets}
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [member for name, member in sheet_members(archive).items() if name in read]
            return sum(len(_FORMULA.findall(archive.read(member))) for member in members)
    except (OSError, KeyError, zipfile.BadZipFile):
        return 0
