"""Open a workbook for writing, and put it in place whole or not at all; add sheets to it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

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

_LONGEST_NAME: Final = 31
"""Characters that the name of a sheet may have, those beyond the basic plane counted twice."""

_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")


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


def add_sheet(workbook: Workbook, name: str) -> Worksheet:
    """Add a sheet called `name`, or as nearly so as spreadsheet programs and the others allow.

    Other programs write names that Excel refuses: too long, with `/` in them, in apostrophes.
    """
    wanted = _cut(_NOT_IN_NAMES.sub("_", name).strip("'"), _LONGEST_NAME).strip("'") or "_"
    taken = {sheet.get_name().lower() for sheet in workbook.worksheets()}
    given = wanted
    for number in count(2):
        if given.lower() not in taken:
            break
        ending = f" ({number})"
        given = _cut(wanted, _LONGEST_NAME - len(ending)) + ending
    return workbook.add_worksheet(given)


def _cut(name: str, most: int) -> str:
    return name.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _allow_reading(path: Path) -> None:
    """Give the file the rights any new file would have; a temporary one is private."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
