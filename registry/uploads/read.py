"""Read a department's file: what kind it is, its sheets, headers and rows, all where they stand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from codes.errors import DataError, StoreError
from codes.private_numbers import persons_hidden
from codes.system_errors import reason_of
from codes.upload_limits import limit
from registry.uploads.reading.delimited import first_record, read_delimited
from registry.uploads.reading.headers import HeaderNames, header_names
from registry.uploads.reading.kinds import file_kind
from registry.uploads.reading.text import decode
from registry.uploads.source import SkippedSheet, SourceFile

SHOWN_CELLS = 8
SHOWN_CHARACTERS = 20


def read_file(
    path: str | Path, mapped: Mapping[str, str] | None = None, names: HeaderNames | None = None
) -> SourceFile:
    """Read a spreadsheet or a delimited text; `mapped` gives the sender's headers and our keys.

    `names` are the headers to look for where the file lists something else than facilities.

    Raises StoreError when the file cannot be used (missing, a folder, no spreadsheet, damaged,
    too large), DataError when it can but says nothing we can take: no header, no rows, bytes
    that do not decode, a quote never closed. Messages name row and column.
    """
    path = Path(path)
    size = _checked_size(path)
    names = names or header_names(mapped)
    try:
        kind = file_kind(path)
        digest = _sha256(path)
        if kind is None:
            source = _read_text(path, names, digest)
        else:
            from registry.uploads.reading.workbook import first_rows, read_workbook

            sheets, skipped = read_workbook(path, kind.code, names)
            source = SourceFile(
                path, path.name, digest, size, kind.code, None, None, sheets, skipped
            )
            if not sheets:
                raise no_header(path, first_rows(path), skipped=skipped)
    except OSError as error:
        raise StoreError("read.file_unreadable", path=path, detail=reason_of(error)) from error
    examples = [row for sheet in source.sheets for row in sheet.examples]
    if not source.row_count and examples:
        raise DataError("read.rows_examples", path=path.name, row=examples[0])
    if not source.row_count:
        raise DataError("read.rows_absent", path=path.name, row=source.sheets[0].header_row)
    return source


def _checked_size(path: Path) -> int:
    try:
        about = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError("read.file_missing", path=path) from None
    except (OSError, ValueError) as error:
        raise StoreError("read.file_unreadable", path=path, detail=reason_of(error)) from error
    if S_ISDIR(about.st_mode):
        raise StoreError("read.file_is_folder", path=path)
    if not S_ISREG(about.st_mode):
        raise StoreError("read.file_not_regular", path=path)
    if about.st_size > limit("file_bytes"):
        seen, most = about.st_size >> 20, limit("file_bytes") >> 20
        raise StoreError("read.file_too_large", path=path.name, seen=seen, limit=most)
    if about.st_size == 0:
        raise DataError("read.file_empty", path=path.name)
    return about.st_size


def _read_text(path: Path, names: HeaderNames, digest: str) -> SourceFile:
    decoded = decode(path.read_bytes(), path.name)
    if not decoded.text.strip():
        raise DataError("read.file_empty", path=path.name)
    sheet, delimiter = read_delimited(decoded.text, names)
    if sheet is None:
        raise no_header(path, first_record(decoded.text, names), decoded.encoding)
    size = path.stat().st_size
    return SourceFile(path, path.name, digest, size, "csv", decoded.encoding, delimiter, (sheet,))


def no_header(
    path: Path,
    seen: list[str],
    encoding: str | None = None,
    skipped: Sequence[SkippedSheet] = (),
) -> DataError:
    """Return what is said of a file without a header, of which these cells were seen first."""
    shown = " | ".join(_shortly(cell) for cell in seen[:SHOWN_CELLS])
    facts = {"path": path.name, "rows": limit("header_search_rows"), "seen": shown or "-"}
    hidden = "、".join(one.name for one in skipped if one.reason == "hidden")
    if hidden:
        return DataError("read.header_absent_hidden", sheets=hidden, **facts)
    if encoding is None:
        return DataError("read.header_absent", **facts)
    return DataError("read.header_absent_text", encoding=encoding.upper(), **facts)


def _shortly(cell: str) -> str:
    """What a message repeats of a cell, the numbers of persons hidden before it is cut."""
    said = persons_hidden(" ".join(cell.removesuffix(".0").split()))
    return said[:SHOWN_CHARACTERS]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
