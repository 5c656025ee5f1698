"""Write the public SQLite file: new, from the allow-list, then indexed, packed and checked.

The working file is filled table by table; indexes and the search index come after the rows, so
they hold nothing but what the rows hold. `VACUUM INTO` then writes the released file, which has no
residue of anything and is the same byte for byte whenever the rows are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from codes.code_layout import CHECK, SERIAL, load_layout
from codes.errors import StoreError
from exports.release.allow_list import KINDS, AllowList, PublicTable
from exports.release.grams import code_parts, grams
from exports.release.initials import initial_pieces
from exports.release.kept_rows import guard, kept_cells
from exports.release.search_keys import keys_of_row

APPLICATION_ID: Final = 0x66777572
"""`fwur` in the file's header: a fuwuma release."""

FORMER_NAMES: Final = (
    "(SELECT group_concat(history.name, ' ') FROM history WHERE history.code = facility.code)"
)
CODE_PIECE: Final = 4
"""So many characters of a code are the shortest part that is looked up."""

CODE_TAIL: Final = sum(
    segment.length for segment in load_layout().segments if segment.segment in (SERIAL, CHECK)
)
"""So many characters at the end of a code differ from facility to facility."""

CODE_START: Final = load_layout().length - CODE_TAIL
"""So many characters before them are shared by many."""

SEARCH_TABLES: Final = {
    "name_index": ("grams", ("name",), ()),
    "text_index": (
        "grams", ("name", "address", "operator_name", FORMER_NAMES), keys_of_row(CODE_START)
    ),
    "initials_index": ("initial_pieces", ("name",), ()),
    "code_index": ("", code_parts(CODE_PIECE, CODE_TAIL), ()),
}  # fmt: skip
"""Full-text table -> what cuts its text, what of a row of `facility` that is, keys beside it."""


class Snapshot:
    """The working file of one release. Use it as a context manager; `pack` writes the result."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.create_function("grams", 1, grams, deterministic=True)
        self.db.create_function("initial_pieces", 1, initial_pieces, deterministic=True)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000"):
            self.db.execute(f"PRAGMA {pragma}")
        self.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_error: object) -> None:
        self.db.close()

    def create(self, table: PublicTable) -> None:
        """Create the table with its key and references, still without other indexes."""
        lines = [f'"{row.name}" {KINDS[row.kind]}' for row in table.columns.values()]
        lines.append(f"PRIMARY KEY ({_names(table.key)})")
        lines += [
            f'FOREIGN KEY ("{row.name}") REFERENCES "{row.points_to}" ("code")'
            for row in table.columns.values()
            if row.points_to
        ]
        packed = " WITHOUT ROWID" if len(table.key) > 1 else ""
        body = ",\n  ".join(lines)
        self.db.execute(f'CREATE TABLE "{table.name}" (\n  {body}\n){packed}')

    def fill(self, table: PublicTable, rows: Iterable[tuple[Any, ...]]) -> int:
        """Insert the rows and return how many there are.

        A row of a facility that is not in the release is left out, and so is one of an annulled
        facility where the allow-list says so.
        """
        places = kept_cells(table, lambda number, _name: f"?{number}")
        condition = guard(table, lambda number, _name: f"?{number}", "facility")
        values = f"SELECT {places} WHERE {condition}" if condition else f"VALUES ({places})"
        sql = f'INSERT INTO "{table.name}" {values}'
        self.db.execute("BEGIN")
        written = self.db.executemany(sql, rows).rowcount
        self.db.execute("COMMIT")
        return max(written, 0)

    def total(self) -> int:
        """Sum the facilities by type, county and status; return how many sums there are."""
        return self.db.execute(
            "INSERT INTO total SELECT type_code, county_code, status, count(*)"
            " FROM facility GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        ).rowcount

    def divisions_used(self, listed: AllowList) -> list[str]:
        """Return every division code that a filled table points to, sorted."""
        parts = [
            f'SELECT "{row.name}" AS code FROM "{table.name}"'  # noqa: S608
            for table in listed.tables.values()
            for row in table.columns.values()
            if row.points_to == "division" and table.name not in ("division", "total")
        ]
        sql = f"SELECT code FROM ({' UNION '.join(parts)}) WHERE code IS NOT NULL ORDER BY code"  # noqa: S608
        return [code for (code,) in self.db.execute(sql)]

    def index(self, table: PublicTable) -> None:
        """Index every listed group of columns and every reference that no index begins with."""
        groups = [*table.indexes]
        begun = {group[0] for group in (*groups, table.key)}
        groups += [
            (row.name,) for row in table.columns.values() if row.points_to and row.name not in begun
        ]
        for group in groups:
            name = "_".join(("ix", table.name, *group))
            self.db.execute(f'CREATE INDEX "{name}" ON "{table.name}" ({_names(group)})')

    def index_text(self) -> None:
        """Build the search index from what was projected; contentless, it holds no text.

        It points to the rows by number; facilities are numbered 1, 2, 3 without a gap, which
        packing keeps.
        """
        for name, (cut, parts, keys) in SEARCH_TABLES.items():
            self.db.execute(
                f'CREATE VIRTUAL TABLE "{name}" USING fts5(grams, content="", detail=none,'
                ' columnsize=0, tokenize="ascii")'
            )
            joined = " || ' ' || ".join(f"coalesce({part}, '')" for part in parts)
            whole = " || ' ' || ".join((f"{cut}({joined})", *keys))
            named = " WHERE name IS NOT NULL" if cut else ""  # an annulled one has only its code
            self.db.execute("BEGIN")
            self.db.execute(
                f'INSERT INTO "{name}"(rowid, grams) SELECT rowid, {whole}'  # noqa: S608
                f" FROM facility{named} ORDER BY rowid"
            )
            self.db.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'optimize\')')  # noqa: S608
            self.db.execute("COMMIT")

    def pack(self, target: Path) -> None:
        """Write the released file."""
        self.db.execute("ANALYZE")
        self.db.execute("VACUUM INTO ?", (str(target),))


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def open_packed(path: Path) -> sqlite3.Connection:
    """Open a released file, which never changes."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)


def check_packed(path: Path) -> None:
    """Raise StoreError when a released file does not pass SQLite's own checks.

    Every page and every reference is checked. That each index says what its table says is not: it
    was made from that table a moment ago in this process, and to look takes longer than to make it.
    """
    with closing(open_packed(path)) as db:
        try:
            damage = [row[0] for row in db.execute("PRAGMA quick_check")]
            loose = db.execute("PRAGMA foreign_key_check").fetchmany(3)
        except sqlite3.DatabaseError as error:  # too damaged even to be looked through
            raise StoreError("release.check_failed", detail=error) from error
    if damage != ["ok"] or loose:
        raise StoreError("release.check_failed", detail=f"{damage[:3]} {loose}")
