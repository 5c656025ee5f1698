"""The balance of a measure in a year's report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codes.divisions.english import shown_name
from registry.evaluation.spread import Share, Spread
from registry.evaluation.wording import named, people_years_shown


def spread_shown(one: Spread) -> dict[str, Any]:
    """Return a balance as the template shows it."""
    shares = sorted(one.shares, key=lambda share: share.quotient)
    interval = one.index_interval()
    return {
        "name": named(one.formula),
        "people": people_years_shown(one.people_years()),
        "index": _fixed(one.index, 1),
        "bar": None if one.index is None else max(0.0, one.index),
        "interval": f"{interval[0]:.1f}–{interval[1]:.1f}" if interval else "—",
        "gini": _fixed(one.gini, 3),
        "cv": _fixed(one.cv, 3),
        "theil": _fixed(one.theil.total if one.theil else None, 4),
        "least": _share(shares[:1]),
        "most": _share(shares[-1:]),
    }


def _fixed(value: float | None, decimals: int) -> str:
    """Return a figure of a column, all with as many decimals."""
    return "—" if value is None else f"{value:.{decimals}f}"


def _share(shares: Sequence[Share]) -> str:
    return "".join(f"{shown_name(share.division)} {_fixed(share.quotient, 2)}" for share in shares)
