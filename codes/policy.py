"""Thresholds and parameters of evaluation (book `policy`). All are ours; none is official.

`as_json` is what a result prints beside itself, so that it can be worked out again.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from codes.book import BOOKS_DIR, BookError
from codes.policy_check import policy_mistakes
from codes.policy_rows import Band, Parameter
from codes.typed_rows import typed_rows
from codes.warning_colours import warning_colours

__all__ = [
    "Band",
    "Parameter",
    "as_json",
    "bands",
    "check_policy",
    "decimal_of",
    "integer_of",
    "missing_colour",
    "parameter",
    "policy",
    "read_policy",
]


@cache
def policy() -> dict[str, Parameter]:
    """Return the parameters by code, in book order. Raises BookError as `read_policy` does."""
    return read_policy()


def read_policy(root: Path = BOOKS_DIR) -> dict[str, Parameter]:
    """Read the book under `root`.

    Raises BookError for a value of another type, out of its range or none of its words, bands whose
    edges do not fall or have more decimals than are kept, and colours nobody can draw.
    """
    for mistake in check_policy(root):
        raise mistake
    return {row.code: row for row in typed_rows("policy", Parameter, root)}


def check_policy(root: Path = BOOKS_DIR) -> list[BookError]:
    """Return every mistake in the policy under `root`."""
    rows = typed_rows("policy", Parameter, root)
    where = str(root / "policy" / "rows.csv")
    return list(policy_mistakes(rows, warning_colours(root), where))


def parameter(code: str) -> Parameter:
    """Return a parameter. Raises BookError `book.policy_absent` when the book lacks it."""
    found = policy().get(code)
    if found is None:
        raise BookError("book.policy_absent", where=BOOKS_DIR / "policy" / "rows.csv", code=code)
    return found


def decimal_of(code: str) -> Decimal:
    """Return a decimal parameter. Raises BookError when there is none, TypeError for another."""
    value = parameter(code).typed
    if not isinstance(value, Decimal):
        raise TypeError(code)
    return value


def integer_of(code: str) -> int:
    """Return an integer parameter. Raises BookError when there is none, TypeError for another."""
    value = parameter(code).typed
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(code)
    return value


@cache
def bands() -> tuple[Band, ...]:
    """Return the colours from the worst to the best; only the worst has no lower edge."""
    found = [
        Band(row.last_word, row.name_zh, row.name_en, Decimal(row.value) if row.value else None)
        for row in policy().values()
        if row.group == "band"
    ]
    return tuple(reversed(found))


@cache
def missing_colour() -> str:
    """Return the code of the colour that means: no data."""
    return next(row.last_word for row in policy().values() if row.group == "missing")


def as_json(*groups: str) -> dict[str, Any]:
    """Return version and parameters of the named groups (all when none is named), as text."""
    rows = policy().values()
    kept = [row for row in rows if not groups or row.group in (*groups, "policy")]
    return {row.code: row.value for row in kept}
