"""The part of a file that a download asks for, so that a broken one can be taken up again.

RFC 9110, 14: one range of bytes; several at once, and units that are none, get the whole file.
"""

from __future__ import annotations

import re
from typing import Final

_ONE: Final = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE | re.ASCII)


class Unsatisfiable(Exception):
    """The part lies behind the end of the file."""


def part_of(header: str, size: int) -> range | None:
    """Return the bytes asked for, None for the whole file. Raises Unsatisfiable.

    >>> part_of("bytes=0-99", 1000), part_of("bytes=-1", 1000), part_of("bytes=990-2000", 1000)
    (range(0, 100), range(999, 1000), range(990, 1000))
    >>> part_of("bytes=0-1,5-6", 1000), part_of("bytes=-", 1000), part_of("bytes=9-3", 1000)
    (None, None, None)
    """
    found = _ONE.fullmatch(header)
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= end:
        raise Unsatisfiable
    return range(start, end)
