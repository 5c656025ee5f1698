"""Identity numbers in cells that ask for none: neither kept nor shown in full."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from stdnum.cn import uscc

from codes.private_numbers import identity_card, identity_hidden
from registry.uploads.normalising.cell import is_inexact, shown

IDENTITY: Final = "identity_number"


def identity_in(cell: object, kind: str) -> bool:
    """Say whether a cell holds the number of an identity card.

    Of an element of the `kind` code only a whole cell counts, and no credit code: a longer code may
    hold such digits.
    """
    inexact = is_inexact(cell)
    if not inexact and not isinstance(cell, str):
        return False
    seen = shown(cell)
    if kind == "code" and not _is_whole(seen):
        return False
    return identity_hidden(seen, checked=not inexact) is not None


def shown_safely(cell: object) -> str:
    """Return a cell as text, identity numbers hidden."""
    seen = shown(cell)
    return identity_hidden(seen, checked=not is_inexact(cell)) or seen


def _is_whole(seen: str) -> bool:
    plain = "".join(unicodedata.normalize("NFKC", seen).split()).removeprefix("'")
    whole = re.fullmatch(identity_card().whole or "", plain) is not None
    return whole and not uscc.is_valid(plain)
