"""Kinds of facility and places that somebody's words name."""

from __future__ import annotations

from collections.abc import Iterable

from exports.site.catalogue import Catalogue, Row
from exports.site.settings import site_settings


def named(catalogue: Catalogue, query: str) -> list[tuple[str, str]]:
    """Return (public table, code) of what the query, or one of its words, is a name of."""
    words = {query.casefold(), *query.casefold().split()}
    kinds = (
        ("facility_type", catalogue.types.values(), ("name_zh", "name_en", "aliases")),
        ("class", catalogue.classes.values(), ("name_zh", "name_en")),
        ("category", catalogue.categories.values(), ("name_zh", "name_en")),
        ("division", catalogue.divisions.values(), ("name",)),
    )
    return [
        (table, row["code"])
        for table, listed, fields in kinds
        for row in listed
        if words & set(_names(row, fields))
    ]


def _names(row: Row, fields: Iterable[str]) -> list[str]:
    names = [
        name.casefold() for field in fields for name in str(row[field] or "").split(";") if name
    ]
    if "level" in row:
        names += [_without_ending(name) for name in names]
    return names


def _without_ending(name: str) -> str:
    """Return 西湖 for 西湖区; a place of one character keeps its ending."""
    for ending in site_settings().division_endings:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
