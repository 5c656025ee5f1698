"""Guess which valid code was meant by one that is not: two slips of the hand and the eye.

A guess is never an answer: one code in ten with a wrong digit has a neighbour swap that makes it
valid by chance (measured on 20,000). The reader is told to look at the original.
"""

from __future__ import annotations

from collections.abc import Iterator

from codes.code_layout import load_layout
from codes.facility_code import compact, is_valid


def likely_codes(number: str) -> tuple[str, ...]:
    """Return the valid codes one slip away: neighbours swapped, or letters read for digits."""
    code = compact(number)
    if len(code) != load_layout().length:
        return ()
    guesses = (*_swapped(code), _reread(code))
    return tuple(dict.fromkeys(guess for guess in guesses if guess != code and is_valid(guess)))


def _swapped(code: str) -> Iterator[str]:
    for at in range(len(code) - 1):
        yield code[:at] + code[at + 1] + code[at] + code[at + 2 :]


def _reread(code: str) -> str:
    meant = ""
    for segment, part in load_layout().cut(code):
        pairs = {pair[0]: pair[1] for pair in segment.misread}
        meant += "".join(pairs.get(character, character) for character in part)
    return meant
