"""Short lists of allowed values: status, ownership, datum, grades (book `value_lists`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.names import fold, index_names
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class ValueItem:
    """One allowed value, stored as it stands in files; only we set `internal` ones.

    `state` says what a status means, see `codes.statuses`.
    """

    list: str
    value: str
    name_en: str
    source: str
    valid_from: str
    verified_on: str
    aliases: tuple[str, ...] = ()
    internal: bool = False
    state: str | None = None
    valid_to: str | None = None


def list_names() -> list[str]:
    """Return the names of all lists, in book order."""
    return list(_by_list())


def all_values() -> tuple[ValueItem, ...]:
    """Return the items of every list, in book order."""
    return tuple(item for items in _by_list().values() for item in items.values())


def values(list_name: str) -> dict[str, ValueItem]:
    """Return the items of a list by value, in book order, internal ones too.

    Raises KeyError when there is no such list.
    """
    return _by_list()[list_name]


def open_values(list_name: str) -> tuple[str, ...]:
    """Return the values a file may hold: in book order, without the internal ones."""
    return tuple(item.value for item in values(list_name).values() if not item.internal)


def find_value(list_name: str, text: str) -> str | None:
    """Return the list's value that `text` means (value, English name or alias), else None.

    Internal values are not found: no file may set them.
    """
    return _names(list_name).get(fold(text))


@cache
def _by_list() -> dict[str, dict[str, ValueItem]]:
    lists: dict[str, dict[str, ValueItem]] = {}
    for item in typed_rows("value_lists", ValueItem):
        lists.setdefault(item.list, {})[item.value] = item
    return lists


@cache
def _names(list_name: str) -> dict[str, str]:
    return index_names(
        (item.value, (item.value, item.name_en, *item.aliases))
        for item in values(list_name).values()
        if not item.internal
    )
