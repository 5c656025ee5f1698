"""Balance 资源均衡: how evenly a resource is spread over people, at one level of divisions.

`resources` and `people` have one item a division. Everything is weighted by people, so one crowded
county counts for more than one empty one. Figures of different levels must not be compared.
Formulas as in the literature on health resources; Theil's index in natural logarithms unless the
policy names another base.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codes.errors import DataError
from codes.policy import decimal_of, integer_of, parameter

Floats = NDArray[np.float64]
Statistic = Callable[[Floats, Floats], float]


def gini(resources: ArrayLike, people: ArrayLike) -> float:
    """Return the Gini coefficient of resources per head, weighted by people: 0 is even.

    NaN when there is no resource at all. Raises DataError for negative or missing figures.
    """
    resource, person = _checked(resources, people)
    return _gini(resource, person)


def theil(resources: ArrayLike, people: ArrayLike) -> float:
    """Return Theil's T of resources per head, weighted by people: 0 is even.

    A division without any resource adds nothing (its share times a logarithm goes to 0). NaN when
    there is no resource at all. Raises DataError for negative or missing figures.
    """
    resource, person = _checked(resources, people)
    return _theil(resource, person)


@dataclass(frozen=True)
class TheilParts:
    """Theil's T taken apart: total = between groups + within groups.

    `groups` has, for each group, its own T and its share of the resource.
    """

    total: float
    between: float
    within: float
    groups: dict[Hashable, tuple[float, float]]


def theil_parts(resources: ArrayLike, people: ArrayLike, groups: Sequence[Hashable]) -> TheilParts:
    """Return Theil's T split into differences between `groups` of divisions and within them.

    Raises DataError for negative or missing figures, ValueError when `groups` has another length.
    """
    resource, person = _checked(resources, people)
    if len(groups) != len(resource):
        raise ValueError("one group a division")
    names = list(dict.fromkeys(groups))
    member = np.array([names.index(name) for name in groups])
    group_resource = np.bincount(member, resource).astype(np.float64)
    group_people = np.bincount(member, person).astype(np.float64)
    inside = {
        name: (
            _theil(resource[member == index], person[member == index]),
            float(group_resource[index] / resource.sum()) if resource.any() else float("nan"),
        )
        for index, name in enumerate(names)
    }
    within = sum(share * own for own, share in inside.values() if share > 0)
    return TheilParts(
        _theil(resource, person), _theil(group_resource, group_people), within, inside
    )


def weighted_cv(resources: ArrayLike, people: ArrayLike) -> float:
    """Return the coefficient of variation of resources per head, weighted by people (Williamson).

    NaN when there is no resource at all. Raises DataError for negative or missing figures.
    """
    resource, person = _checked(resources, people)
    mean = resource.sum() / person.sum()
    if mean == 0:
        return float("nan")
    spread = np.average((_per_head(resource, person) - mean) ** 2, weights=person)
    return float(np.sqrt(spread) / mean)


def location_quotient(resources: ArrayLike, people: ArrayLike) -> Floats:
    """Return each division's share of the resource over its share of the people: 1 is its due.

    With areas for people it is the density ratio HRAD. NaN for a division without people, and
    everywhere when there is no resource at all. Raises DataError for negative or missing figures.
    """
    resource, person = _checked(resources, people)
    undefined = np.full_like(resource, np.nan)
    if not resource.any():
        return undefined
    due = person / person.sum()
    quotient: Floats = np.divide(resource / resource.sum(), due, out=undefined, where=due > 0)
    return quotient


@dataclass(frozen=True)
class Interval:
    """A bootstrap percentile interval."""

    low: float
    high: float


def bootstrap(
    resources: ArrayLike, people: ArrayLike, statistic: Statistic | None = None
) -> Interval:
    """Return the interval of `statistic` (Gini unless said) when divisions are drawn anew.

    Draws, seed and confidence are the policy's, so the same figures give the same interval. Wide
    when there are few divisions. Raises DataError for negative or missing figures.
    """
    resource, person = _checked(resources, people)
    chosen = np.random.default_rng(integer_of("balance.bootstrap_seed")).integers(
        len(resource), size=(integer_of("balance.bootstrap_draws"), len(resource))
    )
    count = statistic or _gini
    drawn = np.array([count(resource[draw], person[draw]) for draw in chosen])
    tail = (1 - float(decimal_of("balance.confidence"))) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return Interval(float(low), float(high))


def balance_index(gini_coefficient: float) -> float:
    """Return the balance index: full mark when even, 0 when one division has everything."""
    return float(decimal_of("balance.scale")) * (1 - gini_coefficient)


def _gini(resource: Floats, person: Floats) -> float:
    if not resource.any():
        return float("nan")
    order = np.argsort(_per_head(resource, person), kind="stable")
    share = np.cumsum(resource[order]) / resource.sum()
    before = np.concatenate(([0.0], share[:-1]))
    return float(1 - (person[order] / person.sum()) @ (share + before))


def _theil(resource: Floats, person: Floats) -> float:
    if not resource.any():
        return float("nan")
    has = resource > 0
    share = resource[has] / resource.sum()
    return float(share @ np.log(share / (person[has] / person.sum())) / _log_of_base())


def _log_of_base() -> float:
    base = parameter("balance.log_base").typed
    return log(float(base)) if isinstance(base, Decimal) else 1.0


def _per_head(resource: Floats, person: Floats) -> Floats:
    """Resource over people; an empty division has no weight anywhere, so 0 stands for its rate."""
    return np.divide(resource, person, out=np.zeros_like(resource), where=person > 0)


def _checked(resources: ArrayLike, people: ArrayLike) -> tuple[Floats, Floats]:
    resource, person = np.asarray(resources, np.float64), np.asarray(people, np.float64)
    if resource.ndim != 1 or resource.shape != person.shape or not len(resource):
        raise ValueError("resources and people: one dimension, same length, not empty")
    if (wrong := ~(np.isfinite(resource) & (resource >= 0))).any():
        place = int(np.argmax(wrong))
        raise DataError("evaluate.resource_wrong", place=place + 1, seen=resource[place])
    if (wrong := ~(np.isfinite(person) & (person >= 0))).any():
        place = int(np.argmax(wrong))
        raise DataError("evaluate.people_wrong", place=place + 1, seen=person[place])
    if not person.any():
        raise DataError("evaluate.nobody_anywhere")
    if (empty := (person == 0) & (resource > 0)).any():
        place = int(np.argmax(empty))
        raise DataError("evaluate.nobody_there", place=place + 1, seen=resource[place])
    return resource, person
