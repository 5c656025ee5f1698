"""Read a division code as people write it, and what its digits alone say."""

from __future__ import annotations

import unicodedata
from typing import Final

from codes.divisions.model import Level
from codes.errors import DataError
from codes.messages import text

PADDING: Final = {2: "0000", 4: "00", 6: "", 9: "", 12: ""}
"""Length as written -> zeros that complete a province's or city's code to six digits."""

PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE = 2, 4, 6, 9, 12


def normalise(code: str) -> str:
    """Return the canonical form: 6, 9 or 12 half-width digits without a lower level of zeros.

    330106, 330106000 and 330106000000 are one county; 33 and 3301 are completed to 330000, 330100.
    Raises DataError `division.shape` (params seen, expected) for anything else.

    >>> normalise(" ３３０１０６００３０００ "), normalise("3301")
    ('330106003', '330100')
    """
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    if len(digits) not in PADDING or not (digits.isascii() and digits.isdigit()):
        raise DataError("division.shape", seen=code, expected=text("division.expected.shape"))
    digits += PADDING[len(digits)]
    for length in (VILLAGE, TOWNSHIP):
        if len(digits) == length and digits.endswith("000"):
            digits = digits[:-3]
    return digits


def level_of(code: str) -> Level:
    """Return the level of a canonical code; 441900 (a city without counties) is a city."""
    if len(code) == VILLAGE:
        return "village"
    if len(code) == TOWNSHIP:
        return "township"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def parent_of(code: str) -> str | None:
    """Return the code one level above a canonical code, None above a province."""
    level = level_of(code)
    if level == "province":
        return None
    if level == "city":
        return code[:PROVINCE] + "0000"
    return {"county": f"{code[:CITY]}00", "township": code[:COUNTY]}.get(level, code[:TOWNSHIP])


def digits_below(code: str) -> str:
    """Return the digits that the codes below a canonical code begin with."""
    return code[: {"province": PROVINCE, "city": CITY}.get(level_of(code), len(code))]


def township_of(code: str) -> str | None:
    """Return the 9-digit township of a township or village code, None for a code above it."""
    canonical = normalise(code)
    return canonical[:TOWNSHIP] if len(canonical) >= TOWNSHIP else None
