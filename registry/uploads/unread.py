"""Which columns of a large file are not read, once all its rows have passed."""

from __future__ import annotations

from registry.uploads.large_rows import LargeRows
from registry.uploads.reading.tabulate import filled_width
from registry.uploads.source import NO_ROWS, index_of


def unread_columns(rows: LargeRows) -> list[tuple[str, str, str]]:
    """Return (letter, header, reason), up to the last column that holds anything, as a check does.

    A line that is no row (a footer, a heading) may fill a column that no row fills.
    """
    filled = max(
        (index_of(letter) + 1 for letter, cells in rows.filled.items() if cells), default=0
    )
    beyond = range(rows.file.columns, rows.file.widest)
    columns = rows.columns.unread(rows.file.columns, beyond)
    if columns == rows.columns.unread(filled, beyond):
        return columns
    no_rows = {one.row for one in rows.about_lines if one.row and one.rule in NO_ROWS}
    lines = rows.file.records_of(no_rows) if no_rows else ()
    return rows.columns.unread(max([filled, *(filled_width(one[2]) for one in lines)]), beyond)
