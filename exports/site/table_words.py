"""What the table page calls by name: its columns, filters, and the addresses that change them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from codes.messages import language, text
from exports.site.address import Pairs, address_of
from exports.site.catalogue import Catalogue
from exports.site.cells import shown_cell
from exports.site.settings import site_settings

_CHINESE: Final = re.compile("[一-鿿]")


def table_globals(catalogue: Catalogue) -> dict[str, Any]:
    """Return the names the table template may use."""
    tables = catalogue.columns.tables
    return {
        "comparisons": sorted(site_settings().comparisons, key=_ORDER.index),
        "compared": lambda lookup: text(f"site.compare.{lookup}"),
        "toggled": toggled,
        "is_foreign": is_foreign,
        "without": without,
        "sorted_by": sorted_by,
        "next_page": lambda request, after: _at(request, _pairs(request, "_next"), _next=after),
        "json_address": lambda request: address_of(f"{request.path}.json", _pairs(request)),
        "chosen_filters": lambda filters, table: [
            chosen for chosen in filters.selections() if chosen[0] in tables[table].columns
        ],
        "folded": lambda table: folded(tables[table].columns, table),
        "shown_columns": lambda columns, table: _known(columns, "name", tables[table].columns),
        "ordered_facets": lambda facets, table: sorted(
            facets, key=lambda facet: site_settings().facets[table].index(facet["name"])
        ),
        "shown_cells": lambda row, table: [
            _with_key_named(catalogue, table, cell)
            for cell in _known(row, "column", tables[table].columns)
        ],
    }


def is_foreign(shown: Any) -> bool:
    """Say whether something is Chinese on a page that is not, and has to be marked so."""
    return language() != "zh" and _CHINESE.search(str(shown)) is not None


def folded(columns: Iterable[str], table: str) -> set[str]:
    """Return the columns a phone leaves out: a facility's page has them all."""
    shown = site_settings().on_a_phone.get(table)
    return set(columns).difference(shown) if shown else set()


_ORDER = ["exact", "not", "contains", "startswith", "endswith", "gt", "gte", "lt", "lte", "in",
          "isblank", "notblank"]  # fmt: skip


def toggled(request: Any, column: str, value: Any) -> str:
    """Return the address with this value chosen, or no longer chosen."""
    chosen = (column, str(value))
    others = [pair for pair in _pairs(request, "_next") if pair[0] != column]
    if chosen not in _pairs(request):
        others.append(chosen)
    return address_of(request.path, others)


def without(request: Any, column: str, lookup: str, value: str) -> str:
    """Return the address without one condition."""
    name = column if lookup == "exact" else f"{column}__{lookup}"
    dropped = {(name, value), (f"{column}__exact", value)}
    return address_of(
        request.path, [pair for pair in _pairs(request, "_next") if pair not in dropped]
    )


def sorted_by(request: Any, column: str, sort: str | None) -> str:
    """Return the address sorted by a column, the other way when it is already."""
    key = "_sort_desc" if column == sort else "_sort"
    return _at(request, _pairs(request, "_next", "_sort", "_sort_desc"), **{key: column})


def _at(request: Any, pairs: Pairs, **more: str) -> str:
    return address_of(request.path, [*pairs, *more.items()])


def _pairs(request: Any, *but: str) -> Pairs:
    return [
        (name, value)
        for name in request.args
        if name not in but
        for value in request.args.getlist(name)
    ]


def _known(items: Iterable[Any], key: str, columns: Any) -> list[Any]:
    """Leave out what is Datasette's own, such as the link of a table with a compound key."""
    return [item for item in items if item[key] in columns]


def _with_key_named(catalogue: Catalogue, table: str, cell: dict[str, Any]) -> dict[str, Any]:
    """Datasette links a row's key to its own row page; ours leads to the page of the thing."""
    if cell["value_type"] != "pk":
        return cell
    shown = shown_cell(catalogue, table, cell["column"], cell["raw"])
    return {**cell, "value": cell["raw"] if shown is None else shown}
