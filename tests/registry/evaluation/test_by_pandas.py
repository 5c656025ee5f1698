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
    for level, least in (("city", 12), ("county", 120), ("township", 150)):
        with reading(synthetic_city) as session:
            scope = scope_of("hangzhou-145", 2025, None, level, date(2026, 11, 22))
            found = evaluate(session, scope)
        assert compare(found, frames, level) >= least
