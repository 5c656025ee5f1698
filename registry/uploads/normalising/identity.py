"""Numbers of persons in cells that ask for none: neither kept nor shown in full."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from stdnum.cn import uscc

from codes.elements import FIGURES, Field
from codes.private_numbers import (
    SHORT,
    card_anywhere,
    cards_hidden,
    identity_card,
    identity_hidden,
    mobile_beside_words,
    together,
)
from codes.upload_limits import limit
from registry.uploads.normalising.cell import is_inexact, shown
from registry.uploads.normalising.markup import without_markup
from registry.uploads.normalising.text import tidy

IDENTITY: Final = "identity_number"
TOO_LONG: Final = "phone_too_long"
IN_NAME: Final = "name_has_mobile"

HIDDEN: Final = frozenset({IDENTITY, TOO_LONG})
"""Rules that speak of a cell of which no more than the end of its numbers is shown or kept."""

CONTACTS: Final = frozenset({"phone", "contact_name", "contact_phone"})
"""Elements in which no other number than a telephone's belongs."""

_RUN: Final = re.compile("[+]?[0-9]+")
_SCIENTIFIC: Final = re.compile(r"[1-9][.][0-9]{13,}[eE][+]1[47]")


def private_in(cell: object, field: Field) -> str | None:
    """Return the rule that says which number of a person a cell holds, None for none.

    Of an element of the kind `code` a credit code is none. Telephones and figures leave no doubt:
    neither the check digit is asked there nor what stands beside the number.
    """
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return None
    seen = _as_read(shown(cell))
    if not SHORT.search(seen):
        return None
    if field.key in CONTACTS or field.kind in FIGURES:
        if cards_hidden(seen) != seen or identity_hidden(seen):
            return IDENTITY
        return TOO_LONG if field.key in CONTACTS and _is_too_long(seen) else None
    if _is_card(cell, seen, field.kind):
        return IDENTITY
    return IN_NAME if field.key == "name" and re.search(mobile_beside_words(), seen) else None


def shown_safely(cell: object) -> str:
    """Return a cell as text, identity numbers hidden."""
    seen = shown(cell)
    read = _as_read(seen)
    hidden = cards_hidden(identity_hidden(read) or read)
    return seen if hidden == read else hidden


def shown_for(rule: str | None, cell: object) -> str:
    """Return a cell as it is shown and kept when a rule says that it cannot be taken."""
    if rule is None:
        return shown(cell)
    seen = shown_safely(cell)
    return _RUN.sub(_ended, unicodedata.normalize("NFKC", seen)) if rule == TOO_LONG else seen


def _is_card(cell: object, seen: str, kind: str) -> bool:
    inexact = is_inexact(cell)
    if not inexact and not isinstance(cell, str):
        return False
    if kind != "code":
        return identity_hidden(seen, checked=not inexact) is not None
    found = (one[0] for one in re.finditer(card_anywhere(), together(seen)))
    return any(
        (inexact or identity_hidden(one) is not None) and not uscc.is_valid(one) for one in found
    )


def _is_too_long(seen: str) -> bool:
    return any(len(one) > _longest(one) for one in _RUN.findall(seen))


def _longest(run: str) -> int:
    """How many characters a telephone number has at most that begins so."""
    for prefix in ("+", "00"):
        if run.startswith(prefix):
            return limit("phone_digits_abroad") + len(prefix)
    return limit("phone_digits") + len("86") * run.startswith("86")


def _ended(found: re.Match[str]) -> str:
    run = found[0]
    kept = identity_card().mask
    return run if len(run) <= _longest(run) else "*" * (len(run) - kept) + run[-kept:]


def _as_read(seen: str) -> str:
    """The text without what reading takes out: a number that it parts would stand together then."""
    return _written_out(tidy(without_markup(seen)))


def _written_out(seen: str) -> str:
    """The text in plain digits; of a figure as 3.30106198006021E+17 all of them."""
    plain = unicodedata.normalize("NFKC", seen)
    if _SCIENTIFIC.fullmatch(plain.strip()):
        return str(int(Decimal(plain.strip())))
    return plain
