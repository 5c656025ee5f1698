"""The division in several columns, as official lists have it: 所在区县 beside 街道, or a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from codes.divisions import find_by_name
from codes.text_fixes import is_placeholder
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.text import simplified, tidy
from registry.uploads.source import is_blank

_CODE: Final = re.compile("[0-9]{6,12}")


def in_one(cells: Sequence[object]) -> str | None:
    """Return what the filled cells of a row's division columns say together.

    That is their names in one, or the code where one is given and its division lies as the names
    say. None when there is one cell at most, or they do not go together.
    """
    filled = [one for one in cells if not is_blank(one)]
    written = tuple(dict.fromkeys(_written(filled)))
    if len(filled) < 2 or not written:
        return None
    return _in_one(written) if len(written) > 1 else written[0]


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
    for joined in ("".join(apart), "".join(reversed(apart))):
        units = [unit.code for unit in find_by_name(joined, whole_only=True)]
        if not codes and units:
            return joined
        for code in codes:
            if any(unit.startswith(code) and unit != code for unit in units):
                return joined
            if any(code.startswith(unit) for unit in units):
                return code
    return None
