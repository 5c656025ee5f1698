"""Find a group of people by name, and how groups add up (book `group_partitions`).

The groups themselves are `codes.formulas.population_groups`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.errors import DataError
from codes.formulas import population_groups
from codes.names import fold, index_rows, listed, name_of, near_names
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class Partition:
    """Groups that do not overlap and together are `whole`."""

    code: str
    whole: str
    parts: tuple[str, ...]


@cache
def partitions() -> tuple[Partition, ...]:
    """Return the partitions, in book order."""
    return typed_rows("group_partitions", Partition)


def find_group(text: str) -> str:
    """Return the code of the group that `text` names: its code, Chinese or English name, or alias.

    Raises DataError `ledger.group_unknown` (params seen, near, known).

    >>> find_group("60岁及以上")
    'age_60_plus'
    """
    code = _names().get(fold(text))
    if code is None:
        near = [group_name(found) for found in near_names(text, _names())]
        known = listed(map(group_name, population_groups()))
        raise DataError("ledger.group_unknown", seen=text, near=listed(near), known=known)
    return code


def group_name(code: str) -> str:
    """Return a group's name in the language in use; the code itself when the book has none."""
    group = population_groups().get(code)
    if group is None:
        return code
    return name_of(group)


@cache
def _names() -> dict[str, str]:
    return index_rows(population_groups().values())
