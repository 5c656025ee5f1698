"""A result as plain JSON values: what scripts, the release and the report's CSV read."""

from __future__ import annotations

from typing import Any

from codes.indicators import Figure
from codes.policy import policy
from registry.evaluation.results import Result
from registry.evaluation.targets import Target
from registry.evaluation.worked import plain


def result_json(one: Result) -> dict[str, Any]:
    """Return one indicator in one division as a JSON object.

    `reason` says why there is no value or no achievement, or why the achievement is a bound.
    """
    row, value, rating = one.row, one.value, one.rating
    reported, computed = value.reported, value.computed
    return {
        "plan": one.plan.code,
        "section": row.section,
        "number": row.number,
        "part": one.part.code[-1] if one.part else None,
        "indicator": one.code,
        "name_zh": row.name("zh", one.part),
        "name_en": row.name("en", one.part),
        "area": row.area,
        "unit": row.unit,
        "direction": row.direction,
        "attribute": row.attribute,
        "departments": list(row.departments),
        "division": one.division.code,
        "division_name": one.division.name,
        "level": one.level,
        "year": one.year,
        "value": value.value,
        "value_text": reported.raw if value.status == "observed" and reported else None,
        "status": value.status,
        "reason": None if one.reason is None else str(one.reason),
        "target": one.target.value,
        "target_between": list(one.target.between) if one.target.between else None,
        "comparator": one.target.comparator,
        "met": rating.met,
        "achievement": rating.achievement,
        "achievement_limited": rating.limited,
        "progress": plain(rating.progress),
        "time_elapsed": plain(rating.elapsed),
        "bottom_line_failed": rating.bottom_line_failed,
        "colour": rating.colour,
        "working": computed.working if computed else None,
        "observed": reported.as_json() if reported else None,
        "beside": value.beside,
        "target_from": _target_from(one),
        "province_target": _province_target(one),
        "policy": policy()["version"].value,
    }


def _target_from(one: Result) -> dict[str, Any]:
    target: Target = one.target
    return {
        "raw": target.raw,
        "for_year": target.for_year,
        "how": target.how,
        "how_text": target.how_shown(),
        "base": target.base,
        "base_year": target.base_year,
        "of_division": one.plan.city_code,
        "document": one.plan.document_zh,
        "stage": one.plan.stage,
        "issued_on": one.plan.issued_on,
        "seed_file": one.plan.seed_file,
        "table": one.plan.table_zh,
    }


def _province_target(one: Result) -> str | None:
    figures: tuple[Figure, ...] = one.part.figures if one.part else one.row.figures
    raws = [figure.raw for figure in figures if figure.role == "province_target"]
    return raws[-1] if raws else None
