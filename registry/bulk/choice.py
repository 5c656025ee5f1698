"""Which engine checks a file, when the sender does not say."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Final

from codes.errors import FuwumaError
from codes.upload_limits import limit
from registry.uploads.reading.kinds import file_kind

CHUNK: Final = 1 << 22
WORKBOOK: Final = "xlsx"
LEAST_ROW_BYTES: Final = 24
"""No row with a value is written in fewer: <row><c><v>1</v></c></row>."""

_SHEETS: Final = "/worksheets/"


def is_large(path: Path) -> bool:
    """Say whether a file is a text or a workbook (.xlsx) too large for the check row by row.

    A file that cannot be read is not: the check says what is wrong with it.
    """
    try:
        kind = file_kind(path) if path.is_file() else None
        if not path.is_file() or (kind is not None and kind.code != WORKBOOK):
            return False
        if path.stat().st_size > limit("file_bytes"):
            return True
        return _more_lines(path, limit("bulk_rows_from")) if kind is None else _is_long(path)
    except (OSError, FuwumaError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        return False


def is_long_workbook(path: Path) -> bool:
    """Say whether a file is a workbook (.xlsx) too large to be held in memory."""
    try:
        kind = file_kind(path) if path.is_file() else None
    except (OSError, FuwumaError):
        return False
    return kind is not None and kind.code == WORKBOOK and is_large(path)


def _more_lines(path: Path, most: int) -> bool:
    if path.stat().st_size <= most:
        return False
    lines = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            lines += chunk.count(b"\n")
            if lines > most:
                return True
    return False


def _is_long(path: Path) -> bool:
    """Say whether a workbook has a sheet with more rows or cells than are held in memory.

    Rows and cells without a value, which many sheets have to their very end, do not count as rows.
    """
    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if _SHEETS in one.filename.casefold()]
        if sum(one.file_size for one in archive.infolist()) > limit("unpacked_bytes"):
            return True
        return any(
            _is_long_sheet(archive, one)
            for one in members
            if one.file_size > limit("bulk_rows_from") * LEAST_ROW_BYTES
        )


def _is_long_sheet(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    rows = values = cells = 0
    most = limit("bulk_rows_from")
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            rows += chunk.count(b"</row") + chunk.count(b":row>")
            values += chunk.count(b"</v") + chunk.count(b":v>") + chunk.count(b"</is")
            cells += chunk.count(b"<c ") + chunk.count(b":c ")
            if (rows > most and values > most) or cells > limit("sheet_cells"):
                return True
    return False
