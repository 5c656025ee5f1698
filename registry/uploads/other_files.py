"""Tell of a row that another of the files of one command has the same facility."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from registry.uploads.judged import Judged
from registry.uploads.numbers_kept import Numbers, first_of
from registry.uploads.repeated import ROW_MASK, SHEET_SHIFT, Key, keys_of, short_key

Look = Callable[[Sequence[Judged]], None]
"""Shown judged rows, of which it may say more."""


def unseen(_rows: Sequence[Judged]) -> None:
    """Say nothing of rows."""


class InFile(NamedTuple):
    """Where a row stands among several files."""

    file: str
    sheet: str
    row: int


class Others(Protocol):
    """What tells of rows that several files of one command have."""

    def begin(self, file: str) -> None:
        """The rows that come next are of this file."""

    def look(self, rows: Sequence[Judged], /) -> None:
        """Report each row that an earlier file has, naming where; and remember it."""


class OtherFiles:
    """The rows of the files so far, by what no two facilities share.

    Rejected rows are neither told of nor remembered: they count nowhere.
    """

    def __init__(self, first: Numbers) -> None:
        """Remember in `first` where each key was met."""
        self._first = first
        self._files: list[str] = []
        self._sheets: list[tuple[int, str]] = []

    def begin(self, file: str) -> None:
        """The rows that come next are of this file."""
        self._files.append(file)

    def look(self, rows: Sequence[Judged]) -> None:
        """Report each row that an earlier file has, naming where; and remember it."""
        for row in rows:
            if row.rejected:
                continue
            here, told = self._number_of(row), False
            for key in keys_of(row):
                found = first_of(self._first, short_key(key), here)
                file, sheet = self._sheets[found >> SHEET_SHIFT]
                if file != len(self._files) and not told:
                    report_in_other(
                        row, key, InFile(self._files[file - 1], sheet, found & ROW_MASK)
                    )
                    told = True

    def _number_of(self, row: Judged) -> int:
        sheet = len(self._files), row.row.sheet
        if sheet not in self._sheets[-1:]:
            self._sheets.append(sheet)
        return len(self._sheets) - 1 << SHEET_SHIFT | row.row.number


def report_in_other(row: Judged, key: Key, where: InFile) -> None:
    """Report that another file has a row with this key."""
    row.report(
        "row_in_other_file",
        None if key[0] in ("facility", "place") else key[0],
        value=str(row.whole.get("name", "")),
        file=where.file,
        first=where.row,
        sheet_named_sheet=where.sheet,
        by_repetition=list(key),
    )
