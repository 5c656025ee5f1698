"""The endpoints for programs as `api.toml` lists them, and what each takes after the `?`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

API_FILE: Final = Path(__file__).parent / "api.toml"
_PART: Final = re.compile(r"\\\{\w+\\\}")
"""Where a path of the document stands for any value, after escaping."""


@cache
def described() -> dict[str, Any]:
    """Return the endpoints and what is said of them all."""
    return tomllib.loads(API_FILE.read_text(encoding="utf-8"))


@cache
def conditions() -> frozenset[str]:
    """Return the names by which any page or endpoint says what its list holds."""
    return frozenset(described()["conditions"])


def endpoint_options(path: str) -> frozenset[str]:
    """Return what the endpoint at an address takes after the `?`; nothing where there is none.

    >>> sorted(endpoint_options("/indicator/hangzhou-145.07.json"))
    ['division', 'year']
    """
    return next((names for pattern, names in _listed() if pattern.fullmatch(path)), frozenset())


@cache
def _listed() -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    return tuple((_pattern(row["path"]), _query(row)) for row in described()["endpoint"])


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PART.sub("[^/]+", re.escape(path)))


def _query(endpoint: dict[str, Any]) -> frozenset[str]:
    rows = endpoint.get("parameters", ())
    return frozenset(row["name"] for row in rows if row["in"] == "query")
