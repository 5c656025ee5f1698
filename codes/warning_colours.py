"""How the warning colours look in a terminal and on a page (book `warning_colours`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codes.book import BOOKS_DIR
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class WarningColour:
    """One colour: its sign, its style in a terminal, two grounds and the letters on them (hex)."""

    code: str
    sign: str
    terminal: str
    pale: str
    pale_ink: str
    full: str
    full_ink: str


@cache
def warning_colours(root: Path = BOOKS_DIR) -> dict[str, WarningColour]:
    """Return the colours by code, in book order. Raises BookError."""
    return {row.code: row for row in typed_rows("warning_colours", WarningColour, root)}


def css_rules(before: str, ground: str) -> str:
    """Return one CSS rule a colour: classes `before` + code, on the pale or the full ground.

    `fill` is for shapes of a drawing.

    >>> css_rules("w-", "full").splitlines()[0]
    '.w-blue { background: #1d5fae; fill: #1d5fae; color: #ffffff; }'
    """
    rules = [
        f".{before}{one.code} {{ background: {getattr(one, ground)}; fill: {getattr(one, ground)};"
        f" color: {getattr(one, f'{ground}_ink')}; }}"
        for one in warning_colours().values()
    ]
    return "\n".join(rules)
