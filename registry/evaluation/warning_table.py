"""Five-colour warnings of a plan's year: indicators by divisions, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from codes.policy import as_json as policy_json
from codes.policy import bands, missing_colour
from registry.evaluation.result_json import result_json
from registry.evaluation.results import Evaluation, Result

KEPT = (
    "plan",
    "section",
    "number",
    "part",
    "indicator",
    "name_zh",
    "name_en",
    "division",
    "division_name",
    "level",
    "year",
    "value",
    "status",
    "reason",
    "target",
    "target_between",
    "comparator",
    "met",
    "achievement",
    "achievement_limited",
    "bottom_line_failed",
    "colour",
)


def colour_order() -> list[str]:
    """Return the colours from the worst to the best, the one for no data last."""
    return [*(band.code for band in bands()), missing_colour()]


def colour_counts(results: Sequence[Result]) -> dict[str, int]:
    """Return how many results have each colour, the worst first."""
    counted = Counter(one.rating.colour for one in results)
    return {colour: counted[colour] for colour in colour_order()}


def worst_first(results: Sequence[Result]) -> list[Result]:
    """Return results by colour, then by degree."""
    order = colour_order()
    return sorted(
        results, key=lambda one: (order.index(one.rating.colour), one.rating.achievement or 0.0)
    )


def warnings_json(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    """Return the warnings of one plan and year, of one or several levels, as plain JSON values."""
    scope = evaluations[0].scope
    results = [one for evaluation in evaluations for one in evaluation.results]
    return {
        "plan": scope.plan.code,
        "year": scope.year,
        "reference_on": scope.area.on.isoformat(),
        "levels": [evaluation.level for evaluation in evaluations],
        "parameters": policy_json("warning", "band", "missing", "value"),
        "counts": colour_counts(results),
        "divisions": [
            {
                "division": division.code,
                "division_name": division.name,
                "level": evaluation.level,
                "counts": colour_counts(evaluation.of_division(division.code)),
            }
            for evaluation in evaluations
            for division in evaluation.divisions
        ],
        "warnings": [
            {key: value for key, value in result_json(one).items() if key in KEPT}
            for one in worst_first(results)
        ],
    }
