"""A cell of a table page: the name behind a code, with its link."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from codes import facility_code
from codes.messages import language
from exports.site.address import address
from exports.site.catalogue import Catalogue

PAGES = {
    "facility": "/code/",
    "category": "/category/",
    "class": "/class/",
    "facility_type": "/type/",
    "division": "/division/",
    "indicator": "/indicator/",
}
"""Public table -> beginning of the address of a row's own page."""


def shown_cell(catalogue: Catalogue, table: str, column: str, value: Any) -> Markup | str | None:
    """Return what a page shows for a value; None leaves it to Datasette."""
    described = catalogue.columns.tables[table].columns.get(column)
    if isinstance(value, dict):
        value = value["value"]
    if described is None or value is None:
        return None
    target = described.points_to or (
        table if catalogue.columns.tables[table].key == (column,) else ""
    )
    shown = facility_code.format(value) if target == "facility" else None
    shown = shown or catalogue.cell(described, value, language())
    if target in PAGES:
        return Markup('<a href="{}">{}</a>').format(address(f"{PAGES[target]}{value}"), shown)
    return Markup("{}").format(escape(shown))
