"""Refuse a workbook that would unpack into too much, before anything parses it.

Sizes in a zip directory are only claims, so every member is unpacked here once, in pieces, and
counted; nothing is kept.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from codes.errors import StoreError
from codes.upload_limits import limit
from registry.uploads.reading.unpacking import PIECE, check_unpacked

LOCAL_HEADER: Final = 30


def check_archive(path: Path, most: str = "unpacked_bytes") -> None:
    """Raise StoreError when the zip has too many members, is a bomb, encrypted or damaged.

    It may unpack into as many bytes as the limit called `most` says.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            members = archive.infolist()
            _check_claims(path, members, most)
            unpacked = 0
            for member in members:
                unpacked += _unpacked_size(raw, member, limit(most) - unpacked)
                _check_size(path, unpacked, most)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError) as error:
        raise StoreError("read.workbook_corrupt", path=path.name, detail=str(error)) from error


def _check_claims(path: Path, members: list[zipfile.ZipInfo], most: str) -> None:
    if len(members) > limit("archive_members"):
        raise StoreError(
            "read.archive_members",
            path=path.name,
            seen=len(members),
            limit=limit("archive_members"),
        )
    if any(member.flag_bits & 1 for member in members):
        raise StoreError("read.workbook_encrypted", path=path.name)
    _check_size(path, sum(member.file_size for member in members), most)


def _check_size(path: Path, unpacked: int, most: str) -> None:
    check_unpacked(path, unpacked, most, "read.archive_too_large")


def _unpacked_size(raw: BinaryIO, member: zipfile.ZipInfo, allowed: int) -> int:
    raw.seek(member.header_offset)
    header = raw.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER:
        raise zipfile.BadZipFile(member.filename)
    raw.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(member.filename)
    return _inflated_size(raw, member.compress_size, allowed)


def _inflated_size(raw: BinaryIO, packed: int, allowed: int) -> int:
    """Count what a deflated member really unpacks to; stop just past what is allowed."""
    unpacker, total = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while packed > 0 and total <= allowed:
        piece = raw.read(min(PIECE, packed))
        if not piece:
            break
        packed -= len(piece)
        while piece and total <= allowed:
            total += len(unpacker.decompress(piece, PIECE))
            piece = unpacker.unconsumed_tail
    return total
