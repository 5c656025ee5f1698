"""Indicators as plain JSON values, for `spec indicators --json` and the release."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from codes.formula_words import in_words
from codes.formulas import formula_of
from codes.indicator_values import Reading
from codes.indicators import Figure, Indicator, Role, plans
from codes.unit_names import english_unit

_ROLES = {
    "base": "base",
    "targets": "target",
    "actuals": "actual",
    "province_targets": "province_target",
}


def as_json(row: Indicator) -> dict[str, Any]:
    """Return one numbered row; figures are listed by role, each with raw text and reading."""
    plan = plans()[row.plan]
    formula = formula_of(row.code)
    return {
        "code": row.code,
        "plan": row.plan,
        "section": row.section,
        "number": row.number,
        "area": row.area,
        "subarea": row.subarea,
        "category_code": row.category_code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "unit": row.unit,
        "unit_en": english_unit(row.unit),
        "direction": row.direction,
        "zero_at": list(row.zero_at) if row.zero_at else None,
        "attribute": row.attribute,
        "base_raw": _last_raw(row, "base"),
        "target_raw": _last_raw(row, "target"),
        "actual_raw": _last_raw(row, "actual"),
        **_by_role(row.figures),
        "done": None,
        "met": row.met,
        "departments": list(row.departments),
        "formula": formula.code if formula else None,
        "formula_text": in_words(formula) if formula else None,
        "parts": [
            {
                "code": part.code,
                "name_zh": part.name_zh,
                "name_en": part.name_en,
                **_by_role(part.figures),
            }
            for part in row.parts
        ],
        "unplaced": row.unplaced,
        "source": {
            "document": plan.document_zh,
            "stage": plan.stage,
            "issued_on": plan.issued_on,
            "seed_file": plan.seed_file,
            "table": plan.table_zh,
        },
        "raw": {
            "name": row.name_raw,
            "area": row.area_raw,
            "departments": row.departments_raw,
        },
        "note_zh": row.note_zh,
        "note_en": row.note_en,
    }


def reading_json(reading: Reading) -> dict[str, Any]:
    """Return a reading without its empty fields; numbers are JSON numbers."""
    shown = asdict(reading)
    shown["numbers"] = [_plain(number) for number in reading.numbers]
    shown["places"] = [list(names) for names in reading.places]
    kept = {"kind", "numbers", "comparator"} if reading.numbers else {"kind"}
    return {key: value for key, value in shown.items() if key in kept or _is_said(key, value)}


def _is_said(key: str, value: object) -> bool:
    return key != "comparator" and value not in (None, [], False) and (key, value) != ("years", 1)


def _by_role(figures: tuple[Figure, ...]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {"year": figure.year, "raw": figure.raw, "reading": reading_json(figure.reading)}
            for figure in figures
            if figure.role == role
        ]
        for name, role in _ROLES.items()
    }


def _last_raw(row: Indicator, role: Role) -> str | None:
    """What the table prints for the role's last year, the parts one after the other."""
    sides = [row.figures, *(part.figures for part in row.parts)]
    found = [[figure.raw for figure in side if figure.role == role] for side in sides]
    return "；".join(raws[-1] for raws in found if raws) or None


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
