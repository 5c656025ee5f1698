"""Guesses at what was meant."""

import pytest

from codes.code_slips import likely_codes
from codes.facility_code import is_valid

CODE = "E0233010600017406"


def test_swapped_neighbours_are_among_the_guesses(some_codes):
    tried = 0
    for code in some_codes:
        for at in range(len(code) - 1):
            swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            if swapped != code:
                tried += 1
                guesses = likely_codes(swapped)
                assert code in guesses
                assert all(is_valid(guess) for guess in guesses)
    assert tried > 300 * 8


@pytest.mark.parametrize(
    "written", ["EO2-33O1O6-OOO174-O6", "E02-330I06-000l74-06", "e02 33o1o6 000174 06"]
)
def test_letters_read_for_digits(written):
    assert likely_codes(written) == (CODE,)


@pytest.mark.parametrize("written", ["", "E02", CODE + "0", "图书馆"])
def test_nothing_to_guess(written):
    assert likely_codes(written) == ()


def test_valid_code_is_not_its_own_guess():
    assert CODE not in likely_codes(CODE)
