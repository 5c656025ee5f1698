"""Achievement: three forms, caps, plan progress, yearly targets, and the traps."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.errors import DataError
from registry.evaluation.achievement import (
    interval,
    inverse,
    overall,
    positive,
    progress,
    target_in,
    told,
)

NAN = float("nan")
above_zero = st.floats(1e-3, 1e6)


def test_positive_and_inverse() -> None:
    assert positive([3.6, 4.5, 5.4], 4.5).tolist() == pytest.approx([0.8, 1.0, 1.2])
    assert inverse([5.0, 4.0, 2.0], 4.0).tolist() == pytest.approx([0.8, 1.0, 2.0])


@given(above_zero, above_zero, st.floats(1e-3, 1e3))
def test_units_do_not_matter(value: float, target: float, scale: float) -> None:
    degree = float(positive(value, target))
    assert float(positive(scale * value, scale * target)) == pytest.approx(degree)
    assert float(inverse(target, value)) == pytest.approx(degree)


def test_a_missing_value_stays_missing() -> None:
    assert np.isnan(positive([NAN, 1.0], [1.0, NAN])).all()
    assert np.isnan(inverse([NAN, 1.0], [1.0, NAN])).all()
    assert np.isnan(interval([NAN], (3, 6), (0, 12))).all()
    assert np.isnan(progress([NAN], 1.0, 2.0)).all()


def test_targets_and_values_of_zero() -> None:
    assert np.isnan(positive([0.0, 5.0], 0.0)).all()
    assert np.isnan(positive(5.0, -1.0))
    assert inverse([0.0, 0.0, 0.1], [4.0, 0.0, 0.0]).tolist() == [math.inf, 1.0, 0.0]
    assert np.isnan(inverse(-1.0, 4.0))


def test_interval_of_unemployment() -> None:
    """Wanted 3 to 6; the slope is that of the wider side, 6 to 12."""
    degrees = interval([3.0, 4.5, 6.0, 0.0, 9.0, 12.0, 20.0], (3, 6), (0, 12))
    assert degrees.tolist() == pytest.approx([1, 1, 1, 0.5, 0.5, 0, 0])


@given(st.floats(-100, 100))
def test_interval_is_one_inside_and_between_0_and_1_outside(value: float) -> None:
    degree = float(interval(value, (3, 6), (0, 12)))
    assert (degree == 1) == (3 <= value <= 6)
    assert 0 <= degree <= 1


@pytest.mark.parametrize(
    ("wanted", "bounds"),
    [((6, 3), (0, 12)), ((3, 6), (4, 12)), ((3, 6), (0, 5)), ((3, 6), (3, 6))],
)
def test_an_interval_that_makes_no_sense(
    wanted: tuple[float, float], bounds: tuple[float, float]
) -> None:
    with pytest.raises(DataError) as caught:
        interval(5.0, wanted, bounds)
    assert caught.value.message_id == "evaluate.interval_wrong"
    assert str(wanted[0]) in str(caught.value)


def test_level_is_not_progress() -> None:
    """Hangzhou's life expectancy: 83.12 in 2020, 83.88 wanted in 2025."""
    assert float(positive(83.5, 83.88)) == pytest.approx(0.99547, abs=1e-5)
    assert float(progress(83.5, 83.12, 83.88)) == pytest.approx(0.5)
    assert float(progress(83.0, 83.12, 83.88)) < 0
    assert np.isnan(progress(90.0, 90.0, 90.0))


def test_progress_works_downwards_too() -> None:
    assert progress([6.0, 5.0, 4.0], 6.0, 4.0).tolist() == pytest.approx([0, 0.5, 1])


def test_the_target_of_a_year() -> None:
    points = {2020: 1.7, 2022: 3.0, 2025: 4.5}
    found = {year: target_in(year, points) for year in (2020, 2021, 2022, 2024, 2025, 2026)}
    assert {year: (one.value, one.how) for year, one in found.items() if one} == {
        2020: (1.7, "stated"),
        2021: (pytest.approx(2.35), "linear"),
        2022: (3.0, "stated"),
        2024: (pytest.approx(4.0), "linear"),
        2025: (4.5, "stated"),
        2026: (4.5, "held"),
    }
    assert target_in(2019, points) is None
    assert target_in(2025, {}) is None


def test_120_and_60_per_cent() -> None:
    found = overall([1.2, 0.6], [1, 1], floor=0.0, cap=1.0)
    assert found.uncapped == pytest.approx(0.90)
    assert found.value == pytest.approx(0.80)
    assert found.geometric == pytest.approx(0.7746, abs=1e-4)
    assert (found.worst, found.worst_at) == (0.6, 1)


def test_missing_degrees_do_not_count_and_are_said() -> None:
    found = overall([0.5, NAN, 1.0], [1, 5, 3], floor=0.0, cap=1.0)
    assert found.value == pytest.approx((0.5 + 3) / 4)
    assert (found.counted, found.missing) == (2, 1)
    assert (found.weight_counted, found.weight_missing) == (4, 5)
    assert found.worst_at == 0


def test_all_missing() -> None:
    found = overall([NAN, NAN], [1, 1], floor=0.0, cap=1.0)
    assert math.isnan(found.value)
    assert (found.counted, found.missing, found.worst_at) == (0, 2, None)


def test_a_degree_of_zero_makes_the_geometric_mean_zero() -> None:
    found = overall([0.0, 1.0], [1, 1], floor=0.0, cap=1.0)
    assert (found.value, found.geometric) == (0.5, 0.0)


@given(st.lists(st.floats(0, 3), min_size=1, max_size=20))
def test_means_stand_in_order(degrees: list[float]) -> None:
    found = overall(degrees, np.ones(len(degrees)), floor=0.0, cap=1.0)
    assert min(found.worst, 1) - 1e-9 <= found.geometric + 1e-9 <= found.value + 2e-9
    assert found.value <= found.uncapped + 1e-9


def test_below_the_floor_counts_as_the_floor() -> None:
    found = overall([-1e18, 1.0], [1, 1], floor=0.0, cap=1.0)
    assert (found.value, found.uncapped, found.geometric) == (0.5, 0.5, 0.0)
    assert (found.worst, found.worst_at) == (-1e18, 0)
    assert overall([0.0, 1.0], [1, 1], floor=0.2, cap=1.0).value == pytest.approx(0.6)


def test_a_bound_is_no_ratio_and_stays_out_of_the_uncapped_mean() -> None:
    found = overall([10.0, 1.2, 0.6], [1, 1, 2], floor=0.0, cap=1.0, limited=[True, False, False])
    assert found.uncapped == pytest.approx((1.2 + 2 * 0.6) / 3)
    assert found.value == pytest.approx((1 + 1 + 1.2) / 4)
    assert (found.limited, found.counted) == (1, 3)
    alone = overall([10.0, NAN], [1, 1], floor=0.0, cap=1.0, limited=[True, False])
    assert (alone.value, math.isnan(alone.uncapped)) == (1.0, True)


@given(st.floats(allow_nan=False))
def test_what_is_told_is_finite(degree: float) -> None:
    assert 0 <= told(degree, 0.0, 10.0) <= 10


def test_weights_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        overall([1.0], [0.0], floor=0.0, cap=1.0)
