"""Addresses within the site: how they are made, and what they may hold after the `?`.

Pages of our own drop what they do not know (a link from elsewhere may carry a tracking mark). A
table page refuses it: a filter silently dropped would show wrong data as if it were right.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote, urlencode

from exports.release.allow_list import PublicTable, allow_list
from exports.site.settings import DATABASE, site_settings

Pairs = list[tuple[str, str]]
MOST_CHARACTERS: Final = 2000
_TABLE: Final = re.compile(rf"/{DATABASE}/(?P<table>\w+?)(\.json)?")
_FORM: Final = re.compile(r"_filter_(column|op|value)(_\d{1,2})?")


def address(path: str, **query: Any) -> str:
    """Return an address within the site; empty values are left out.

    >>> address("/search", q="医院", page=None)
    '/search?q=%E5%8C%BB%E9%99%A2'
    """
    kept = {key: value for key, value in query.items() if value not in (None, "")}
    return quote(path) + (f"?{urlencode(kept)}" if kept else "")


def address_of(path: str, pairs: Pairs) -> str:
    """Return an address whose query may hold one name twice."""
    return address(path) + (f"?{urlencode(pairs)}" if pairs else "")


class Refused(Exception):
    """The address asks for something a visitor may not have."""


def checked_query(path: str, pairs: list[tuple[str, str]]) -> str:
    """Return the query string in one fixed spelling. Raises Refused."""
    if sum(len(name) + len(value) for name, value in pairs) > MOST_CHARACTERS:
        raise Refused(path)
    found = _TABLE.fullmatch(path)
    if found and (table := allow_list().tables.get(found["table"])):
        if not all(_allowed(table, name) for name, _ in pairs):
            raise Refused(path)
        return urlencode(pairs)
    known = site_settings().page_options
    return urlencode(sorted(pair for pair in pairs if pair[0] in known and pair[1]))


def _allowed(table: PublicTable, name: str) -> bool:
    settings = site_settings()
    if name in settings.table_options or _FORM.fullmatch(name) or name == "_sort_by_desc":
        return True
    column, _, comparison = name.rpartition("__")
    if not column:
        column, comparison = name, "exact"
    return column in table.columns and comparison in settings.comparisons
