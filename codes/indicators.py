"""The indicators of the plans: what was measured, promised and reached (book `indicators`).

One `Indicator` is one numbered row of a plan's table; a row printed in parts (学前段, 义务段,
高中段) has its figures in `parts`. Raw text and typed reading stand side by side in every `Figure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any, Final

from codes.book import load_book
from codes.errors import DataError, UsageError
from codes.indicator_types import Direction, Figure, Indicator, Part, Plan, Role, numbered
from codes.indicator_values import fits_direction, parse
from codes.typed_rows import typed_rows

__all__ = [
    "Direction",
    "Figure",
    "Indicator",
    "Part",
    "Plan",
    "Role",
    "find_indicator",
    "indicators",
    "indicators_of",
    "numbered",
    "plans",
    "read_indicators",
]

_FIGURE_COLUMN: Final = re.compile(r"(base|target|actual|province_target)_(\d{4})")


@cache
def plans() -> dict[str, Plan]:
    """Return the documents by code, in book order."""
    return {row.code: row for row in typed_rows("indicator_plans", Plan)}


@cache
def indicators() -> dict[str, Indicator]:
    """Return the numbered rows of all plans by code, in book order.

    Raises DataError `evaluate.interval_unfit` for a target that does not fit its direction.
    """
    return read_indicators(load_book("indicators").rows)


def read_indicators(rows: Iterable[Mapping[str, Any]]) -> dict[str, Indicator]:
    """Return rows of the book as `indicators` does."""
    grouped = (list(lines) for _, lines in groupby(rows, key=_numbered))
    found = {row.code: row for row in map(_indicator, grouped)}
    for row in found.values():
        _check_intervals(row)
    return found


def indicators_of(plan: str) -> tuple[Indicator, ...]:
    """Return the rows of one plan in the table's order.

    Raises UsageError `evaluate.plan_unknown` (params seen, known).
    """
    if plan not in plans():
        raise UsageError("evaluate.plan_unknown", seen=plan, known="、".join(plans()))
    return tuple(row for row in indicators().values() if row.plan == plan)


def find_indicator(code: str) -> Indicator:
    """Return the row with this code in any case, or the row a part's code belongs to.

    Raises DataError `evaluate.indicator_unknown` (param seen).
    """
    found = _by_code().get(code.casefold())
    if found is None:
        raise DataError("evaluate.indicator_unknown", seen=code)
    return found


@cache
def _by_code() -> dict[str, Indicator]:
    rows = indicators().values()
    return {
        code.casefold(): row for row in rows for code in (row.code, *(p.code for p in row.parts))
    }


def _numbered(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["plan"], row.get("section"), row["number"]


def _indicator(lines: list[Mapping[str, Any]]) -> Indicator:
    first = lines[0]
    known = Indicator.__dataclass_fields__
    facts = {key: value for key, value in first.items() if key in known}
    facts["departments"] = tuple(first.get("departments", ()))
    if first["direction"] == "interval":
        facts["zero_at"] = (first["zero_below"], first["zero_above"])
    if "part" not in first:
        return Indicator(**facts, figures=_figures(first))
    facts["code"] = first["code"][:-1]
    parts = (Part(row["code"], row["part"], row["part_en"], _figures(row)) for row in lines)
    return Indicator(**facts, figures=(), parts=tuple(parts))


def _check_intervals(row: Indicator) -> None:
    for figure in (*row.figures, *(one for part in row.parts for one in part.figures)):
        fits = fits_direction(figure.reading, row.direction, row.zero_at)
        if figure.role == "target" and not fits:
            about = {"indicator": row.code, "seen": figure.raw, "bounds": row.zero_at}
            raise DataError("evaluate.interval_unfit", **about)


def _figures(row: Mapping[str, Any]) -> tuple[Figure, ...]:
    return tuple(sorted(_read_figures(row), key=lambda figure: figure.column_year))


def _read_figures(row: Mapping[str, Any]) -> Iterator[Figure]:
    for column, raw in row.items():
        if found := _FIGURE_COLUMN.fullmatch(column):
            role: Role = found[1]  # type: ignore[assignment]
            yield Figure(role, int(found[2]), raw, parse(raw))
