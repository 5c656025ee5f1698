"""What the files checked before this one hold, so that its rows are compared with theirs.

Large files and small ones of one command; the keys are kept in a database of their own.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from registry.bulk.canonical import CanonicalFile
from registry.bulk.compile.values import literal
from registry.bulk.engine import Connection, engine, fill
from registry.bulk.file_cells import source
from registry.bulk.repeats import GIVEN, KEYS_GIVEN, STEPS, key_rows
from registry.bulk.tiers import Tier, rows_of
from registry.uploads.judged import Judged
from registry.uploads.other_files import InFile, report_in_other
from registry.uploads.repeated import keys_of

ROWS_OF: Final = {"place": "BIGINT", "sheet": "VARCHAR", "number": "BIGINT"}
"""The table `numbered_rows`: where the row at a place stands in the sender's file."""

_KEYS: Final = (
    "CREATE TABLE IF NOT EXISTS files.keys "
    "(step INTEGER, h UBIGINT, file INTEGER, sheet VARCHAR, number BIGINT)"
)
_IN_OTHERS: Final = (
    "CREATE OR REPLACE TABLE in_others AS "
    "SELECT k.place, k.step, f.file, f.sheet, f.number FROM (FROM keys ANTI JOIN left_out "
    "USING (place)) AS k JOIN files.keys AS f USING (step, h) WHERE f.file < ? "
    "QUALIFY row_number() OVER (PARTITION BY k.place ORDER BY k.step) = 1"
)
_KEEP: Final = (
    "INSERT INTO files.keys SELECT step, h, ?, sheet, number FROM "
    "(SELECT step, h, min(place) AS place FROM keys ANTI JOIN left_out USING (place) GROUP BY ALL) "
    "JOIN numbered_rows USING (place) ANTI JOIN files.keys AS f USING (step, h)"
)


class EarlierFiles:
    """The rows of the files of one command that are not rejected, by what no two should share."""

    def __init__(self, folder: Path) -> None:
        """Keep their keys in a folder."""
        self._folder = folder
        self._names: list[str] = []

    def begin(self, file: str) -> None:
        """The rows that come next are of this file."""
        self._names.append(file)

    def compare(self, connection: Connection) -> None:
        """Find the rows in the table `keys` that other files have; then remember them.

        Those in `left_out` are passed over; `numbered_rows` says where they stand.
        """
        path = literal(str(self._folder / "files.duckdb")).sql("duckdb")
        connection.execute(f"ATTACH {path} AS files")
        connection.execute(_KEYS)
        connection.execute(_IN_OTHERS, [len(self._names)])
        connection.execute(_KEEP, [len(self._names)])
        connection.execute("DETACH files")

    def counted(self, connection: Connection) -> list[tuple[int, int]]:
        """Return how many rows were found by each step."""
        query = "SELECT step, count(*) FROM in_others GROUP BY step ORDER BY step"
        return connection.execute(query).fetchall()

    def first(
        self, connection: Connection, most: int, places: Collection[int] = ()
    ) -> dict[int, tuple[int, InFile]]:
        """Return of each step the first rows found, and those at `places`: step, and where."""
        fill(connection, "asked_places", {"place": "BIGINT"}, [(one,) for one in places])
        found = connection.execute(
            "SELECT place, step, file, sheet, number FROM in_others QUALIFY "
            f"row_number() OVER (PARTITION BY step ORDER BY place) <= {most} "
            "OR place IN (FROM asked_places)"
        )
        return {place: (step, self._where(*rest)) for place, step, *rest in found.fetchall()}

    def look(self, rows: Sequence[Judged]) -> None:
        """Report each row of a small file that an earlier file has; then remember its rows."""
        kept = {at: _unregistered(row) for at, row in enumerate(rows) if not row.rejected}
        keys = [key for at, row in kept.items() for key in key_rows(at, row)]
        stand = [(at, row.row.sheet, row.row.number) for at, row in kept.items()]
        with engine(self._folder, self._names[-1], in_memory=True) as connection:
            fill(connection, "given", GIVEN, keys)
            fill(connection, "left_out", {"place": "BIGINT"}, [])
            fill(connection, "numbered_rows", ROWS_OF, stand)
            connection.execute(f"CREATE VIEW keys AS {KEYS_GIVEN}")
            self.compare(connection)
            for at, (step, where) in self.first(connection, len(rows)).items():
                key = next(one for one in keys_of(kept[at]) if one[0] == STEPS[step])
                report_in_other(rows[at], key, where)

    def _where(self, file: int, sheet: str, number: int) -> InFile:
        return InFile(self._names[file - 1], sheet, number)


def leave_out(connection: Connection, tiers: Iterable[Tier]) -> None:
    """Make the table `left_out` of the places of the rows that are rejected."""
    connection.execute(
        "CREATE OR REPLACE TABLE left_out AS SELECT place FROM repeats "
        "UNION SELECT place FROM exact_outcomes WHERE outcome = 'rejected'"
    )
    for tier in tiers:
        rejected = [one for one in tier.groups(connection, "", 1) if one.rejected]
        if rejected:
            connection.execute(f"INSERT INTO left_out {rows_of(connection, tier, rejected)}")


def number_rows(connection: Connection, file: CanonicalFile, sheet: str) -> None:
    """Make the table `numbered_rows` of the rows of a file."""
    place, number, rows = "range", f"range + {file.skip + 1}", f"range({file.lines})"
    if file.numbered:
        place, number, rows = "rowid", "number", "numbers_sent"
        sent = f"SELECT number::BIGINT AS number FROM {source(file).sql('duckdb')}"
        connection.execute(f"CREATE OR REPLACE TABLE {rows} AS {sent}")
    connection.execute(
        f"CREATE OR REPLACE VIEW numbered_rows AS SELECT {place} AS place, "
        f"{literal(sheet).sql('duckdb')} AS sheet, {number} AS number FROM {rows}"
    )


def _unregistered(row: Judged) -> Judged:
    """The row as one of which it is not known what is registered, as large files have them."""
    return replace(row, registered=None)
