"""Unified social credit codes that are right in form and belong to nobody.

Characters 9–17 are an organisation code (GB 11714) beginning with 00, the last one is the check
character of GB 32100; `stdnum.cn.uscc` computes that, the organisation code's own is done here.
"""

from __future__ import annotations

from typing import Final

from stdnum.cn import uscc

_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_BODIES: Final = 10**6


def synthetic_uscc(prefix: str, county_code: str, serial: int) -> str:
    """Return the code number `serial` (below a million) of a registering office in a county.

    >>> synthetic_uscc("12", "330106", 1)
    '123301060000000192'
    """
    if not 0 <= serial < _BODIES:
        raise ValueError(serial)
    body = f"{serial:08d}"
    code = prefix + county_code + body + _organisation_check(body)
    return code + str(uscc.calc_check_digit(code))


def _organisation_check(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    check = (11 - total % 11) % 11
    return "X" if check == 10 else str(check)
