"""Look a thing up by what people call it: code, name or alias, however typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Protocol

from codes.messages import language

MOST_NEAR = 5
"""How many near names a message offers."""

SHORT = 2
"""So short a text resembles a name only when it has more than half in common with it."""

LONGEST = 80
"""Longer texts are no name, and comparing them with all names would take seconds."""


class Named(Protocol):
    """A row of a book with a name in each language."""

    @property
    def name_zh(self) -> str:
        """Its name in Chinese."""

    @property
    def name_en(self) -> str:
        """Its name in English."""


class Aliased(Named, Protocol):
    """A row that people may call by other names too."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""


def name_of(row: Named) -> str:
    """Return a row's name in the language in use."""
    return row.name_en if language() == "en" else row.name_zh


def fold(text: str) -> str:
    """Return `text` as names are compared: half-width, no spaces, one case.

    >>> fold(" Ｗgs－８４ ")
    'wgs-84'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def index_names(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Map every folded name to its code; `named` yields (code, its names).

    Raises ValueError when one name would mean two codes.
    """
    found: dict[str, str] = {}
    for code, names in named:
        for name in names:
            if found.setdefault(fold(name), code) != code:
                raise ValueError(f"{name!r}: {found[fold(name)]}, {code}")
    return found


def index_rows(rows: Iterable[Aliased]) -> dict[str, str]:
    """Map every folded code, name and alias of some rows to the row's code; as `index_names`."""
    return index_names(
        (row.code, (row.code, row.name_zh, row.name_en, *row.aliases)) for row in rows
    )


def listed(names: Iterable[str]) -> str:
    """Return the names in one line, for a sentence in the language in use; 无 or none for none."""
    if language() == "zh":
        return "、".join(names) or "无"
    return ", ".join(names) or "none"


def near_names(text: str, names: Mapping[str, str], limit: int = MOST_NEAR) -> list[str]:
    """Return the codes whose names contain, are contained in, or resemble `text`; best first."""
    seen = fold(text)
    if not seen or len(seen) > LONGEST:
        return []
    inside = sorted(
        (name for name in names if len(name) > 1 and (seen in name or name in seen)),
        key=lambda name: abs(len(name) - len(seen)),
    )
    # of two words of two characters that share one, neither is a slip of the other
    least = 0.5 if len(seen) > SHORT else 0.6
    alike = get_close_matches(seen, names, n=limit, cutoff=least)
    return list(dict.fromkeys(names[name] for name in [*inside, *alike]))[:limit]
