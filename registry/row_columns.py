"""Rows of the dated tables given column by column: the same tuples and the same bytes, sooner.

A column is a sequence of values in the plain form of `registry.rows`; one that is the same in all
rows is given once. A value that many rows share is written once, which is where the time goes when
a million rows are put in and digested one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from json.encoder import encode_basestring
from typing import Any, Final

from sqlalchemy import Float, Integer

from registry.rows import Row, columns, table

NULL: Final = "null"


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

    def canonical(self) -> bytes:
        """Return the bytes that `registry.rows.canonical` gives for the rows."""
        if not self.ids:
            return b""
        texts: list[Iterable[str]] = []
        together: list[str] = []  # what is the same in all rows is written once
        for name in columns(self.name):
            if name != "id" and name not in self.given:
                together.append(json.dumps(self.same.get(name), ensure_ascii=False))
                continue
            texts += [repeat(",".join(together))] if together else []
            texts.append(self._texts(name))
            together = []
        texts += [repeat(",".join(together))] if together else []
        joined = "],[".join(map(",".join, zip(*texts, strict=False)))
        return f"[{joined}],".encode()

    def _values(self, name: str) -> Iterable[Any]:
        if name == "id":
            return self.ids
        return self.given[name] if name in self.given else repeat(self.same.get(name))

    def _texts(self, name: str) -> Iterable[str]:
        values: Sequence[Any] = self.ids if name == "id" else self.given[name]
        kind = table(self.name).columns[name].type
        if isinstance(kind, (Float, Integer)):
            if None not in values:
                return list(map(repr, values))
            return [NULL if value is None else repr(value) for value in values]
        return _written(values)


def _written(values: Sequence[str | None]) -> list[str]:
    known: dict[str | None, str] = {None: NULL}
    distinct = set(values)
    if len(distinct) * 2 > len(values):
        return [NULL if value is None else encode_basestring(value) for value in values]
    known.update((value, encode_basestring(value)) for value in distinct if value is not None)
    return [known[value] for value in values]
