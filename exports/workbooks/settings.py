"""The looks and limits of our workbooks, read from `settings.toml` beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True)
class Colours:
    """Fill colours as RRGGBB; `title` is a text colour."""

    must: str
    held: str
    should: str
    may: str
    note: str
    example: str
    result: str
    passed: str
    title: str


@dataclass(frozen=True)
class TemplateSettings:
    """Size and type of a template; widths in characters."""

    rows: int
    city_code: str
    font: str
    font_size: int
    narrowest: int
    widest: int


@dataclass(frozen=True)
class ReturnedSettings:
    """Limits of a returned workbook, in rows, comments and cells."""

    full_rows: int
    failing_rows: int
    comments: int
    first_cells: int
    result_width: int


@dataclass(frozen=True)
class Settings:
    """All of them."""

    colours: Colours
    template: TemplateSettings
    returned: ReturnedSettings


@cache
def settings() -> Settings:
    """Return the settings; a key that is missing or unknown is a TypeError at the first call."""
    values = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Settings(
        Colours(**values["colours"]),
        TemplateSettings(**values["template"]),
        ReturnedSettings(**values["returned"]),
    )
