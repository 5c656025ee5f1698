"""Check digits in SQL say what python-stdnum and `codes.facility_code` say."""

from __future__ import annotations

from random import Random

from sqlglot import exp
from stdnum.cn import uscc

from codes import facility_code
from codes.categories import classes
from registry.bulk.checks import USCC_ALPHABET, facility_code_valid, uscc_valid
from tests.registry.bulk.conftest import valid_by_sql

COLUMN = exp.column("a", quoted=True)


def _spoilt(code: str, random: Random, alphabet: str) -> str:
    at = random.randrange(len(code))
    return code[:at] + random.choice(alphabet) + code[at + 1 :]


def test_facility_codes() -> None:
    random = Random(1)
    good = [
        facility_code.make(random.choice(list(classes())), county, random.randint(1, 999999))
        for county in ("330106", "810001", "110101", "659001") * 100
    ]
    every_check = [good[0][:15] + f"{number:02d}" for number in range(100)]
    wrong = [_spoilt(one, random, "0123456789ABIOZa-一") for one in good * 3]
    other = ["", "A", "A01", good[0] + "0", good[0][:-1], "Z01" + good[0][3:], "A01330000000001"]
    zeros = [good[0][:9] + "000000" + f"{number:02d}" for number in range(100)]
    counties = [good[0][:5] + "0000" + good[0][9:15] + f"{number:02d}" for number in range(100)]
    codes = [*good, *every_check, *wrong, *other, *zeros, *counties]
    found = valid_by_sql(facility_code_valid(COLUMN), ["a"], [{"a": one} for one in codes])
    # written compactly, as `facility_code.compact` gives it and as the column holds it
    expected = [facility_code.is_valid(one) and facility_code.compact(one) == one for one in codes]
    assert found == expected
    assert sum(expected) >= len(good)
    assert expected.count(False) > 900


def test_credit_codes() -> None:
    random = Random(2)
    codes = []
    for _ in range(500):
        digits = "".join(random.choices("0123456789", k=8))
        payload = digits + "".join(random.choices(USCC_ALPHABET, k=9))
        codes.append(payload + uscc.calc_check_digit(payload))
    wrong = [_spoilt(one, random, USCC_ALPHABET + "IOSVZ- a一") for one in codes]
    letters = ["N2" + one[2:] for one in codes[:20]]
    every = [one for one in (*codes, *wrong, *letters, "123") if " " not in one and "-" not in one]
    every = [one for one in every if one == one.upper()]
    found = valid_by_sql(uscc_valid(COLUMN), ["a"], [{"a": one} for one in every])
    assert found == [uscc.is_valid(one) for one in every]
    assert found.count(True) >= 500
