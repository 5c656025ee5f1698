"""Judged rows of a large file kept on disk until all are known: memory stays what a few rows take.

A file of SQLite's in a folder of its own; nothing of it outlives the submitting.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from registry.db import json_text
from registry.uploads.alike import Earlier
from registry.uploads.finding_rows import FINDING_COLUMNS
from registry.uploads.numbers_kept import CACHE_KIB, NumbersOnDisk
from registry.uploads.store import ROW_COLUMNS, Cells

EARLIER_COLUMNS: Final = ("sheet", "number", "county", "whole", "previous")
WRITTEN_AT_ONCE: Final = 1_000
TABLES: Final = {"kept_row": ROW_COLUMNS, "finding": FINDING_COLUMNS, "earlier": EARLIER_COLUMNS}


class Spool:
    """Rows and findings as they will be stored; and, as a `Kept`, what later rows look back at."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[Cells] = []  # to look back at, not written yet
        self._earlier = 0
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        for name, columns in TABLES.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            connection.execute(f"CREATE TABLE {name} ({listed})")
        connection.execute("BEGIN")

    def add(self, rows: list[Cells], findings: list[Cells]) -> None:
        """Keep rows, and what was found in them."""
        self._insert("kept_row", rows)
        self._insert("finding", findings)

    def rows(self) -> Iterator[Cells]:
        """Yield the rows, in order."""
        return self._all("kept_row")

    def findings(self) -> Iterator[Cells]:
        """Yield what was found in them, in order."""
        return self._all("finding")

    def __len__(self) -> int:
        """How many rows there are to look back at."""
        return self._earlier

    def __getitem__(self, place: int) -> Earlier:
        """Return one of them."""
        if place >= self._earlier - len(self._waiting):
            self._write_waiting()
        query = f"SELECT {', '.join(EARLIER_COLUMNS)} FROM earlier WHERE rowid = ?"  # noqa: S608
        found = self._connection.execute(query, (place + 1,)).fetchone()
        sheet, number, county, whole, previous = found
        return Earlier(sheet, number, county, json.loads(whole), previous)

    def append(self, row: Earlier) -> None:
        """Keep one more to look back at."""
        about = row.sheet, row.number, row.county, json_text(row.whole), row.previous
        self._waiting.append(about)
        self._earlier += 1
        if len(self._waiting) >= WRITTEN_AT_ONCE:
            self._write_waiting()

    def numbers(self, name: str) -> NumbersOnDisk:
        """Make a place for numbers of its own."""
        return NumbersOnDisk(self._connection, name)

    def _write_waiting(self) -> None:
        self._insert("earlier", self._waiting)
        self._waiting = []

    def _insert(self, name: str, cells: list[Cells]) -> None:
        marks = ", ".join("?" * len(TABLES[name]))
        self._connection.executemany(f"INSERT INTO {name} VALUES ({marks})", cells)  # noqa: S608

    def _all(self, name: str) -> Iterator[Cells]:
        return iter(self._connection.execute(f"SELECT * FROM {name} ORDER BY rowid"))  # noqa: S608


@contextmanager
def spool(folder: Path) -> Iterator[Spool]:
    """Give an empty spool in a folder."""
    with closing(sqlite3.connect(folder / "spool.db", isolation_level=None)) as connection:
        yield Spool(connection)
