"""Say in the language in use what the system, SQLite or a database server reported."""

from __future__ import annotations

import errno
import socket
import sqlite3
from typing import Final

from codes.messages import text

PRIMARY: Final = 0xFF
"""The part of SQLite's error code that tells the kind; the rest tells the occasion."""

ERRNO_SAID: Final = {
    getattr(errno, name): f"system.{name}"
    for name in (
        *("ENOENT", "EACCES", "EPERM", "EEXIST", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "ENOSPC"),
        *("EDQUOT", "EFBIG", "EROFS", "EBUSY", "EIO", "EMFILE", "ELOOP", "EADDRINUSE"),
        *("EADDRNOTAVAIL", "ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH"),
    )
}
SQLITE_SAID: Final = {
    getattr(sqlite3, name): f"system.{name}"
    for name in (
        *("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_BUSY", "SQLITE_IOERR", "SQLITE_FULL"),
        *("SQLITE_READONLY", "SQLITE_CANTOPEN"),
    )
}


def reason_of(error: BaseException | None) -> str:
    """Return what went wrong as part of a sentence; what is rare in the words of its source."""
    if isinstance(error, socket.gaierror):
        return text("system.host_unknown")
    if isinstance(error, OSError) and error.errno in ERRNO_SAID:
        return text(ERRNO_SAID[error.errno])
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, sqlite3.Error):
        kind = (getattr(error, "sqlite_errorcode", None) or 0) & PRIMARY
        return text(SQLITE_SAID[kind]) if kind in SQLITE_SAID else str(error)
    if str(error).startswith("connection failed"):  # psycopg: the server gave no code
        detail = " ".join(str(error).partition("\n")[0].split())
        return text("system.server_unreachable", detail=detail)
    return str(error)
