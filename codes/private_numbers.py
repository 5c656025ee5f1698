"""Find the numbers of persons in a text that is to be published (book `private_numbers`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from stdnum.cn import ric

from codes.typed_rows import typed_rows

BETWEEN = re.compile("[ -]")


@dataclass(frozen=True)
class PrivateNumber:
    """One kind of number; `mask` is how many of its last characters a message may repeat."""

    kind: str
    name_zh: str
    name_en: str
    pattern: str
    mask: int
    check: str | None = None
    whole: str | None = None
    """What a text with nothing but such a number looks like; safe for RE2."""


@dataclass(frozen=True)
class Seen:
    """One number found: its kind, and as much of it as may be shown."""

    kind: PrivateNumber
    masked: str


@cache
def private_numbers() -> tuple[PrivateNumber, ...]:
    """Return the kinds, in book order."""
    return typed_rows("private_numbers", PrivateNumber)


@cache
def whole_mobile() -> str:
    """Return the pattern of a text with nothing but a mobile number, without anchors."""
    return next(one.whole for one in private_numbers() if one.kind == "mobile" and one.whole)


def numbers_in(text: str) -> tuple[Seen, ...]:
    """Return the numbers that look like a person's, in book order, each once.

    Digits may be full-width, and stand in groups with spaces or hyphens between them.
    """
    plain = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(one for kind in private_numbers() for one in _of_kind(kind, plain)))


def _of_kind(kind: PrivateNumber, text: str) -> Iterator[Seen]:
    for found in re.finditer(kind.pattern, text):
        number = BETWEEN.sub("", found[0]).upper()
        if kind.check is None or ric.calc_check_digit(number) == number[-1]:
            hidden = len(number) - kind.mask
            yield Seen(kind, "*" * hidden + number[hidden:])
