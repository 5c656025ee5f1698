"""The folder of a demonstration: made new, or emptied of what an earlier one put there."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codes.errors import StoreError, UsageError
from codes.system_errors import reason_of

MARKER: Final = ".fuwuma-demo"
SENT: Final = "报送"
RECEIPTS: Final = "回执"
RELEASE: Final = "release"
DATABASE: Final = "fuwuma.db"

_OURS: Final = (SENT, RECEIPTS, RELEASE, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")


@dataclass(frozen=True)
class DemoFolder:
    """Where a demonstration puts things."""

    root: Path

    @property
    def sent(self) -> Path:
        """The departments' files."""
        return self.root / SENT

    @property
    def receipts(self) -> Path:
        """Their files back, with what was found."""
        return self.root / RECEIPTS

    @property
    def release(self) -> Path:
        """The published release."""
        return self.root / RELEASE

    @property
    def database(self) -> Path:
        """The registry, unless another one is named."""
        return self.root / DATABASE


def prepare(root: Path, *, force: bool) -> DemoFolder:
    """Return the folder, ready: missing, empty, or one that an earlier demonstration made.

    Raises UsageError for a folder that holds something else, unless `force`; only what a
    demonstration makes is ever removed. Raises StoreError when it cannot be written.
    """
    if root.exists() and not root.is_dir():
        raise UsageError("demo.not_a_folder", path=root)
    try:
        if root.exists() and not (root / MARKER).exists() and any(root.iterdir()) and not force:
            raise UsageError("demo.not_empty", path=root)
        root.mkdir(parents=True, exist_ok=True)
        # The mark goes first: an interrupted demonstration can then be begun anew.
        (root / MARKER).write_text(json.dumps({"made_by": "fuwuma demo"}) + "\n", "utf-8")
        for name in _OURS:
            _remove(root / name)
        folder = DemoFolder(root)
        folder.sent.mkdir()
        folder.receipts.mkdir()
    except OSError as error:
        path = error.filename or root
        raise StoreError("demo.folder_unusable", path=path, detail=reason_of(error)) from error
    return folder


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
