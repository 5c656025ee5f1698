"""Turn editions into runs: one unit of one name under one code, over consecutive editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Run:
    """A code with its name, from the edition with index `first` to the one with index `last`."""

    code: str
    first: int
    last: int
    name: str


def find_runs(tables: Sequence[Mapping[str, str]]) -> list[Run]:
    """Return the runs over `tables` (code -> name, one per edition), sorted by code and time."""
    runs = [
        Run(code, index, _last(tables, index, code, name), name)
        for index, table in enumerate(tables)
        for code, name in table.items()
        if index == 0 or tables[index - 1].get(code) != name
    ]
    return sorted(runs)


def _last(tables: Sequence[Mapping[str, str]], first: int, code: str, name: str) -> int:
    last = first
    while last + 1 < len(tables) and tables[last + 1].get(code) == name:
        last += 1
    return last
