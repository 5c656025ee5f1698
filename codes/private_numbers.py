"""Find the numbers of persons in a text that is to be published (book `private_numbers`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from stdnum.cn import ric

from codes.typed_rows import typed_rows

BETWEEN = re.compile("[ -]")
APART = "[ /–—-]*"
"""What somebody may write between the digits of a number."""

LONG = re.compile(f"(?:[0-9]{APART}){{17}}")
"""As many digits as an identity number has before its last character."""

SHORT = re.compile(f"(?:[0-9]{APART}){{11}}")
"""As many digits as the shortest of the numbers has."""

_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s/–—-]+(?=[0-9Xx])")
BEFORE = "(?<![0-9])(?<![0-9][.])"
"""What stands before a number: no digit, and it is not the decimals of a figure."""


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
    """What such a number looks like, without what may stand around it; safe for RE2."""
    digits: str | None = None
    """The number, whatever stands around it; safe for RE2."""


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


@cache
def identity_card() -> PrivateNumber:
    """Return the kind that is the number of an identity card."""
    return next(one for one in private_numbers() if one.kind == "identity_card")


def identity_hidden(text: str, *, checked: bool = True) -> str | None:
    """Return a text with its identity numbers hidden but for the end, None when it has none.

    `checked` False does not ask for the check digit, which a spreadsheet turns into a zero. Where
    it is asked, it leaves no doubt: digits may then stand apart anyhow, and beside letters.

    >>> identity_hidden("SFZ330 106198 00101/1235"), identity_hidden("330106198001011234")
    ('SFZ**************1235', None)
    """
    kind, plain = identity_card(), unicodedata.normalize("NFKC", text)
    if not LONG.search(" ".join(plain.split())):
        return None
    hidden = re.sub(kind.pattern, lambda one: _hidden(kind, one[0], checked), plain)
    if not checked:
        return hidden if hidden != plain else None
    joined = together(hidden)
    whole = re.sub(card_anywhere(), lambda one: _hidden(kind, one[0], checked), joined)
    if whole != joined:
        return whole
    return hidden if hidden != plain else None


@cache
def card_anywhere() -> str:
    """Return the pattern of an identity number, whatever letters stand beside it."""
    return _anywhere(identity_card())


def together(text: str) -> str:
    """Return a text without what stands between digits.

    >>> together("330 106–1980/0101 1235 号")
    '330106198001011235 号'
    """
    return _BETWEEN_DIGITS.sub("", text)


@cache
def any_mobile() -> str:
    """Return the pattern of a text with a mobile number in it; safe for RE2."""
    return f"(?:^|[^0-9])(?:{whole_mobile()})(?:$|[^0-9])"


@cache
def mobile_beside_words() -> str:
    """Return the pattern of a text with a mobile number and words beside it; safe for RE2."""
    mobile = f"(?:{whole_mobile()})"
    return f"[^0-9+ -][ -]?{mobile}(?:$|[^0-9])|(?:^|[^0-9]){mobile}[ -]?[^0-9+ -]"


@cache
def card_digits() -> tuple[str, ...]:
    """Return the patterns of the numbers of identity cards, of 18 and of 15 characters."""
    return tuple(one.digits for one in private_numbers() if one.digits)


def cards_hidden(text: str) -> str:
    """Return a text in which all that looks like an identity number shows only its end.

    Neither the check digit nor letters around it are asked, and those of 15 digits count.

    >>> cards_hidden("孙丽A330106198004110669"), cards_hidden("120.330106800101123")
    ('孙丽A**************0669', '120.330106800101123')
    """
    return _without(text, tuple(one for one in private_numbers() if one.digits))


def persons_hidden(text: str) -> str:
    """Return a text that is no data of a facility without the numbers of persons, mobiles too.

    >>> persons_hidden("填表人：孙丽 13905718888")
    '填表人：孙丽 *******8888'
    """
    return _without(text, private_numbers())


def _without(text: str, kinds: tuple[PrivateNumber, ...]) -> str:
    plain = hidden = "".join(map(_narrow, text))
    if not SHORT.search(plain):
        return text
    for kind in sorted(kinds, key=lambda one: one.digits is None):  # the longer ones first
        pattern = _anywhere(kind) if kind.digits else kind.pattern
        hidden = re.sub(pattern, partial(_end_of, kind), hidden)
    return text if hidden == plain else hidden


def _anywhere(kind: PrivateNumber) -> str:
    return f"{BEFORE}{kind.digits}(?![0-9])"


def _end_of(kind: PrivateNumber, found: re.Match[str]) -> str:
    return _hidden(kind, found[0], checked=False)


def _narrow(character: str) -> str:
    """The letter, the digit or what may stand between digits in its plain form, all else as is."""
    if character.isascii():
        return character
    plain = unicodedata.normalize("NFKC", character)
    taken = len(plain) == 1 and plain.isascii() and (plain.isalnum() or plain in " +-")
    return plain if taken else character


def numbers_in(text: str) -> tuple[Seen, ...]:
    """Return the numbers that look like a person's, in book order, each once.

    Digits may be full-width, and stand in groups with spaces or hyphens between them.
    """
    plain = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(one for kind in private_numbers() for one in _of_kind(kind, plain)))


def _of_kind(kind: PrivateNumber, text: str) -> Iterator[Seen]:
    for found in re.finditer(kind.pattern, text):
        masked = _hidden(kind, found[0], kind.check is not None)
        if masked != found[0]:
            yield Seen(kind, masked)


def _hidden(kind: PrivateNumber, written: str, checked: bool) -> str:
    """The number with only its end shown; as written when its check digit is asked and wrong."""
    number = BETWEEN.sub("", written).upper()
    if checked and ric.calc_check_digit(number) != number[-1]:
        return written
    return "*" * (len(number) - kind.mask) + number[len(number) - kind.mask :]
