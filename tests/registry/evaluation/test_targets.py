"""Targets of a year: stated, read off a line, kept, shared, held, or a word that stays a word."""

from __future__ import annotations

import pytest

from codes.indicators import Figure, Indicator, find_indicator, indicators_of, plans
from registry.evaluation.targets import Target, target_of


def target(code: str, year: int) -> Target:
    row = find_indicator(code)
    figures: tuple[Figure, ...] = row.figures
    for part in row.parts:
        figures = part.figures if part.code == code else figures
    return target_of(row, figures, plans()[row.plan], year)


@pytest.mark.parametrize(
    ("code", "year", "value", "how"),
    [
        ("hangzhou-145.02", 2025, 3.5, "stated"),
        ("hangzhou-145.02", 2023, 2.9, "linear"),  # 2 in 2020, 3.5 in 2025
        ("hangzhou-145.02", 2026, 3.5, "held"),
        ("hangzhou-145.15", 2022, 8.3, "linear"),  # the base is of 2019: 8.1 to 8.5
        ("hangzhou-145.07", 2022, 90, "kept"),  # 保持在90以上
        ("hangzhou-145.26", 2022, 95, "kept"),  # the base, 98.95, is above >95 already
        ("hangzhou-145.18", 2022, 8.5, "kept"),  # less is better, and 6.93 is less than <8.5
        ("hangzhou-145.12", 2025, 125, "stated"),  # [125]
        ("hangzhou-145.12", 2022, 50, "share"),
        ("hangzhou-145.12", 2026, 125, "held"),
        ("hangzhou-145.09a", 2023, 94.4, "linear"),
        ("zhoushan-2022.03", 2022, 15, "stated"),
        ("zhoushan-2022.03", 2024, 25, "linear"),  # 15 in 2022, >30 in 2025
        ("zhoushan-2022.14", 2022, 95, "kept"),  # / in 2022; the base, 96.34, is above
        ("hefei-2022.A06", 2025, 48, "stated"),
    ],
)
def test_the_target_of_a_year(code: str, year: int, value: float, how: str) -> None:
    found = target(code, year)
    assert (found.value, found.how) == (pytest.approx(value), how)
    assert found.reason is None
    assert str(found.for_year) in str(found.how_shown())


@pytest.mark.parametrize(
    ("code", "year", "reason", "says"),
    [
        ("hangzhou-145.08", 2025, "loose_figure", "60"),
        ("hangzhou-145.32", 2025, "word", "省下达目标"),
        ("hangzhou-145.42", 2025, "word", "尚未出台"),
        ("hangzhou-135.10", 2020, "pair", "100/98"),
        ("hangzhou-135.26", 2020, "word", "-"),
        ("hangzhou-145.01", 2023, "no_way", "2025"),
        ("hangzhou-145.02", 2020, "before_plan", "2021"),
        ("hefei-2022.A06", 2022, "no_way", "2025"),
        ("zhoushan-2022.11", 2022, "no_way", "2025"),
    ],
)
def test_no_target_has_a_reason(code: str, year: int, reason: str, says: str) -> None:
    found = target(code, year)
    assert found.value is None
    assert found.how_shown() is None
    assert found.reason is not None
    assert found.reason.message_id == f"evaluate.not_rated.{reason}"
    assert says in str(found.reason)


def sides(row: Indicator) -> list[tuple[Figure, ...]]:
    return [part.figures for part in row.parts] or [row.figures]


def test_every_row_of_every_plan_has_a_target_or_a_reason_in_every_year() -> None:
    seen = 0
    for plan in plans().values():
        for year in range(2016, 2027):
            for row in indicators_of(plan.code):
                for figures in sides(row):
                    found = target_of(row, figures, plan, year)
                    assert (found.value is None) != (found.reason is None)
                    assert (found.value is None) == (found.how is None)
                    seen += 1
    assert seen == 11 * (135 + 2)


@pytest.mark.parametrize(
    ("code", "value", "met"),
    [
        ("hangzhou-145.01", 50, False),  # >50
        ("hangzhou-145.01", 50.0000001, True),
        ("hangzhou-145.02", 3.5, True),  # 3.5以上
        ("hangzhou-145.02", 3.4999999, False),
        ("hangzhou-145.23", 58, True),  # 58: a floor where more is better
        ("hangzhou-145.18", 8.5, False),  # <8.5
        ("hangzhou-145.18", 8.49, True),
    ],
)
def test_the_plans_own_comparator_decides(code: str, value: float, met: bool) -> None:
    assert target(code, 2025).met(value, find_indicator(code).direction) is met


def test_noise_of_binary_fractions_does_not_decide() -> None:
    assert target("hangzhou-145.02", 2025).met(0.1 + 0.2 + 3.2, "higher") is True


def test_elapsed_is_the_share_of_the_plans_time() -> None:
    assert target("hangzhou-145.02", 2023).elapsed(2023) == pytest.approx(0.6)
    assert target("hangzhou-145.01", 2023).elapsed(2023) is None
