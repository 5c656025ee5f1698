"""Balance against closed forms, against its own definition, and against PySAL's answers."""

import json
from math import erf, log
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from codes.errors import DataError
from registry.evaluation.balance import (
    balance_index,
    bootstrap,
    gini,
    location_quotient,
    theil,
    theil_parts,
    weighted_cv,
)

Floats = NDArray[np.float64]
ONES = np.ones
ORACLE = json.loads((Path(__file__).parent / "pysal_oracle.json").read_text(encoding="utf-8"))

divisions = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 100_000), st.integers(0, 3)),
    min_size=2,
    max_size=30,
).filter(lambda rows: any(resource for resource, _, _ in rows))


def columns(rows: list[tuple[int, int, int]]) -> tuple[Floats, Floats, list[int]]:
    resources, people, groups = zip(*rows, strict=True)
    return np.array(resources, float), np.array(people, float), list(groups)


@pytest.mark.parametrize("case", ORACLE["cases"])
def test_pysal_says_the_same(case: dict[str, Any]) -> None:
    parts = theil_parts(case["resources"], case["people"], case["groups"])
    assert gini(case["resources"], case["people"]) == pytest.approx(case["gini"], abs=1e-9)
    assert parts.total == pytest.approx(case["theil"], abs=1e-9)
    assert parts.between == pytest.approx(case["between"], abs=1e-9)
    assert parts.within == pytest.approx(case["within"], abs=1e-9)


@pytest.mark.parametrize("n", [2, 3, 10, 101])
def test_gini_of_one_to_n(n: int) -> None:
    assert gini(np.arange(1, n + 1), ONES(n)) == pytest.approx((n - 1) / (3 * n))


@pytest.mark.parametrize("n", [2, 5, 50])
def test_gini_when_one_has_everything(n: int) -> None:
    assert gini([0] * (n - 1) + [7], ONES(n)) == pytest.approx((n - 1) / n)


def middles(n: int = 200_000) -> Floats:
    return (np.arange(n) + 0.5) / n


def test_gini_of_an_exponential_is_a_half() -> None:
    rates = -np.log1p(-middles())
    assert gini(rates, ONES(len(rates))) == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("a", [2.0, 3.5])
def test_gini_of_a_pareto(a: float) -> None:
    rates = (1 - middles()) ** (-1 / a)
    assert gini(rates, ONES(len(rates))) == pytest.approx(1 / (2 * a - 1), abs=2e-3)


@pytest.mark.parametrize("sigma", [0.2, 0.8])
def test_gini_and_theil_of_a_lognormal(sigma: float) -> None:
    rates = np.exp(sigma * np.array([NormalDist().inv_cdf(p) for p in middles(20_000)]))
    assert gini(rates, ONES(len(rates))) == pytest.approx(erf(sigma / 2), abs=1e-3)
    assert theil(rates, ONES(len(rates))) == pytest.approx(sigma**2 / 2, abs=1e-3)


def test_theil_of_half_with_nothing() -> None:
    assert theil([0, 0, 5, 5], ONES(4)) == pytest.approx(log(2))


@given(divisions)
def test_gini_is_the_mean_difference(rows: list[tuple[int, int, int]]) -> None:
    """Half the mean difference between two people over the mean, by its definition."""
    resource, person, _ = columns(rows)
    rate = resource / person
    weight = np.outer(person, person)
    differences = (weight * np.abs(np.subtract.outer(rate, rate))).sum()
    mean = resource.sum() / person.sum()
    expected = differences / (2 * person.sum() ** 2 * mean)
    assert gini(resource, person) == pytest.approx(expected, abs=1e-9)


@given(divisions)
def test_theil_is_between_plus_within(rows: list[tuple[int, int, int]]) -> None:
    resource, person, groups = columns(rows)
    parts = theil_parts(resource, person, groups)
    assert parts.between + parts.within == pytest.approx(parts.total, abs=1e-9)
    assert parts.between >= -1e-12
    assert parts.within >= -1e-12
    shares = [share for _, share in parts.groups.values()]
    assert sum(shares) == pytest.approx(1)


@given(divisions, st.floats(0.01, 100))
def test_scale_and_replication_change_nothing(rows: list[tuple[int, int, int]], k: float) -> None:
    resource, person, _ = columns(rows)
    for measure in (gini, theil, weighted_cv):
        once = measure(resource, person)
        assert measure(k * resource, person) == pytest.approx(once, abs=1e-9)
        assert measure(resource, k * person) == pytest.approx(once, abs=1e-9)
        assert measure(np.tile(resource, 3), np.tile(person, 3)) == pytest.approx(once, abs=1e-9)


@given(divisions)
def test_equal_rates_are_even(rows: list[tuple[int, int, int]]) -> None:
    _, person, groups = columns(rows)
    assert gini(2.5 * person, person) == pytest.approx(0, abs=1e-9)
    assert theil_parts(2.5 * person, person, groups).total == pytest.approx(0, abs=1e-9)
    assert weighted_cv(2.5 * person, person) == pytest.approx(0, abs=1e-7)
    assert location_quotient(2.5 * person, person) == pytest.approx(np.ones(len(person)))


@given(divisions)
def test_giving_from_rich_to_poor_evens_out(rows: list[tuple[int, int, int]]) -> None:
    resource, person, _ = columns(rows)
    rate = resource / person
    rich, poor = int(np.argmax(rate)), int(np.argmin(rate))
    gap = rate[rich] - rate[poor]
    if gap > 1e-6:
        given_away = 0.25 * gap * min(person[rich], person[poor])
        after = resource.copy()
        after[rich] -= given_away
        after[poor] += given_away
        assert gini(after, person) < gini(resource, person)
        assert theil(after, person) < theil(resource, person)


@given(divisions)
def test_location_quotient_is_hrad_over_pad(rows: list[tuple[int, int, int]]) -> None:
    resource, person, _ = columns(rows)
    area = person[::-1]
    hrad, pad = location_quotient(resource, area), location_quotient(person, area)
    assert location_quotient(resource, person) == pytest.approx(hrad / pad)


def test_weights_are_people_not_divisions() -> None:
    """Nine in ten people live evenly; the tenth division weighs one tenth."""
    assert gini([90, 20], [90, 10]) == pytest.approx(gini([10] * 9 + [20], [10] * 10))


def test_an_empty_division_changes_nothing() -> None:
    for measure in (gini, theil, weighted_cv):
        assert measure([3, 0, 9], [1, 0, 2]) == pytest.approx(measure([3, 9], [1, 2]))
    assert np.isnan(location_quotient([3, 0, 9], [1, 0, 2])).tolist() == [False, True, False]


def test_without_any_resource_nothing_can_be_said() -> None:
    assert np.isnan(gini([0, 0], [1, 2]))
    assert np.isnan(theil_parts([0, 0], [1, 2], ["a", "b"]).total)
    assert np.isnan(weighted_cv([0, 0], [1, 2]))
    assert np.isnan(location_quotient([0, 0], [1, 2])).all()


@pytest.mark.parametrize(
    ("resources", "people", "message_id"),
    [
        ([1, -2], [1, 1], "evaluate.resource_wrong"),
        ([1, float("nan")], [1, 1], "evaluate.resource_wrong"),
        ([1, float("inf")], [1, 1], "evaluate.resource_wrong"),
        ([1, 2], [1, -1], "evaluate.people_wrong"),
        ([1, 2], [1, float("nan")], "evaluate.people_wrong"),
        ([1, 2], [1, 0], "evaluate.nobody_there"),
        ([0, 0], [0, 0], "evaluate.nobody_anywhere"),
    ],
)
def test_wrong_figures_are_refused(
    resources: list[float], people: list[float], message_id: str
) -> None:
    for measure in (gini, theil, weighted_cv, location_quotient, bootstrap):
        with pytest.raises(DataError) as caught:
            measure(resources, people)
        assert caught.value.message_id == message_id
        assert str(caught.value)


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match="same length"):
        gini([1, 2], [1])
    with pytest.raises(ValueError, match="one group"):
        theil_parts([1, 2], [1, 2], ["a"])


@settings(deadline=None, max_examples=5)
@given(divisions)
def test_bootstrap_repeats_and_is_ordered(rows: list[tuple[int, int, int]]) -> None:
    resource, person, _ = columns(rows)
    first = bootstrap(resource, person)
    assert first == bootstrap(resource, person)
    assert 0 <= first.low + 1e-12 <= first.high + 2e-12 <= 1


def test_bootstrap_holds_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    samples = [random.lognormal(0, 0.5, 200) for _ in range(40)]
    found = [bootstrap(sample, ONES(200)) for sample in samples]
    held = sum(one.low < erf(0.25) < one.high for one in found)
    assert 34 <= held <= 40


def test_bootstrap_narrows_with_more_divisions_and_takes_other_measures() -> None:
    random = np.random.default_rng(7)
    few, many = random.lognormal(0, 0.5, 12), random.lognormal(0, 0.5, 1_200)
    wide, narrow = bootstrap(few, ONES(12)), bootstrap(many, ONES(1_200))
    assert narrow.high - narrow.low < (wide.high - wide.low) / 3
    assert bootstrap(many, ONES(1_200), weighted_cv).low > narrow.high


def test_balance_index() -> None:
    assert balance_index(0.0) == 100
    assert balance_index(0.25) == 75
