"""Units of indicators, standards and norms in English (book `unit_names`)."""

from __future__ import annotations

from functools import cache

from codes.book import load_book


@cache
def english_unit(unit: str) -> str:
    """Return the English of a unit, empty where English has none (个). Raises KeyError if unknown.

    >>> english_unit("平方米"), english_unit("")
    ('m²', '')
    """
    return str(load_book("unit_names").by_key()[unit].get("name_en", "")) if unit else ""


@cache
def is_counter(unit: str) -> bool:
    """Say whether the unit only counts things (个, 家, 人), so that English can do without.

    >>> is_counter("家"), is_counter("平方米")
    (True, False)
    """
    return bool(load_book("unit_names").by_key()[unit].get("counter"))
