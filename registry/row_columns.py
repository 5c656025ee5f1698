"""Rows of the dated tables given column by column: the same tuples and the same bytes, sooner.

A column is a sequence of values in the plain form of `registry.rows`; one that is the same in all
rows is given once. Python's own writer of JSON is where the time goes when a million rows are
digested; the quicker one is left where it would write a number otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from pydantic_core import PydanticSerializationError, to_json
from sqlalchemy import Float

from registry.rows import Row, canonical, columns, table

SMALLEST: Final = 1e-4
LARGEST: Final = 1e16
"""Between these a number needs no exponent, and every writer of JSON writes it the same."""


@dataclass(frozen=True)
class Columns:
    """Rows of the table `name`: `ids`, columns that differ by row, columns that do not.

    A column that is in none of them is None in all rows.
    """

    name: str
    ids: Sequence[int]
    given: Mapping[str, Sequence[Any]]
    same: Mapping[str, Any]

    def rows(self) -> list[Row]:
        """Return the rows in the plain form."""
        return list(zip(*(self._values(name) for name in columns(self.name)), strict=False))

    def canonical(self, plain: Sequence[Row]) -> bytes:
        """Return the bytes that `registry.rows.canonical` gives for the rows, which are `plain`."""
        if not plain:
            return b""
        try:
            return to_json(plain)[1:-1] + b"," if self._writes_alike() else canonical(plain)
        except PydanticSerializationError:  # half of a pair of surrogates
            return canonical(plain)

    def _writes_alike(self) -> bool:
        """Say whether every number is written as Python's own JSON writes it."""
        for name, values in self.given.items():
            if isinstance(table(self.name).columns[name].type, Float):
                sizes = list(map(abs, filter(None, values)))
                if sizes and not (min(sizes) >= SMALLEST and max(sizes) < LARGEST):
                    return False
        return True

    def _values(self, name: str) -> Iterable[Any]:
        if name == "id":
            return self.ids
        return self.given[name] if name in self.given else repeat(self.same.get(name))
