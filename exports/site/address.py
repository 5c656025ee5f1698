"""Addresses within the site: how they are made, and what they may hold after the `?`.

Pages of our own drop what they do not know (a link from elsewhere may carry a tracking mark). A
table page refuses it: a filter silently dropped would show wrong data as if it were right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

from codes.messages import text
from exports.release.allow_list import PublicTable, allow_list
from exports.site.settings import DATABASE, site_settings

Pairs = list[tuple[str, str]]
MOST_CHARACTERS: Final = 2000
LARGEST_INTEGER: Final = 2**63 - 1
_TABLE: Final = re.compile(rf"/{DATABASE}/(?P<table>\w+?)(\.json)?")
_PLAIN_NAME: Final = re.compile(r"\w{1,60}", re.ASCII)
"""Only such a name is said again: a page that says anything can be made to say something foul."""

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
    """The address asks for something a visitor may not have; `parameter` says by which name."""

    def __init__(self, message_id: str, parameter: str = "", **params: Any) -> None:
        super().__init__(message_id)
        self.parameter = parameter if _PLAIN_NAME.fullmatch(parameter) else ""
        unsaid = parameter and not self.parameter
        self.message_id = "site.refused.say" if unsaid else message_id
        self.params = params

    def __str__(self) -> str:
        return text(self.message_id, name=self.parameter, **self.params)


def checked_query(path: str, pairs: list[tuple[str, str]]) -> str:
    """Return the query string in one fixed spelling. Raises Refused."""
    length = sum(len(name) + len(value) for name, value in pairs)
    if length > MOST_CHARACTERS:
        raise Refused("site.refused.too_long", seen=length, most=MOST_CHARACTERS)
    found = _TABLE.fullmatch(path)
    if found and (table := allow_list().tables.get(found["table"])):
        for name, value in pairs:
            if not (_allowed(table, name) and _readable(name, value)):
                raise Refused("site.refused.parameter", name)
            if name == "_size" and not path.endswith(".json"):
                _check_rows(value)
        if not _place_known(table, dict(pairs[::-1])):
            raise Refused("site.refused.parameter", "_next")
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


def _readable(name: str, value: str) -> bool:
    """Say whether Datasette can read the value a column is compared with; else it breaks down."""
    check = _VALUES.get(name.rpartition("__")[2])
    return check is None or check(value)


def _check_rows(value: str) -> None:
    """Raise Refused for more rows than a page shows; what is no number Datasette refuses."""
    most = site_settings().table_rows
    try:
        too_many = value == "max" or int(value) > most
    except ValueError:
        return
    if too_many:
        raise Refused("site.refused.rows", "_size", most=most)


def _is_number(value: str) -> bool:
    """Text is compared as text; what looks like a whole number has to be one SQLite can hold."""
    return not value.isdigit() or (value.isascii() and int(value) <= LARGEST_INTEGER)


def _is_list(value: str) -> bool:
    """A list is written as `a,b` or in JSON."""
    if not value.startswith("["):
        return True
    try:
        items = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return all(
        isinstance(item, str | float) or (isinstance(item, int) and abs(item) <= LARGEST_INTEGER)
        for item in items
    )


def _place_known(table: PublicTable, asked: dict[str, str]) -> bool:
    """Say whether `_next` names a place in the table: the value sorted by, then the whole key."""
    after = asked.get("_next")
    is_sorted = bool(asked.get("_sort") or asked.get("_sort_desc"))
    return not after or len(after.split(",")) == len(table.key) + is_sorted


_VALUES: Final[dict[str, Callable[[str], bool]]] = {
    "in": _is_list,
    **dict.fromkeys(("gt", "gte", "lt", "lte"), _is_number),
}
