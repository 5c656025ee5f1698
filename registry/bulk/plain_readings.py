"""Read cells that are plain, as `registry.bulk.plain` says, without asking all that may be wrong.

A cell that is not plain is read as in small files, so that what is read is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from codes.elements import FIGURES, Field
from codes.units import conversion
from registry.bulk.compile.values import DATE
from registry.bulk.plain import CHINESE, FIGURE, odd_patterns
from registry.uploads.normalising.cell import CellValue
from registry.uploads.normalising.plain_row import figure
from registry.uploads.normalising.readings import READERS, REMEMBERED, Reader, Reading

NOT_PLAIN: Final = object()
"""What a cell says of which the quick look cannot tell."""

_CHARACTER: Final = re.compile(f"[{CHINESE}]")
_DATE: Final = re.compile(DATE)
_FIGURE: Final = re.compile(FIGURE)


def plainly(field: Field, header_unit: str | None, read: Reader) -> Reader:
    """Return what reads the cells of an element as `read` does, the plain ones sooner."""
    same = field.kind in FIGURES and conversion(header_unit or "", field.unit_zh or "") == 1.0
    if field.kind in FIGURES and header_unit and not same:
        return read
    return _plainly(field.key, field.kind, read)


@lru_cache(maxsize=READERS)
def _plainly(key: str, kind: str, read: Reader) -> Reader:
    value_of = _reader_of_plain(key, kind)
    if value_of is None:
        return read

    @lru_cache(maxsize=REMEMBERED, typed=True)
    def quick(cell: object) -> Reading | None:
        if type(cell) is str and cell and (value := value_of(cell)) is not NOT_PLAIN:
            return Reading(cell, CellValue(value))
        return read(cell)

    return quick


def _reader_of_plain(key: str, kind: str) -> Callable[[str], Any] | None:
    if kind in FIGURES:
        return _figure
    if kind == "date":
        return lambda cell: cell if _DATE.match(cell) and cell[-1] != "\n" else NOT_PLAIN
    if kind not in ("text", "code"):
        return None
    odd = _searches(odd_patterns(key, kind))
    return lambda cell: NOT_PLAIN if any(search(cell) for search in odd) else cell


def _figure(cell: str) -> Any:
    if not _FIGURE.match(cell) or cell[-1] == "\n":
        return NOT_PLAIN
    return figure(cell)


def _searches(patterns: Iterable[str]) -> list[Callable[[str], object]]:
    """Return what finds one of the patterns: hundreds of single characters are looked up as one."""
    singles: list[str] = []
    others: list[str] = []
    for pattern in patterns:
        (singles if _CHARACTER.fullmatch(pattern) else others).append(pattern)
    together = [f"[{''.join(singles)}]"] if singles else []
    return [re.compile(one).search for one in (*together, "|".join(others))]
