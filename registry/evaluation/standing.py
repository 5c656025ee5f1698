"""Where each division stands: this year's level and the progress on the plan, never mixed.

Both are weighted means with a cap; a numbered row counts once, its parts share its weight. What is
not rated does not count and is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from numpy.typing import ArrayLike

from codes.divisions import Division
from codes.indicator_weights import USUAL, weight_of
from codes.policy import as_json as policy_json
from codes.policy import decimal_of
from registry.evaluation.achievement import NAN, Overall, overall
from registry.evaluation.results import Evaluation, Result
from registry.evaluation.worked import plain


@dataclass(frozen=True)
class Mean:
    """Many degrees as one, and the result that is worst."""

    overall: Overall
    worst: Result | None

    @property
    def total(self) -> int:
        """How many there are, rated (`overall.counted`) or not: a mean of few says little."""
        return self.overall.counted + self.overall.missing

    @property
    def is_enough(self) -> bool:
        """Whether so many are rated that the mean says something, by the policy."""
        counted = self.overall.counted
        return counted > 0 and counted >= float(decimal_of("achievement.least_rated")) * self.total

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        found = {
            name: value if isinstance(value, int) else plain(value)
            for name, value in asdict(self.overall).items()
            if name != "worst_at"
        }
        return {
            **found,
            "total": self.total,
            "share_rated": self.overall.counted / self.total if self.total else None,
            "enough_rated": self.is_enough,
            "worst_indicator": _brief(self.worst),
        }


@dataclass(frozen=True)
class Standing:
    """One division: `level` over all its results, `areas` by area of the plan, and `progress`.

    `behind` have covered less of their way than of the plan's time is over. In the mean of the
    progress going back counts as the floor; there is none below the city, whose base the plan's is.
    """

    division: Division
    level: Mean
    areas: tuple[tuple[str, Mean], ...]
    progress: Mean
    behind: tuple[Result, ...]
    results: tuple[Result, ...]


def standings(evaluation: Evaluation) -> list[Standing]:
    """Return the standing of every division of an evaluation."""
    return [
        _standing(division, evaluation.of_division(division.code))
        for division in evaluation.divisions
    ]


def standings_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the standings with the parameters they rest on as plain JSON values."""
    return {
        "plan": evaluation.scope.plan.code,
        "year": evaluation.scope.year,
        "reference_on": evaluation.scope.area.on.isoformat(),
        "level": evaluation.level,
        "parameters": policy_json("achievement", "value"),
        "weights": weights_used(evaluation),
        "registry": evaluation.state.counts,
        "divisions": [_json(one) for one in standings(evaluation)],
    }


def weights_used(evaluation: Evaluation) -> dict[str, float]:
    """Return the weights of the plan's indicators that do not weigh as usual, by code."""
    found = {one.row.code: weight_of(one.row.code) for one in evaluation.results}
    return {code: weight for code, weight in found.items() if weight != USUAL}


def _standing(division: Division, results: tuple[Result, ...]) -> Standing:
    by_area = groupby(results, key=lambda one: one.row.area)
    behind = [
        one
        for one in results
        if one.rating.progress is not None
        and one.rating.elapsed is not None
        and one.rating.progress < min(one.rating.elapsed, 1.0)
    ]
    return Standing(
        division,
        _level(results),
        tuple((area, _level(list(group))) for area, group in by_area),
        _mean(results, [one.rating.progress for one in results]),
        tuple(sorted(behind, key=lambda one: one.rating.progress or 0.0)),
        results,
    )


def _level(results: Sequence[Result]) -> Mean:
    limited = [one.rating.limited for one in results]
    return _mean(results, [one.rating.achievement for one in results], limited)


def _mean(
    results: Sequence[Result], degrees: Iterable[float | None], limited: ArrayLike = False
) -> Mean:
    known = [NAN if degree is None else degree for degree in degrees]
    found = overall(
        known,
        [_weight(one) for one in results],
        floor=float(decimal_of("achievement.floor")),
        cap=float(decimal_of("achievement.cap")),
        limited=limited,
    )
    worst = None if found.worst_at is None else results[found.worst_at]
    return Mean(found, worst)


def _weight(one: Result) -> float:
    return weight_of(one.row.code) / max(len(one.row.parts), 1)


def _json(one: Standing) -> dict[str, Any]:
    return {
        "division": one.division.code,
        "division_name": one.division.name,
        "achievement": one.level.as_json(),
        "areas": [{"area": area, **mean.as_json()} for area, mean in one.areas],
        "progress": one.progress.as_json(),
        "behind": [_brief(result) for result in one.behind],
        "not_rated": [
            {**(_brief(result) or {}), "status": result.value.status, "reason": str(result.reason)}
            for result in one.results
            if result.rating.achievement is None
        ],
    }


def _brief(result: Result | None) -> dict[str, Any] | None:
    if result is None:
        return None
    degree, way, time = result.rating.achievement, result.rating.progress, result.rating.elapsed
    return {
        "indicator": result.code,
        "number": result.row.number,
        "name_zh": result.row.name_zh,
        "name_en": result.row.name_en,
        "value": result.value.value,
        "target": result.target.value,
        "achievement": plain(degree),
        "progress": way,
        "time_elapsed": time,
    }
