"""Which engine checks a file, when the sender does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from codes.errors import FuwumaError
from codes.upload_limits import limit
from registry.uploads.reading.kinds import file_kind

CHUNK: Final = 1 << 22


def is_large(path: Path) -> bool:
    """Say whether a file is a delimited text too large for the check row by row.

    A file that cannot be read is not: the check says what is wrong with it.
    """
    try:
        if not path.is_file() or file_kind(path) is not None:
            return False
        if path.stat().st_size > limit("file_bytes"):
            return True
        return _more_lines(path, limit("bulk_rows_from"))
    except (OSError, FuwumaError):
        return False


def _more_lines(path: Path, most: int) -> bool:
    lines = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            lines += chunk.count(b"\n")
            if lines > most:
                return True
    return False
