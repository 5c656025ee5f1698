"""Axes hold what is drawn between a few round figures."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from exports.scales import levels

figures = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9)


@given(figures, st.integers(2, 6))
def test_all_figures_lie_between_few_rising_levels(values: list[float], steps: int) -> None:
    found = levels(values, steps)
    assert found[0] <= min(values)
    assert max(values) <= found[-1]
    assert all(low < high for low, high in pairwise(found))
    assert len(found) <= steps + 3


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=9))
def test_nothing_below_zero_is_named_when_no_figure_is(values: list[float]) -> None:
    assert levels(values, 4)[0] >= 0
