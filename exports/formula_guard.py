"""Text that a spreadsheet would run as a formula is given an apostrophe: the sign for text.

So is text that begins with one, so that a leading apostrophe can always be taken off again.
"""

from __future__ import annotations

from typing import Final

STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\n", "\r", "'")


def guarded(text: str) -> str:
    """Return the text as a cell may have it.

    >>> guarded("=1+1"), guarded("文新幼儿园"), guarded("'")
    ("'=1+1", '文新幼儿园', "''")
    """
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text
