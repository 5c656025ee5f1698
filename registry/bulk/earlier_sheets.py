"""What the sheets of a file that were checked before this one hold, so that its rows are compared.

Their keys are kept in a database of their own, beside those of the checks.
"""

# ruff: noqa: S608 -- queries are put together from our own names; what a file says is a parameter
from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from registry.bulk.compile.values import literal
from registry.bulk.engine import Connection
from registry.bulk.exact import Judge
from registry.bulk.repeats import EARLIER
from registry.uploads.judged import Judged


class EarlierSheets:
    """The rows of earlier sheets by their places: one sheet after the other, all before 0."""

    def __init__(self, folder: Path) -> None:
        """Keep their keys in a folder."""
        self._path = folder / "earlier.duckdb"
        self._judges: list[tuple[int, Judge]] = []
        self._lines = 0

    def give(self, connection: Connection) -> None:
        """Make the view of their keys."""
        connection.execute(f"ATTACH {literal(str(self._path)).sql('duckdb')} AS earlier")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS earlier.keys (place BIGINT, step INTEGER, h UBIGINT)"
        )
        connection.execute(
            f"CREATE VIEW {EARLIER} AS "
            f"SELECT place - {self._lines} AS place, step, h FROM earlier.keys"
        )

    def keep(self, connection: Connection, judge: Judge) -> None:
        """Remember the keys of one more sheet, and what judges its rows."""
        connection.execute(
            f"INSERT INTO earlier.keys SELECT place + {self._lines}, step, h FROM keys"
        )
        self._judges.append((self._lines, judge))
        self._lines += judge.file.lines

    def decided(self, places: Collection[int]) -> Iterator[tuple[int, Judged]]:
        """Yield the rows at some places, judged; those of this sheet are passed over."""
        for first, judge in self._judges:
            own = [self._lines + one - first for one in sorted(places) if one < 0]
            here = [one for one in own if 0 <= one < judge.file.lines]
            for place, row, _ in judge.decided(here):
                yield first + place - self._lines, row
