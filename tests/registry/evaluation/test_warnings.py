"""Five colours: half-open bands, exact at the edges, grey for what is missing."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.book_check import check_book
from codes.policy import as_json, bands, decimal_of, integer_of, policy
from registry.evaluation.warnings import colour, colours

STEP = Decimal("0.000001")
EDGES = [band for band in bands() if band.lower is not None]


def by_hand(degree: Decimal) -> str:
    """The colour by exact decimal arithmetic alone."""
    rounded = degree.quantize(STEP, ROUND_HALF_EVEN)
    return [band.code for band in bands() if band.lower is None or rounded >= band.lower][-1]


def test_the_policy_is_right() -> None:
    assert check_book("policy") == []
    assert [band.code for band in bands()] == ["red", "orange", "yellow", "green", "blue"]
    assert policy()["version"].value


@pytest.mark.parametrize("edge", EDGES, ids=lambda band: band.code)
def test_an_edge_belongs_to_the_band_above(edge: object) -> None:
    band = next(one for one in EDGES if one is edge)
    below = bands()[bands().index(band) - 1].code
    lower = band.lower or Decimal(0)
    assert colour(float(lower)) == band.code
    assert colour(float(lower - STEP)) == below
    assert colour(float(lower - STEP * Decimal("0.4"))) == band.code
    assert colour(float(lower - STEP * Decimal("0.6"))) == below


@given(st.decimals(Decimal(0), Decimal(2), places=5))
def test_every_degree_has_the_colour_exact_arithmetic_gives(degree: Decimal) -> None:
    assert colour(float(degree)) == by_hand(degree)


@given(st.integers(0, 5_000), st.integers(1, 2_000))
def test_ratios_of_whole_numbers_are_exact_too(value: int, target: int) -> None:
    """95 of 100 is green though 0.95 has no exact binary form."""
    assert colour(value / target) == by_hand(Decimal(value) / Decimal(target))


def test_missing_is_grey_and_never_red() -> None:
    missing = [float("nan"), 0.0]
    assert colours(missing, bottom_line_failed=[True, True]).tolist() == ["grey", "red"]
    assert colour(float("nan"), met=False) == "grey"


def test_a_failed_bottom_line_is_red() -> None:
    assert colour(1.3, bottom_line_failed=True) == "red"
    assert colours([1.3, 1.3], bottom_line_failed=[False, True]).tolist() == ["blue", "red"]


def test_the_top_colour_needs_the_target_met() -> None:
    assert colours([1.0, 1.0, 0.96], met=[True, False, False]).tolist() == [
        "blue",
        "green",
        "green",
    ]


def test_whole_tables_at_once() -> None:
    degrees = np.array([[0.0, 0.7, 0.85], [0.95, 1.0, np.inf]])
    assert colours(degrees).tolist() == [["red", "orange", "yellow"], ["green", "blue", "blue"]]


def test_the_policy_is_printed_with_results() -> None:
    printed = as_json("warning", "band")
    assert printed["version"] == policy()["version"].value
    assert printed["warning.band.orange"] == "0.70"
    assert "balance.log_base" not in printed
    assert set(as_json()) == set(policy())


def test_parameters_have_types() -> None:
    assert decimal_of("achievement.cap") == 1
    assert integer_of("balance.bootstrap_draws") == 500
    for wrong, read in (("version", decimal_of), ("balance.confidence", integer_of)):
        with pytest.raises(TypeError):
            read(wrong)
    with pytest.raises(TypeError):
        integer_of("warning.top_band_needs_met")
