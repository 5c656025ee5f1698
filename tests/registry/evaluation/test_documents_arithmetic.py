"""The rates the documents print, worked out by the whole evaluation from what they print beside.

Facilities go into the registry, people into the ledger of population; what `evaluate` tells is
rounded as the document rounds and compared with the printed figure. Only of Hefei's childcare
places are all three figures printed. Where one is not, it is derived, the tests say so, and say
which figures at hand it is not: deriving alone would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor

import pytest
from sqlalchemy import Engine

from registry.db import reading
from registry.evaluation.results import evaluate
from registry.evaluation.scope import scope_of

Put = Callable[..., list[str]]
Record = Callable[..., None]

ON = date(2021, 6, 30)
ZHOUSHAN = ("330902", "330903", "330921", "330922")
HEFEI = ("340102", "340103", "340104", "340111", "340121")


def spread(total: int, parts: tuple[str, ...]) -> list[tuple[str, int]]:
    """Part a total unevenly over divisions, so that the evaluation has something to add up."""
    shares = [total // (place + 2) // len(parts) for place in range(len(parts) - 1)]
    return list(zip(parts, [*shares, total - sum(shares)], strict=True))


def told(registry: Engine, indicator: str) -> float:
    """What the city's indicator is in 2021, which all of these figures speak of."""
    plan = indicator.partition(".")[0]
    with reading(registry) as session:
        scope = scope_of(plan, 2021, None, None, date(2026, 11, 22))
        found = evaluate(session, scope).results
    one = next(one for one in found if one.code == indicator)
    assert one.value.status == "computed", one.reason
    return float(one.value.value or 0)


def printed(value: float, like: str) -> str:
    """A value rounded to the decimals of a printed one."""
    return str(Decimal(str(value)).quantize(Decimal(like), ROUND_HALF_UP))


def implied(amount: int, rate: str) -> tuple[int, int]:
    """The fewest and the most people of whom so many per 1,000 are printed as the rate."""
    half = Decimal(1).scaleb(int(Decimal(rate).as_tuple().exponent)) / 2
    per = Decimal(amount) * 1000
    return ceil(per / (Decimal(rate) + half)), floor(per / (Decimal(rate) - half))


def test_hefei_childcare_places(registry: Engine, put: Put, counted: Record) -> None:
    """3.1万 places, 937万 people and 3.3 per 1,000: all three are printed, nothing is derived."""
    put(*({"type": "A0201", "division": d, "places": n} for d, n in spread(31_000, HEFEI)), on=ON)
    counted(("340100", 2020, "total", 9_370_000), source="方案正文")
    assert printed(told(registry, "hefei-2022.B05"), "3.3") == "3.3"


def test_hefei_childcare_places_over_the_census(registry: Engine, put: Put) -> None:
    """With the census's own count, 9,369,881, the printed rate comes out as well."""
    put(*({"type": "A0201", "division": d, "places": n} for d, n in spread(31_000, HEFEI)), on=ON)
    assert printed(told(registry, "hefei-2022.B05"), "3.3") == "3.3"


def test_hefei_elderly_beds(registry: Engine, put: Put, counted: Record) -> None:
    """63,198 beds and 46.6 are printed; over which older people is not.

    Derived: 1,354,727 to 1,357,636. The counts the text has do not fit: over its 143万 of 60 and
    over the rate is 44.2.
    """
    least, most = implied(63_198, "46.6")
    assert (least, most) == (1_354_727, 1_357_636)
    put(*({"type": "E0101", "division": d, "beds": n} for d, n in spread(63_198, HEFEI)), on=ON)
    counted(("340100", 2020, "age_60_plus", 1_430_000), source="方案正文")
    assert printed(told(registry, "hefei-2022.A06"), "46.6") == "44.2"
    counted(("340100", 2021, "age_60_plus", most), source="由 63198 张、46.6 张反推")
    assert printed(told(registry, "hefei-2022.A06"), "46.6") == "46.6"
    counted(("340100", 2021, "age_60_plus", most + 1), source="由 63198 张、46.6 张反推")
    assert printed(told(registry, "hefei-2022.A06"), "46.6") == "46.5"


@pytest.mark.parametrize(
    ("indicator", "facility", "measure", "amount", "group", "rate", "people", "next_rate"),
    [
        (  # 托位3106个，每千人2.67个
            "zhoushan-2022.18",
            "A0201",
            "places",
            3_106,
            "total",
            "2.67",
            (1_161_122, 1_165_478),
            "2.66",
        ),
        (  # 老年康复护理床位1379张，每千名老年人4.65张
            "zhoushan-2022.11",
            "D0101",
            "rehab_beds",
            1_379,
            "age_60_plus",
            "4.65",
            (296_241, 296_878),
            "4.64",
        ),
    ],
)
def test_zhoushan(
    registry: Engine,
    put: Put,
    counted: Record,
    indicator: str,
    facility: str,
    measure: str,
    amount: int,
    group: str,
    rate: str,
    people: tuple[int, int],
    next_rate: str,
) -> None:
    """Amount and rate are printed, the people are not. Derived: the people the rate allows."""
    assert implied(amount, rate) == people
    rows = spread(amount, ZHOUSHAN)
    put(*({"type": facility, "division": d, measure: n} for d, n in rows), on=ON)
    for count, expected in ((people[0], rate), (people[1], rate), (people[1] + 1, next_rate)):
        counted(("330900", 2021, group, count), source=f"由 {amount}、{rate} 反推")
        assert printed(told(registry, indicator), rate) == expected
