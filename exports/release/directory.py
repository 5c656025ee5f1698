"""Put a finished release in its place at once, so that nobody ever sees half of one.

A release is built in a hidden directory beside its target. At the end the two are exchanged by one
system call where the system has one (Linux), else by two renames; what stood there before is then
deleted. A process killed on the way leaves the old release; its leftovers go at the next run.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from exports.release.manifest import MANIFEST, read_manifest
from exports.release.room import writing_below

AT_FDCWD: Final = -100
RENAME_EXCHANGE: Final = 2


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give an empty directory; when the block ends well, it becomes `target`.

    Raises StoreError when `target` holds anything but a release or is a mount point, when another
    process is publishing beside it, or when the disk is full; then nothing is left of what was
    written.
    """
    target = target.resolve()
    check_target(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        prefix = f".{target.name}.building-"
        for left_over in target.parent.glob(f"{glob.escape(prefix)}*"):
            shutil.rmtree(left_over)
        building = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
        try:
            with writing_below(building):
                yield building
            building.chmod(0o755)
            _flush_all(building)
            check_target(target)
            _put(building, target)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def check_target(target: Path) -> None:
    """Raise StoreError unless `target` is absent, an empty directory or a release of ours.

    A release that somebody has put other files into is refused too: they would be lost.
    """
    if not target.exists():
        return
    if os.path.ismount(target):
        raise StoreError("release.mount_point", path=target)
    if not target.is_dir():
        raise StoreError("release.not_a_directory", path=target)
    if not any(target.iterdir()):
        return
    if not (target / MANIFEST).is_file():
        raise StoreError("release.not_a_release", path=target)
    files = (path for path in target.rglob("*") if not path.is_dir())
    present = {path.relative_to(target).as_posix() for path in files}
    ours = {MANIFEST, *(row.name for row in read_manifest(target).files)}
    if foreign := sorted(present - ours):
        raise StoreError("release.foreign_files", path=target, names=", ".join(foreign[:5]))


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreError("release.being_published", path=target.parent) from None
    else:
        yield
    finally:
        os.close(descriptor)


def _put(building: Path, target: Path) -> None:
    if not target.exists():
        building.rename(target)
    elif not _exchange(building, target):
        aside = building.with_name(f"{building.name}.old")
        _move(target, aside)
        building.rename(target)
        shutil.rmtree(aside)
    _flush(target.parent)


def _move(target: Path, aside: Path) -> None:
    try:
        target.rename(aside)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        # a directory of the same disk mounted there, which cannot be told beforehand
        raise StoreError("release.mount_point", path=target) from None


def _exchange(one: Path, other: Path) -> bool:
    """Swap two directories in one step; False where the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    names = (AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other))
    return bool(rename(*names, RENAME_EXCHANGE) == 0)


def _flush_all(directory: Path) -> None:
    """Have everything on the disk before it takes the place of what is: the power may fail."""
    for path in directory.rglob("*"):
        _flush(path)
    _flush(directory)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
