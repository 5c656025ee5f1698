"""Addresses within the site: how they are made, and what they may hold after the `?`.

Pages of our own drop what they do not know (a link from elsewhere may carry a tracking mark), but
not a condition of another page. A table page refuses whatever it does not know, and so does an
address for programs: a filter silently dropped would show wrong data as if it were right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

from exports.release.allow_list import PublicTable, allow_list
from exports.site.endpoints import conditions, endpoint_options
from exports.site.problems import FOR_PROGRAMS, NOT_TAKEN, Problem
from exports.site.settings import DATABASE, site_settings

Pairs = list[tuple[str, str]]
MOST_CHARACTERS: Final = 2000
FILES: Final = ("/download/", "/static/")
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
    """The address asks for something a visitor may not have."""

    def __init__(self, name: str, parameter: str = "", **params: Any) -> None:
        super().__init__(name)
        said = _PLAIN_NAME.fullmatch(parameter)
        more = {"parameter": parameter} if said else {}
        unsaid = parameter and not said
        self.problem = Problem(NOT_TAKEN if unsaid else name, {"name": parameter, **params}, more)

    def __str__(self) -> str:
        return " ".join(self.problem.sentences())


def checked_query(path: str, pairs: list[tuple[str, str]]) -> str:
    """Return the query string in one fixed spelling. Raises Refused."""
    length = sum(len(name) + len(value) for name, value in pairs)
    if length > MOST_CHARACTERS:
        raise Refused("too_long", seen=length, most=MOST_CHARACTERS)
    found = _TABLE.fullmatch(path)
    if found and (table := allow_list().tables.get(found["table"])):
        for name, value in pairs:
            if not (_allowed(table, name) and _readable(name, value)):
                raise Refused("parameter", name)
        check_options(table, pairs, for_programs=path.endswith(FOR_PROGRAMS))
        return urlencode(pairs)
    is_endpoint = path.endswith(FOR_PROGRAMS) and not path.startswith(FILES)
    known = endpoint_options(path) if is_endpoint else page_options(path)
    for name, _ in pairs:
        if name not in known and (is_endpoint or (known and name in conditions())):
            raise Refused("parameter", name)
    return urlencode(sorted(pair for pair in pairs if pair[0] in known and pair[1]))


def page_options(path: str) -> frozenset[str]:
    """Return what a page of our own takes after the `?`.

    >>> sorted(page_options("/search")), sorted(page_options("/about"))
    (['page', 'q'], [])
    """
    first = path.strip("/").partition("/")[0].partition(".")[0]
    return site_settings().page_options.get(first, frozenset())


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


def check_options(table: PublicTable, pairs: Pairs, *, for_programs: bool) -> None:
    """Raise Refused for an option Datasette would answer with an error of its own."""
    asked = dict(pairs[::-1])
    _check_size(asked.get("_size"), for_programs=for_programs)
    _check_order(table, asked)
    after = asked.get("_next")
    is_sorted = bool(asked.get("_sort") or asked.get("_sort_desc"))
    if after and len(after.split(",")) != len(table.key) + is_sorted:
        raise Refused("parameter", "_next")  # the value sorted by, then the whole key
    for name, value in pairs:
        known = name in ("_col", "_nocol") and value in table.columns
        if name in ("_col", "_nocol") and (not known or (name == "_nocol" and value in table.key)):
            raise Refused("column", name, columns=", ".join(table.columns))
    shapes = site_settings().shapes
    if asked.get("_shape") and asked["_shape"] not in shapes:
        raise Refused("shape", "_shape", shapes=", ".join(shapes))


def _check_size(written: str | None, *, for_programs: bool) -> None:
    if not written:
        return
    settings = site_settings()
    most = settings.datasette["max_returned_rows"] if for_programs else settings.table_rows
    try:
        size = most + (not for_programs) if written == "max" else int(written)
    except ValueError:
        size = -1
    if size > most and not for_programs:
        raise Refused("rows", "_size", most=most)
    if not 0 <= size <= most:
        raise Refused("size", "_size", most=most)


def _check_order(table: PublicTable, asked: dict[str, str]) -> None:
    given = [name for name in ("_sort", "_sort_desc") if asked.get(name)]
    if len(given) > 1:
        raise Refused("two_sorts", given[-1])
    for name in given:
        if asked[name] not in table.sortable:
            raise Refused("sort", name, columns=", ".join(table.sortable))


_VALUES: Final[dict[str, Callable[[str], bool]]] = {
    "in": _is_list,
    **dict.fromkeys(("gt", "gte", "lt", "lte"), _is_number),
}
