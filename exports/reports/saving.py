"""Put several files in place as one set: all of them new, or all of them as they were."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from codes.errors import StoreError
from codes.system_errors import reason_of


def save_all(contents: Mapping[Path, bytes]) -> None:
    """Write every file under another name first; move them all, in order, when all are written.

    The moves are single steps of the file system with nothing between them. Raises StoreError when
    a file cannot be written or moved; those that were there before are then there again.
    """
    number = os.getpid()
    written = {path: path.with_name(f".{path.name}.{number}.new") for path in contents}
    kept = {path: path.with_name(f".{path.name}.{number}.old") for path in contents}
    try:
        for target, temporary in written.items():
            _write(temporary, contents[target])
        _move_all(written, kept)
    except OSError as error:
        known = {str(temporary): path for path, temporary in written.items()}
        path, detail = known.get(error.filename, error.filename), reason_of(error)
        raise StoreError("evaluate.unwritable", path=path, detail=detail) from error
    finally:
        for temporary in (*written.values(), *kept.values()):
            temporary.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        error.filename = str(path)  # a full disk is told without the file's name
        raise


def _move_all(written: Mapping[Path, Path], kept: Mapping[Path, Path]) -> None:
    moved: list[Path] = []
    try:
        for path, temporary in written.items():
            if path.is_file():
                _keep(path, kept[path])
            temporary.replace(path)
            moved.append(path)
    except OSError:
        for path in moved:
            _put_back(path, kept[path])
        raise


def _keep(path: Path, beside: Path) -> None:
    """Give the file a second name; on a file system without such, copy it."""
    beside.unlink(missing_ok=True)
    try:
        beside.hardlink_to(path)
    except OSError:
        beside.write_bytes(path.read_bytes())


def _put_back(path: Path, beside: Path) -> None:
    if beside.exists():
        beside.replace(path)
    else:
        path.unlink()
