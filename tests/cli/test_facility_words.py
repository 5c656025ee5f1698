"""What a facility says of itself in words."""

from datetime import date

import pytest

from cli.facility_words import valued
from codes.messages import speaking


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("floor_area", 3200.5, "3200.5 平方米"),
        ("annual_visits", 1860000.0, "1860000 人次"),
    ],
)
def test_figures_are_shown_in_full_with_their_unit(key: str, value: float, said: str) -> None:
    with speaking("zh"):
        assert valued(key, value, date(2026, 6, 30)) == said
