"""What a release keeps of the rows it is given, as SQL: which rows, and how exact their cells."""

from __future__ import annotations

from collections.abc import Callable

from exports.release.allow_list import PublicTable
from exports.release.registry_rows import ANNULLED


def guard(table: PublicTable, cell: Callable[[int, str], str], facility: str) -> str:
    """Return the SQL of which rows of a table a release has; empty when it has all.

    `cell` gives the SQL of a row's cell by the number and name of its column, `facility` is what
    the table of facilities is called.
    """
    conditions = [
        f"EXISTS (SELECT 1 FROM {facility} AS public WHERE public.code = {cell(number, row.name)}"  # noqa: S608
        + (f" AND public.status <> '{ANNULLED}')" if table.hidden_when_annulled else ")")
        for number, row in enumerate(table.columns.values(), start=1)
        if row.points_to == "facility"
    ]
    return " AND ".join(conditions)


def kept_cells(table: PublicTable, cell: Callable[[int, str], str]) -> str:
    """Return the SQL of a row's cells as a release keeps them, `cell` as for `guard`.

    SQLite rounds whatever the registry is kept in: databases round halves differently.
    """
    return ", ".join(
        cell(number, row.name)
        if row.decimals is None
        else f"round({cell(number, row.name)}, {row.decimals})"
        for number, row in enumerate(table.columns.values(), start=1)
    )
