"""Numbers kept under short keys while the rows of a file pass: in memory, or in little of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

CACHE_KIB: Final = 32 * 1024
"""Memory for all keys that are on disk; the rest of them the system holds while it can."""


class Numbers(Protocol):
    """A number for each key; a dictionary is one."""

    def get(self, key: bytes, /) -> int | None:
        """Return the number of a key, None when it has none."""

    def __setitem__(self, key: bytes, number: int, /) -> None:
        """Give a key a number."""


class NumbersOnDisk:
    """Numbers in a table of a SQLite file that nothing else uses."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        """Make the table `name`."""
        connection.execute(
            f"CREATE TABLE {name} (key BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID"
        )
        self._connection = connection
        self._get = f"SELECT number FROM {name} WHERE key = ?"  # noqa: S608  our own name
        self._set = f"INSERT OR REPLACE INTO {name} VALUES (?, ?)"  # noqa: S608

    def get(self, key: bytes, /) -> int | None:
        """Return the number of a key, None when it has none."""
        found = self._connection.execute(self._get, (key,)).fetchone()
        return found[0] if found else None

    def __setitem__(self, key: bytes, number: int, /) -> None:
        """Give a key a number."""
        self._connection.execute(self._set, (key, number))


@contextmanager
def numbers_on_disk(folder: Path) -> Iterator[NumbersOnDisk]:
    """Give an empty place for numbers in a folder, where nothing of it is safe from a failure."""
    with closing(sqlite3.connect(folder / "numbers.db", isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        numbers = NumbersOnDisk(connection, "numbers")
        connection.execute("BEGIN")
        yield numbers


def first_of(numbers: Numbers, key: bytes, number: int) -> int:
    """Return the number a key was first given, this one if it has none."""
    found = numbers.get(key)
    if found is None:
        numbers[key] = found = number
    return found
