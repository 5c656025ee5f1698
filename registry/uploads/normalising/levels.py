"""The division in several columns, as official lists have it: 所在区县 beside 街道, or a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from codes.divisions import find_by_name
from codes.divisions.shape import COUNTY
from codes.text_fixes import is_placeholder
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.text import simplified, tidy

_CODE: Final = re.compile("[0-9]{6,12}")
ENDINGS: Final = ("街道", "镇", "乡")
"""What people leave out in a column that is headed by it."""


def in_one(cells: Sequence[object]) -> str | None:
    """Return what the filled cells of a row's division columns say together.

    That is their names in one, or the code where one is given and its division lies as the names
    say. None when they do not go together, or none says anything.
    """
    written = tuple(dict.fromkeys(_written(cells)))
    return _in_one(written) if len(written) > 1 else next(iter(written), None)


def _written(cells: Sequence[object]) -> Iterator[str]:
    for cell in cells:
        if not is_placeholder(shown(cell)):
            yield simplified(tidy(shown(cell))).replace(" ", "")


@lru_cache(maxsize=5_000)
def _in_one(written: tuple[str, ...]) -> str | None:
    codes = [one for one in written if _CODE.fullmatch(one)]
    names = [one for one in written if one not in codes]
    # a column may repeat what the one before says: 西湖区, 西湖区文新街道
    apart = [one for one in names if not any(one in other for other in names if other != one)]
    for joined in ("".join(apart), "".join(reversed(apart)), *_completed(apart)):
        units = [unit.code for unit in find_by_name(joined, whole_only=True)]
        if not codes and units:
            return joined
        for code in codes:
            if any(unit.startswith(code) and unit != code for unit in units):
                return joined
            if any(code.startswith(unit) for unit in units):
                return code
    return None


def _completed(names: Sequence[str]) -> Iterator[str]:
    """Yield the full names of townships that a county's column and a short name mean."""
    if len(names) != 2:
        return
    county, short = names
    for above in find_by_name(county, whole_only=True):
        if len(above.code) == COUNTY:
            called = {short + ending for ending in ENDINGS}
            below = (one.name for one in find_by_name(short, above.code) if one.name in called)
            yield from (county + name for name in below)
