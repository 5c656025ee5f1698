"""Numbers kept under short keys while the rows of a file pass: in memory, or in little of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

CACHE_KIB: Final = 32 * 1024
"""Memory for all keys that are on disk; the rest of them the system holds while it can."""


BITS: Final = 1 << 25
"""Bits of a filter, 4 MB: after a million keys four in a thousand others are looked for."""

WRITTEN_AT_ONCE: Final = 5_000


class Numbers(Protocol):
    """A number for each key; a dictionary is one."""

    def get(self, key: bytes, /) -> int | None:
        """Return the number of a key, None when it has none."""

    def __setitem__(self, key: bytes, number: int, /) -> None:
        """Give a key a number."""


class NumbersOnDisk:
    """Numbers in a table of a SQLite file that nothing else uses.

    Most keys of a file are met once. So that these need not be looked for on disk, a few bits that
    say which keys may be there are in memory (a Bloom filter), and new ones are written together.
    Keys are digests, of eight bytes at least.
    """

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        """Make the table `name`."""
        connection.execute(
            f"CREATE TABLE {name} (key BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID"
        )
        self._connection = connection
        self._may_be = bytearray(BITS >> 3)
        self._waiting: dict[bytes, int] = {}  # not written yet
        self._get = f"SELECT number FROM {name} WHERE key = ?"  # noqa: S608  our own name
        self._set = f"INSERT OR REPLACE INTO {name} VALUES (?, ?)"  # noqa: S608

    def get(self, key: bytes, /) -> int | None:
        """Return the number of a key, None when it has none."""
        if key in self._waiting:
            return self._waiting[key]
        (one, other), may_be = _bits(key), self._may_be
        if not (may_be[one >> 3] >> (one & 7) & may_be[other >> 3] >> (other & 7) & 1):
            return None
        found = self._connection.execute(self._get, (key,)).fetchone()
        return found[0] if found else None

    def __setitem__(self, key: bytes, number: int, /) -> None:
        """Give a key a number."""
        self._waiting[key] = number
        one, other = _bits(key)
        self._may_be[one >> 3] |= 1 << (one & 7)
        self._may_be[other >> 3] |= 1 << (other & 7)
        if len(self._waiting) >= WRITTEN_AT_ONCE:
            self._connection.executemany(self._set, sorted(self._waiting.items()))
            self._waiting.clear()


def _bits(key: bytes) -> tuple[int, int]:
    """The two bits of a filter that stand for a key."""
    number = int.from_bytes(key[:8], "little")
    return number % BITS, (number >> 32) % BITS


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
