"""Which addresses may begin with another county of the city, as a condition in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from sqlglot import exp

from registry.uploads.placing.address import city_names


def begins_elsewhere(counties: Iterable[str], today: date) -> str | None:
    """Return the condition on the columns county and address_head, None where no row can keep it.

    It may hold of a few addresses more.
    """
    patterns = {county: _elsewhere(county, today) for county in counties}
    # constants, so that each pattern is compiled once
    cases = " ".join(
        f"WHEN {_quoted(county)} THEN regexp_matches(address_head, {_quoted(pattern)})"
        for county, pattern in patterns.items()
        if pattern is not None
    )
    return f"CASE county {cases} ELSE false END" if cases else None


def _elsewhere(county: str, today: date) -> str | None:
    counties, above = city_names(county, today)
    others = [_spaced(name) for code, name in counties if code != county]
    if not others:
        return None
    before = "".join(f"(?:{_spaced(name)} ?)?" for name in above)
    return f"^{before}(?:{'|'.join(others)})"


def _spaced(name: str) -> str:
    """A pattern for a name, however it is spaced."""
    return " ?".join(map(re.escape, name))


def _quoted(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")
