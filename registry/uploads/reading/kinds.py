"""Tell what kind of file was sent, by its bytes and not by its extension."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from codes.file_kinds import HEAD_BYTES, FileKind, kinds_beginning

ZIP: Final = ".zip"
"""How a zip is called of which it cannot be told any more what it holds."""

DIRECTORY_BYTES: Final = 4_000_000
"""How much of an OLE file is searched for the names of its streams."""


def file_kind(path: Path) -> FileKind | None:
    """Return the kind of the file, or None when it looks like plain text.

    Raises StoreError for a kind that we cannot read, with what it is and what to do.
    """
    kind = any_kind(path)
    if kind is not None and not kind.readable:
        raise StoreError("read.kind_unreadable", path=path.name, seen=kind.name, advice=kind.advice)
    return kind


def any_kind(path: Path) -> FileKind | None:
    """Return the kind of the file, one that we cannot read too. Raises StoreError for damage."""
    if not path.stat().st_size:  # a pipe, a device, or a file of the system (/proc): some never end
        return None
    with path.open("rb") as file:
        kinds = kinds_beginning(file.read(HEAD_BYTES))
    if not kinds:
        return None
    held = _zip_members(path) if kinds[0].magic_hex.startswith("504b") else _ole_streams(path)
    for kind in kinds:
        if kind.member is None or kind.member in held:
            return kind
    raise StoreError("read.workbook_corrupt", path=path.name, detail=kinds[0].name)


def _zip_members(path: Path) -> frozenset[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        broken = "read.zip_incomplete" if path.suffix.lower() == ZIP else "read.workbook_corrupt"
        raise StoreError(broken, path=path.name, detail=str(error)) from error


def _ole_streams(path: Path) -> frozenset[str]:
    """Find stream names the cheap way: they stand in the directory as UTF-16."""
    with path.open("rb") as file:
        data = file.read(DIRECTORY_BYTES)
    names = ("EncryptedPackage", "Workbook", "Book", "WordDocument")
    return frozenset(name for name in names if name.encode("utf-16-le") in data)
