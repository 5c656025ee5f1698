"""People whom a source lists apart, while facilities near them have the county's code."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from codes.messages import speaking
from registry.db import reading
from registry.evaluation.people import Count, people_of

ON = date(2025, 12, 31)


def _count(registry: Engine, code: str, group: str = "total") -> Count:
    with reading(registry) as session:
        return people_of(session, 2025, ON, [group], [code]).counts[code, group]


def test_the_part_listed_apart_is_said_with_its_weight(registry: Engine) -> None:
    county = _count(registry, "330106")
    assert (county.persons, county.persons_apart) == (1_089_229, 23_763)
    assert county.as_json()["persons_apart"] == 23_763
    for lang, words in (
        ("zh", "不含西湖风景名胜区的 23,763 人"),
        ("en", "leaves out 23,763 people"),
    ):
        with speaking(lang):
            assert words in str(county.note())
            assert f"{(1_089_229 + 23_763) / 1_089_229 - 1:.1%}" in str(county.note())


@pytest.mark.parametrize(
    ("code", "group"), [("330105", "total"), ("330100", "total"), ("330100", "age_60_plus")]
)
def test_nobody_else_has_one(registry: Engine, code: str, group: str) -> None:
    count = _count(registry, code, group)
    assert count.persons_apart is None
    assert "单列" not in str(count.note())
