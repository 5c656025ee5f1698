"""Take the tables out of a zip, or say why one is not taken.

A name in the zip is only a name: it is shown to people and never decides where a file is written.
What unpacks is counted while it unpacks; sizes in the zip's own list are only claims.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_ISLNK
from typing import Final

from codes.errors import DataError, FuwumaError, StoreError
from codes.reserved_names import is_leftover
from codes.system_errors import reason_of
from codes.upload_limits import limit
from registry.uploads.reading.kinds import any_kind
from registry.uploads.reading.unpacking import PIECE, check_unpacked

ZIP: Final = "zip"
_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAG: Final = 1
_READ: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LONGEST_NAME: Final = 80
_BEYOND_ALPHABETS: Final = "\u2e80"
"""From here on stand Chinese characters and their punctuation; alphabets stand before."""


@dataclass(frozen=True)
class Table:
    """One table to check: the sender's name for it, where it lies, or why it was not taken."""

    name: str
    path: Path
    refused: FuwumaError | None = None


def is_bundle(path: Path) -> bool:
    """Say whether a file is a zip that is no workbook or document itself."""
    try:
        found = any_kind(path) if path.is_file() else None
    except (OSError, FuwumaError):
        return False
    return found is not None and found.code == ZIP


def tables_of(path: Path, folder: Path) -> list[Table]:
    """Return the file itself or, of a zip, the tables in it, unpacked into `folder`.

    Raises StoreError for a zip that is damaged, encrypted, too large, a bomb, or whose names lead
    elsewhere; DataError for one that holds no file.
    """
    if not is_bundle(path):
        return [Table(path.name, path)]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            _check_claims(path, members)
            named = [(one, member_name(one)) for one in members]
            wanted = [(one, name) for one, name in named if not _is_leftover(name)]
            if not wanted:
                raise DataError("read.zip_empty", path=path.name)
            return list(_unpacked(archive, path, wanted, folder))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError) as error:
        raise StoreError("read.zip_corrupt", path=path.name, detail=str(error)) from error
    except OSError as error:
        raise StoreError("read.zip_unpackable", path=path.name, detail=reason_of(error)) from error


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name as its sender wrote it; Windows in Chinese writes GB18030.

    The zip says only whether a name is UTF-8; of other names the bytes decide. Some Chinese words
    (通知, 联通) are good UTF-8 in GB18030, but of letters that no Chinese name is written in.
    """
    name = member.orig_filename
    if not member.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437", "replace")
        said = [one for one in (_decoded(raw, "utf-8"), _decoded(raw, "gb18030")) if one]
        likely = (one for one in said if _is_chinese_or_plain(one))
        name = next(likely, next(iter(said), name))
    return name.replace("\\", "/")


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese_or_plain(name: str) -> bool:
    """Say whether a name is ASCII, or has characters of the scripts from Chinese on."""
    return name.isascii() or any(one >= _BEYOND_ALPHABETS for one in name)


def _check_claims(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > limit("zip_members"):
        most = limit("zip_members")
        raise StoreError("read.zip_members", path=path.name, seen=len(members), limit=most)
    if any(one.flag_bits & _ENCRYPTED_FLAG for one in members):
        raise StoreError("read.zip_encrypted", path=path.name)
    for one in members:
        if leads_elsewhere(name := member_name(one)) or S_ISLNK(one.external_attr >> 16):
            raise StoreError("read.zip_path", path=path.name, seen=_shown(name))
        if one.compress_type not in _READ:
            raise zipfile.BadZipFile(f"compression {one.compress_type}")
    _check_size(path, sum(one.file_size for one in members))


def leads_elsewhere(name: str) -> bool:
    """Say whether a name would leave the folder it is unpacked into.

    >>> leads_elsewhere("学校/表.csv"), leads_elsewhere("../表.csv"), leads_elsewhere("C:/表.csv")
    (False, True, True)
    """
    parts = name.split("/")
    return name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in name


def _check_size(path: Path, unpacked: int) -> None:
    check_unpacked(path, unpacked, "zip_unpacked_bytes", "read.zip_too_large")


def _unpacked(
    archive: zipfile.ZipFile, path: Path, wanted: list[tuple[zipfile.ZipInfo, str]], folder: Path
) -> list[Table]:
    tables, done = [], 0
    for number, (member, name) in enumerate(wanted, start=1):
        target = folder / str(number) / _safe_name(name)
        target.parent.mkdir(parents=True)
        with archive.open(member) as source, target.open("wb") as file:
            while piece := source.read(PIECE):
                done += len(piece)
                _check_size(path, done)
                file.write(piece)
        shown = f"{path.name}/{_shown(name)}"
        nested = DataError("read.zip_nested", path=path.name, seen=_shown(name))
        tables.append(Table(shown, target, nested if is_bundle(target) else None))
    return tables


def _is_leftover(name: str) -> bool:
    return any(map(is_leftover, name.split("/")))


def _shown(name: str) -> str:
    return "".join(one if one.isprintable() else "\ufffd" for one in name)


def _safe_name(name: str) -> str:
    """The last part of a name, short and printable; it stands in messages and nowhere else."""
    last = PurePosixPath(_shown(name).replace(":", "_"))
    return f"{last.stem[:_LONGEST_NAME] or '_'}{last.suffix[:_LONGEST_NAME]}"
