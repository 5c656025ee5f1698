"""Tell of a row that another of the files checked together has the same facility."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from registry.uploads.judged import Judged
from registry.uploads.repeated import keys_of, short_key


class _Place(NamedTuple):
    file: str
    sheet: str
    row: int


class OtherFiles:
    """The rows of the files checked so far, by what no two facilities share.

    Rejected rows are neither told of nor remembered: they count nowhere.
    """

    def __init__(self) -> None:
        self._seen: dict[bytes, _Place] = {}

    def look(self, file: str, rows: Iterable[Judged]) -> None:
        """Report each row that an earlier file has, naming where; then remember this file's."""
        mine: dict[bytes, _Place] = {}
        for row in rows:
            if row.rejected:
                continue
            told = False
            for key in keys_of(row):
                short = short_key(key)
                earlier = self._seen.get(short)
                if earlier and not told:
                    _report(row, key, earlier)
                    told = True
                mine.setdefault(short, _Place(file, row.row.sheet, row.row.number))
        self._seen = mine | self._seen


def _report(row: Judged, key: tuple[str, ...], earlier: _Place) -> None:
    row.report(
        "row_in_other_file",
        None if key[0] in ("facility", "place") else key[0],
        value=str(row.whole.get("name", "")),
        file=earlier.file,
        first=earlier.row,
        sheet_named_sheet=earlier.sheet,
        by_repetition=list(key),
    )
