"""Codes that a mistyped one may have been meant to be: one slip away, and valid."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.code_layout import load_layout

SLACK: Final = 1
"""A code may have been written with so many characters too many or too few."""

MISREAD: Final = 3
"""So many digits may have been written as letters, O for 0 and the like."""


def looks_like_code(written: str) -> bool:
    """Say whether somebody meant a whole code.

    >>> looks_like_code("E02-330106-000174-60"), looks_like_code("330106"), looks_like_code("医院")
    (True, False, False)
    """
    code = facility_code.compact(written)
    shaped = code.isascii() and code.isalnum() and code[:1].isalpha()
    mostly_digits = sum(char.isdigit() for char in code) >= len(code) - 1 - MISREAD
    return shaped and mostly_digits and abs(len(code) - load_layout().length) <= SLACK


def codes_near(written: str) -> list[str]:
    """Return every valid code that is one slip away, sorted.

    A slip is one character wrong, missing or too many, two characters swapped, or both check
    digits wrong.

    >>> "E0233010600017406" in codes_near("E02-330106-000147-06")
    True
    """
    code = facility_code.compact(written)
    return sorted({near for near in _slips(code) if facility_code.is_valid(near)})


def _slips(code: str) -> Iterator[str]:
    layout = load_layout()
    alphabet = sorted(set("".join(segment.alphabet for segment in layout.segments)))
    length = layout.length
    if len(code) == length:
        yield from _with_check_digits(code[: layout.payload_length])
        for at in range(length):
            yield from (code[:at] + char + code[at + 1 :] for char in alphabet)
        for first, second in combinations(range(length), 2):
            swapped = list(code)
            swapped[first], swapped[second] = code[second], code[first]
            yield "".join(swapped)
    elif len(code) == length + 1:
        yield from (code[:at] + code[at + 1 :] for at in range(length + 1))
    else:
        for at in range(length):
            yield from (code[:at] + char + code[at:] for char in alphabet)


def _with_check_digits(payload: str) -> Iterator[str]:
    try:
        yield payload + facility_code.calc_check_digits(payload)
    except ValidationError:
        return
