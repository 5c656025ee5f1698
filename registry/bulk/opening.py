"""Open a large text file: its encoding, delimiter and header, then its canonical form."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from codes.errors import DataError, FuwumaError, StoreError
from codes.upload_limits import limit
from registry.bulk.canonical import (
    LINE_TOO_LONG,
    CanonicalFile,
    NotReadableError,
    as_it_stands,
    check_cells,
    rewritten,
)
from registry.bulk.encodings import codec, encoding_of
from registry.bulk.long_lines import whole_lines
from registry.uploads.read import read_file
from registry.uploads.reading.delimited import guess_delimiter
from registry.uploads.reading.headers import HeaderNames, header_in
from registry.uploads.reading.kinds import file_kind
from registry.uploads.settings import UploadSettings
from registry.uploads.source import SkippedSheet, SourceFile, SourceSheet

HEAD: Final = 1 << 20
_HINT: Final = "sep="

Stamp = tuple[int, int, int, int]
"""Device, file, bytes, when last written to."""


@dataclass(frozen=True)
class Opened:
    """A file with its header. `sheet` has no rows; `hinted`: its first line is `sep=`.

    A workbook has neither encoding nor delimiter, and is in its canonical form as soon as `made`.
    `stamp` tells whether a text is still the file whose header was read.
    """

    path: Path
    size: int
    encoding: str
    delimiter: str
    sheet: SourceSheet
    hinted: bool
    kind: str = "csv"
    skipped: tuple[SkippedSheet, ...] = ()
    made: CanonicalFile | None = None
    stamp: Stamp | None = None

    def refuse_changed(self) -> None:
        """Raise StoreError when another program has written to the file since it was opened."""
        if self.stamp is None:
            return
        with suppress(OSError):
            if self.stamp == _stamp(self.path):
                return
        raise StoreError("read.file_changed", path=self.path.name)

    @property
    def columns(self) -> int:
        """Cells of the header."""
        return len(self.sheet.headers)

    def source(self, sha256: str, sheet: SourceSheet) -> SourceFile:
        """Return the facts of the file, whose one sheet with data is given."""
        return SourceFile(
            self.path,
            self.path.name,
            sha256,
            self.size,
            self.kind,
            self.encoding or None,
            self.delimiter or None,
            (sheet,),
            self.skipped,
        )


def open_text(path: Path, settings: UploadSettings, names: HeaderNames) -> Opened:
    """Read the head of a file. Raises what reading a small file raises, UsageError excepted.

    Raises DataError `bulk.not_text` for a workbook: only delimited texts are read at this size.
    """
    if not path.is_file() or not path.stat().st_size:
        read_file(path, settings.mapped)
        raise StoreError("read.file_unreadable", path=path, detail="-")
    if path.stat().st_size > limit("bulk_file_bytes"):
        most = limit("bulk_file_bytes") >> 20
        seen = path.stat().st_size >> 20
        raise StoreError("read.file_too_large", path=path.name, seen=seen, limit=most)
    if file_kind(path) is not None:
        raise DataError("bulk.not_text", path=path.name)
    stamp = _stamp(path)
    try:
        encoding = encoding_of(path)
        head = _head(path, encoding)
    except DataError as error:
        raise refusal(path, settings, error) from error
    hinted = head[: len(_HINT)].lower() == _HINT and head[5:6] in ("\r", "\n")
    body = head[head.find("\n") + 1 :] if hinted else head
    delimiter = head[len(_HINT)] if hinted else guess_delimiter(body, names)
    try:
        sheet = _header(body, delimiter, names)
    except NotReadableError as error:
        raise refusal(path, settings, said_of(error, path)) from error
    if sheet is None:
        raise refusal(path, settings, DataError("bulk.header_absent", path=path.name))
    if len(sheet.headers) > limit("columns"):
        raise refusal(path, settings, _too_wide(sheet))
    return Opened(path, stamp[2], encoding, delimiter, sheet, hinted, stamp=stamp)


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def canonical(opened: Opened, folder: Path) -> CanonicalFile:
    """Return the canonical form of a file, rewritten into `folder` where need be.

    Raises NotReadableError for marks or cells that cannot be right.
    """
    skip = opened.sheet.header_row
    if opened.encoding in ("utf-8", "utf-8-sig") and not opened.hinted:
        target = folder / "mended.csv"
        found = as_it_stands(opened.path, opened.delimiter, skip, opened.columns, target)
        if found is not None:
            return found
    return rewrite(opened, folder)


def rewrite(opened: Opened, folder: Path) -> CanonicalFile:
    """Rewrite a file into its canonical form, in which a workbook is.

    Raises NotReadableError, and StoreError when the file was written to meanwhile.
    """
    if opened.made is not None:
        return opened.made
    with opened.path.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
    with opened.path.open(encoding=codec(opened.path, opened.encoding), newline="") as file:
        lines = _lines(file, opened.hinted, opened.delimiter)
        made = rewritten(
            lines,
            folder / "canonical.csv",
            opened.delimiter,
            opened.sheet.header_row,
            opened.columns,
            digest,
        )
    opened.refuse_changed()
    return made


def refusal(path: Path, settings: UploadSettings, ours: FuwumaError) -> FuwumaError:
    """Return the error that reading it as a small file gives, which says more; else `ours`."""
    if ours.message_id != LINE_TOO_LONG and path.stat().st_size <= limit("file_bytes"):
        with suppress(MemoryError):
            try:
                read_file(path, settings.mapped)
            except FuwumaError as error:
                return error
    return ours


def said_of(error: NotReadableError, path: Path) -> DataError:
    """Return what is wrong with the text, in a sentence."""
    return DataError(
        error.message_id, path=path.name, row=error.row, column=error.column, lines=error.lines
    )


def _head(path: Path, encoding: str) -> str:
    try:
        with path.open(encoding=codec(path, encoding), newline="") as file:
            return file.read(HEAD)
    except UnicodeDecodeError as error:
        raise DataError("bulk.encoding_damaged", path=path.name) from error


def _header(body: str, delimiter: str, names: HeaderNames) -> SourceSheet | None:
    """Return the sheet without rows, None without a header. Raises NotReadableError."""
    records: list[list[str]] = []
    with suppress(csv.Error):
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
        records.extend(islice(reader, limit("header_search_rows")))
    found = header_in(records, names)
    if found is None:
        return None
    at, header = found
    for number, record in enumerate(records[: at + 1], start=1):
        check_cells(record, number, delimiter, len(header))
    titles = tuple(tuple(record) for record in records[:at])
    headers = tuple(str(cell).strip() for cell in header)
    return SourceSheet("", titles, at + 1, headers, ())


def _too_wide(sheet: SourceSheet) -> DataError:
    """DuckDB would make a column of each, be it empty."""
    return DataError(
        "read.columns_too_many",
        sheet="",
        row=sheet.header_row,
        seen=len(sheet.headers),
        limit=limit("columns"),
    )


def _lines(file: io.TextIOBase, hinted: bool, delimiter: str) -> Iterator[str]:
    if hinted:
        next(file)
    yield from whole_lines(file, delimiter)
