"""Folders for what lives no longer than a command: thrown away, also after it was killed.

Who works in one holds a lock in it, which ends with the process, however that ends. The number of
a process would not do: in another container that shares the disk it means another one.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from codes.errors import StoreError
from codes.system_errors import PRIMARY, reason_of

try:
    import fcntl
except ImportError:  # Windows has other locks; there what is left stays
    fcntl = None  # type: ignore[assignment]

PREFIX: Final = "fuwuma-"
HELD: Final = ".held"
"""The file that is locked as long as somebody works in the folder."""

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def temporary_folder(within: Path | None = None) -> Iterator[Path]:
    """Give a folder that is thrown away afterwards, and throw away what killed commands left.

    It is made `within` another, else where the system has such folders. What cannot be thrown away
    now is by the next command.
    Raises StoreError `system.temporary_absent` when there is no place for it, OSError for one
    named by `within`.
    """
    try:
        place = within or Path(gettempdir())
    except FileNotFoundError as error:
        raise StoreError("system.temporary_absent") from error
    _sweep(place)
    made = TemporaryDirectory(prefix=PREFIX, dir=place, ignore_cleanup_errors=True)
    with made as name, _held(Path(name)):
        yield Path(name)


@contextmanager
def room_missed() -> Iterator[None]:
    """Raise StoreError `system.temporary_full` for work that finds no room for temporary files."""
    try:
        yield
    except OSError as error:
        # a write says no name; what is opened elsewhere says its own
        own = error.filename is None or str(error.filename).startswith(gettempdir())
        if not own or error.errno not in NO_ROOM:
            raise
        raise temporary_full(error) from error
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorcode", None) or 0) & PRIMARY != sqlite3.SQLITE_FULL:
            raise
        raise temporary_full(error) from error


def temporary_full(error: Exception) -> StoreError:
    """Return the error that says that temporary files find no room, and why."""
    folder = gettempdir()
    return StoreError("system.temporary_full", folder=folder, detail=reason_of(error))


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    made = folder / f"{HELD}.new"
    with made.open("wb") as file:
        with suppress(OSError):  # a disk that is shared may know no locks: then nobody sweeps it
            fcntl.flock(file, fcntl.LOCK_EX)
            made.rename(folder / HELD)  # there from its first moment on as a locked file
        yield


def _sweep(place: Path) -> None:
    """Throw away the folders of ours that nobody holds any more. What cannot be, stays."""
    if fcntl is None:
        return
    with suppress(OSError):
        for folder in place.glob(f"{PREFIX}*"):
            with suppress(OSError):
                _throw_away_if_left(folder)


def _throw_away_if_left(folder: Path) -> None:
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        return
    with (folder / HELD).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
