"""Say a figure with its unit: what standards and norms have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from codes.unit_names import english_unit, is_counter

_SIGNS: Final = {"=": "=", ">": ">", ">=": "≥", "<": "<", "<=": "≤", "~": "≈"}


def plain_number(number: Decimal) -> int | float:
    """Return a Decimal as the JSON number people expect: 20, not 20.0."""
    return int(number) if number == number.to_integral_value() else float(number)


def quantity_in_words(what: str, comparator: str, amount: Decimal, unit: str, lang: str) -> str:
    """Return `what` with its amount; English leaves out units that only count.

    >>> quantity_in_words("floor area", ">=", Decimal("1200"), "平方米", "en")
    'floor area ≥ 1,200 m²'
    """
    sign, number = _SIGNS[comparator], plain_number(amount)
    if lang == "zh":
        return f"{what} {sign} {number} {unit}"
    figure = f"{what} {sign} {number:,}"
    return figure if is_counter(unit) else f"{figure} {english_unit(unit)}"
