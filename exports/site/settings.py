"""How the site is set up: `site.toml`, typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

SITE_FILE: Final = Path(__file__).parent / "site.toml"
DATABASE: Final = "fuwuma"
"""Name of the snapshot in addresses: `/fuwuma/facility`."""


@dataclass(frozen=True)
class SiteSettings:
    """See the comments in `site.toml`."""

    division_endings: tuple[str, ...]
    fillers: tuple[str, ...]
    per_page: int
    search_candidates: int
    alike_most: int
    suggested_places: int
    suggested_kinds: int
    suggestions: int
    check_most: int
    check_outcomes: tuple[str, ...]
    check_shown: int
    post_bytes: int
    cache_bytes: int
    browser_seconds: int
    datasette: dict[str, Any]
    kind_words: dict[str, list[str]]
    facets: dict[str, list[str]]
    on_a_phone: dict[str, list[str]]
    table_options: frozenset[str]
    table_rows: int
    shapes: tuple[str, ...]
    comparisons: frozenset[str]
    page_options: dict[str, frozenset[str]]
    headers: dict[str, str]
    sections: dict[str, list[str]]
    working: tuple[str, ...]
    working_of_facilities: tuple[str, ...]
    downloads: tuple[str, ...]
    opinion: dict[str, int]
    map: dict[str, Any]


@cache
def site_settings() -> SiteSettings:
    """Read `site.toml`."""
    values = tomllib.loads(SITE_FILE.read_text(encoding="utf-8"))
    table, page = values.pop("table_address"), values.pop("page_address")
    values["downloads"] = tuple(values["downloads"]["files"])
    for name in (
        "division_endings",
        "fillers",
        "working",
        "working_of_facilities",
        "check_outcomes",
    ):
        values[name] = tuple(values[name])
    return SiteSettings(
        **values,
        table_options=frozenset(table["options"]),
        table_rows=table["page_rows"],
        shapes=tuple(table["shapes"]),
        comparisons=frozenset(table["comparisons"]),
        page_options={name: frozenset(options) for name, options in page.items()},
    )
