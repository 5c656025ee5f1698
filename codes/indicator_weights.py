"""What an indicator weighs in means of achievement degrees (book `indicator_weights`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from codes.book import BOOKS_DIR, load_book

USUAL: Final = 1.0
"""The weight of an indicator that the book does not list."""


def weight_of(indicator: str) -> float:
    """Return the weight of an indicator (its code)."""
    return weights().get(indicator, USUAL)


@cache
def weights(root: Path = BOOKS_DIR) -> dict[str, float]:
    """Return the weights that the book under `root` gives, by indicator."""
    rows = load_book("indicator_weights", root).rows
    return {str(row["indicator"]): float(row["weight"]) for row in rows}
