"""What Datasette is told of the tables: titles, meanings, facets, what may be sorted by."""

from __future__ import annotations

from typing import Any

from exports.release.allow_list import AllowList, PublicTable
from exports.site.settings import DATABASE, site_settings


def datasette_metadata(listed: AllowList) -> dict[str, Any]:
    """Return Datasette's metadata, in Chinese; pages use the visitor's language."""
    tables = {name: _table(table) for name, table in listed.tables.items()}
    return {"databases": {DATABASE: {"tables": tables, "allow_sql": False}}}


def _table(table: PublicTable) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": table.title_zh,
        "description": table.about_zh,
        "columns": {
            row.name: "：".join(filter(None, (row.title_zh, row.describe("zh"))))
            for row in table.columns.values()
        },
        "sortable_columns": [*table.sortable],
        "facets": [{"total": column} for column in site_settings().facets.get(table.name, ())],
    }
    if table.label:
        found["label_column"] = table.label
    return found
