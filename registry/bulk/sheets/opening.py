"""Open a long workbook: find its sheets with data, and bring each into the canonical form."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from codes.upload_limits import limit
from registry.bulk.opening import Opened, open_text
from registry.bulk.sheets.merged import merged
from registry.bulk.sheets.parts import STRINGS, Parts
from registry.bulk.sheets.pieces import Elements, OddXmlError
from registry.bulk.sheets.rows import Rows
from registry.bulk.sheets.spooling import SheetSpool
from registry.bulk.sheets.strings import Strings
from registry.bulk.sheets.values import Values
from registry.uploads.columns import check_mapped
from registry.uploads.read import no_header
from registry.uploads.reading.archive import check_archive
from registry.uploads.reading.headers import HeaderNames
from registry.uploads.reading.kinds import file_kind
from registry.uploads.reading.sheet_xml import sheet_members
from registry.uploads.reading.workbook import check_names, names_shown, not_data, reader_errors
from registry.uploads.settings import UploadSettings
from registry.uploads.source import SkippedSheet

KIND: Final = "xlsx"


def open_file(
    path: Path, settings: UploadSettings, names: HeaderNames, folder: Path
) -> tuple[Opened, ...]:
    """Open a delimited text, which is one table, or an .xlsx, each sheet of which with data is one.

    Raises what opening either raises, and UsageError for a `--map` header that is in no table.
    """
    kind = file_kind(path) if path.is_file() else None
    if kind is not None and kind.code == KIND:
        tables = open_book(path, names, folder)
    else:
        tables = (open_text(path, settings, names),)
    whole = tables[0].source("", tables[0].sheet)
    check_mapped(replace(whole, sheets=tuple(one.sheet for one in tables)), settings.mapped)
    return tables


def open_book(path: Path, names: HeaderNames, folder: Path) -> tuple[Opened, ...]:
    """Open the sheets of an .xlsx that hold data; `folder` takes their canonical forms.

    Raises what reading a small workbook raises.
    """
    _check_size(path)
    check_archive(path, "long_book_unpacked_bytes")
    with _errors(path), zipfile.ZipFile(path) as archive, ExitStack() as opened:
        book = _Book(path, archive, opened, folder)
        with_data, skipped = book.data(names)
        with path.open("rb") as raw:
            digest = hashlib.file_digest(raw, "sha256").hexdigest()
        size = path.stat().st_size
        tables = []
        for number, (spool, elements) in enumerate(with_data, start=1):
            made = spool.write(folder / f"sheet{number}.csv", digest)
            sheet = spool.sheet(merged(elements, spool, made))
            tables.append(Opened(path, size, "", "", sheet, False, KIND, skipped, made))
    return tuple(tables)


class _Book:
    """The archive of a workbook while its sheets are looked at."""

    def __init__(
        self, path: Path, archive: zipfile.ZipFile, opened: ExitStack, folder: Path
    ) -> None:
        self.path, self._archive, self._opened = path, archive, opened
        self._parts = Parts(archive)
        member = self._parts.member(STRINGS)
        part = Elements(opened.enter_context(archive.open(member)), "si", "sst") if member else None
        self._strings = Strings(folder, part)
        opened.callback(self._strings.close)

    def data(
        self, names: HeaderNames
    ) -> tuple[list[tuple[SheetSpool, Elements]], tuple[SkippedSheet, ...]]:
        """Return the sheets with data and their elements, and the sheets that are not read."""
        held: list[tuple[SheetSpool, Elements]] = []
        seen: list[str] = []
        skipped: list[SkippedSheet] = []
        members = sheet_members(self._archive)
        sheets = self._parts.sheets()
        check_names(self.path, sheets)
        called = names_shown(sheets)
        for about in sheets:
            reason = not_data(about)
            if reason is None:
                member = self._parts.member(members[about.name]) or members[about.name]
                part = self._opened.enter_context(self._archive.open(member))
                elements = Elements(part, "row", "sheetData")
                values = Values(self._strings, self._parts, elements.prefix)
                spool = SheetSpool(called[about.name], iter(Rows(elements, values)), names)
                if spool.header_at is not None:
                    held.append((spool, elements))
                    continue
                seen = seen or spool.first_cells()
                reason = "empty" if spool.is_empty() else "no_header"
            skipped.append(SkippedSheet(called[about.name], reason))
        if not held:
            raise no_header(self.path, seen, skipped=skipped)
        return held, tuple(skipped)


def _check_size(path: Path) -> None:
    seen, most = path.stat().st_size, limit("long_book_bytes")
    if seen > most:
        raise StoreError("read.file_too_large", path=path.name, seen=seen >> 20, limit=most >> 20)


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Say what is wrong with a workbook that cannot be read, in a sentence."""
    try:
        with reader_errors(path):
            yield
    except OddXmlError as error:
        raise StoreError("read.workbook_unusual", path=path.name, detail=str(error)) from error
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, KeyError, EOFError) as error:
        raise StoreError("read.workbook_corrupt", path=path.name, detail=str(error)) from error
