"""The engine's indicators are what plain pandas makes of the same tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine

from registry.db import reading
from registry.evaluation.results import evaluate
from registry.evaluation.scope import scope_of
from tests.registry.evaluation.by_pandas import compare, frames_of

DAY = date(2025, 12, 31)
OUTCOMES: dict[str, dict[str, int]] = {
    "city": {"computed": 14, "no_population": 1},
    "county": {"computed": 166, "no_population": 25, "nobody_reported": 3, "nothing_to_share": 1},
    "township": {
        "computed": 328,
        "no_population": 1947,
        "nobody_reported": 5,
        "nothing_to_share": 459,
        "no_units": 201,
    },
}
"""Level -> how many values there are, and how many have none for each reason."""


def test_indicators_are_those_of_pandas(
    synthetic_city: Engine, counted: Callable[..., None]
) -> None:
    counted(
        ("330100", 2024, "total", 12_624_000),
        ("330100", 2022, "age_60_plus", 2_200_000),
        ("330106", 2023, "total", 1_150_000),
        ("330106", 2024, "age_60_plus", 190_000),
        ("330106002", 2024, "total", 61_234),
    )
    frames = frames_of(synthetic_city, "3301", DAY)
    for level, outcomes in OUTCOMES.items():
        with reading(synthetic_city) as session:
            scope = scope_of("hangzhou-145", 2025, None, level, date(2026, 11, 22))
            found = evaluate(session, scope)
        assert compare(found, frames, level) == outcomes
