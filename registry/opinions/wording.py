"""What a text typed by a stranger may hold."""

from __future__ import annotations

import unicodedata
from typing import Final

from codes.errors import DataError

_ALLOWED: Final = "\n\t"
_CONTROL: Final = frozenset({"Cc", "Cs", "Co"})
_TURNS: Final = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF))
)
"""Characters that turn the direction of what follows, by which a text shows other than it is."""


def checked_text(written: str, longest: int) -> str:
    """Return the text with one kind of line end and no space around it.

    Raises DataError when nothing is left (`opinion.empty`), when it has more than `longest`
    characters (`opinion.too_long`), or when it holds control characters (`opinion.control`).
    """
    text = "\n".join(written.splitlines()).strip() if "\r" in written else written.strip()
    if odd := next((one for one in text if _is_odd(one)), None):
        raise DataError("opinion.control", seen=f"U+{ord(odd):04X}")
    if not any(unicodedata.category(one)[0] in "LNPS" for one in text):
        raise DataError("opinion.empty")
    if len(text) > longest:
        raise DataError("opinion.too_long", seen=len(text), most=longest)
    return text


def _is_odd(one: str) -> bool:
    return one in _TURNS or (unicodedata.category(one) in _CONTROL and one not in _ALLOWED)
