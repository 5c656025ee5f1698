"""A disk that is full, or a file that cannot be written, said in a sentence.

Python, SQLite and DuckDB each say it in their own way.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from codes.errors import StoreError
from codes.system_errors import reason_of

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
MIB: Final = 1 << 20


@contextmanager
def writing_below(building: Path) -> Iterator[None]:
    """Turn what goes wrong in writing below `building` into a StoreError.

    `release.disk_full` says how much was written, `release.not_written` what the system said.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise _said(error, building) from error
    except Exception as error:  # DuckDB's errors have no base but this without loading it
        if not type(error).__module__.endswith("duckdb"):
            raise
        raise _said(error, building) from error


def _said(error: Exception, building: Path) -> StoreError:
    place = building.parent
    if _is_full(error):
        return StoreError("release.disk_full", path=place, mib=_written(building) // MIB)
    return StoreError("release.not_written", path=place, detail=reason_of(error))


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return "No space left" in str(error) or "File too large" in str(error)


def _written(building: Path) -> int:
    return sum(path.stat().st_size for path in building.rglob("*") if path.is_file())
