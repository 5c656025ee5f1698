"""The files of one release, kept open: a later release may take their place while it is served.

Whatever is read of a release comes from here, so that a site shows one release and never two.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import weakref
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from exports.release.manifest import MANIFEST, Manifest, parse_manifest
from exports.release.publish import SNAPSHOT

CHUNK_BYTES: Final = 1 << 20
READING: Final = os.O_RDONLY | os.O_CLOEXEC


class HeldRelease:
    """An open release; `digest` is the SHA-256 of its manifest and names it among all others."""

    def __init__(self, directory: Path, files: dict[str, int]) -> None:
        self.directory = directory
        self._files = files
        self._ready: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, files, self._ready)
        self.digest = self._digest(MANIFEST)
        whole = self.piece(MANIFEST, 0, self.size(MANIFEST))
        self.manifest: Manifest = parse_manifest(whole, directory)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def size(self, name: str) -> int:
        """Return the length of a file in bytes."""
        return os.fstat(self._files[name]).st_size

    def piece(self, name: str, start: int, length: int) -> bytes:
        """Return so many bytes of a file; fewer only at its end."""
        return os.pread(self._files[name], length, start)

    def sha256(self, name: str) -> str:
        """Return the digest of a file as the manifest has it, of the manifest its own."""
        row = self.manifest.file(name)
        return row.sha256 if row else self.digest

    def check(self) -> None:
        """Compare every file with its digest; raises StoreError `release.damaged`."""
        for row in self.manifest.files:
            if self.size(row.name) != row.bytes or self._digest(row.name) != row.sha256:
                raise StoreError("release.damaged", path=self.directory / row.name)

    def open_ahead(self, count: int) -> None:
        """Open so many connections for later, when the file may be gone from its place.

        Raises StoreError as `connect` does.
        """
        self._ready += [self._connect() for _ in range(count)]

    def connect(self) -> sqlite3.Connection:
        """Give a connection to the snapshot, for any thread; the caller closes it.

        SQLite opens by path, so the file there is compared with the one held: raises StoreError
        `site.release_replaced` when another release has come in between.
        """
        return self._ready.pop() if self._ready else self._connect()

    def _connect(self) -> sqlite3.Connection:
        path = self.directory / SNAPSHOT
        address = f"{path.resolve().as_uri()}?immutable=1"
        try:
            db = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error:
            raise StoreError("site.release_replaced", path=self.directory) from None
        if not self._is_at(path):
            db.close()
            raise StoreError("site.release_replaced", path=self.directory)
        return db

    def _is_at(self, path: Path) -> bool:
        try:
            return os.path.samestat(path.stat(), os.fstat(self._files[SNAPSHOT]))
        except OSError:
            return False

    def _digest(self, name: str) -> str:
        total, start = hashlib.sha256(), 0
        while piece := self.piece(name, start, CHUNK_BYTES):
            total.update(piece)
            start += len(piece)
        return total.hexdigest()


def hold(directory: Path) -> HeldRelease:
    """Open the release in a directory.

    Raises StoreError `release.not_a_release`, or `release.damaged` when a file is missing.
    """
    files: dict[str, int] = {}
    try:
        within = os.open(directory, READING | os.O_DIRECTORY)
    except OSError:
        raise StoreError("release.not_a_release", path=directory) from None
    try:  # all from the one directory, whichever has its name in the meantime
        files[MANIFEST] = _open(MANIFEST, within, "release.not_a_release", directory)
        held = HeldRelease(directory, files)
        for name in (SNAPSHOT, *(row.name for row in held.manifest.files)):
            if name not in files:
                files[name] = _open(name, within, "release.damaged", directory / name)
    finally:
        os.close(within)
    return held


def digest_at(directory: Path) -> str:
    """Return the digest of the release that is in a directory now, empty when there is none."""
    try:
        return hashlib.sha256((directory / MANIFEST).read_bytes()).hexdigest()
    except OSError:
        return ""


def _open(name: str, within: int, otherwise: str, path: Path) -> int:
    try:
        return os.open(name, READING, dir_fd=within)
    except OSError:
        raise StoreError(otherwise, path=path) from None


def _close(files: dict[str, int], connections: list[sqlite3.Connection]) -> None:
    for descriptor in files.values():
        os.close(descriptor)
    for connection in connections:
        connection.close()
