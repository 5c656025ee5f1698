"""Open a workbook for writing and put it in place whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException

from codes.errors import StoreError
from codes.system_errors import reason_of

_OPTIONS: Final[dict[str, Any]] = {
    # What a sender typed stays what it was: never a formula, a link or a guessed number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "in_memory": True,
}


@contextmanager
def new_workbook(path: Path, options: dict[str, Any] | None = None) -> Iterator[Workbook]:
    """Give a workbook that lands at `path` when the block ends well, and leaves nothing if not.

    Raises StoreError when the folder or the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".xlsx", dir=path.parent)
    except OSError as error:
        raise StoreError("workbook.unwritable", path=path, detail=reason_of(error)) from error
    os.close(handle)
    unfinished = Path(name)
    try:
        workbook = Workbook(name, {**_OPTIONS, **(options or {})})
        yield workbook
        workbook.close()
        _allow_reading(unfinished)
        unfinished.replace(path)
    except (OSError, XlsxWriterException) as error:
        cause = next((one for one in error.args if isinstance(one, OSError)), error)
        raise StoreError("workbook.unwritable", path=path, detail=reason_of(cause)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _allow_reading(path: Path) -> None:
    """Give the file the rights any new file would have; a temporary one is private."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
