"""Valid facility codes to test with; made at random, they name no real facility."""

import random

import pytest

from codes.categories import classes
from codes.facility_code import make

COUNTIES = ("330102", "330106", "330113", "330902", "340104", "110101", "659006")


@pytest.fixture(scope="session")
def some_codes() -> list[str]:
    choose = random.Random(20261122)
    known = sorted(classes())
    made = {
        make(choose.choice(known), choose.choice(COUNTIES), choose.randint(1, 999_999))
        for _ in range(320)
    }
    return sorted(made)[:300]
