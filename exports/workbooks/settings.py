"""The looks and limits of our workbooks, read from `settings.toml` beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
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
    font: str
    font_size: int
    narrowest: int
    widest: int


@dataclass(frozen=True)
class ReturnedSettings:
    """Limits of a returned workbook, in rows, comments and cells; widths in characters.

    `result_height` (points) is the highest a row grows. `causes_only` are the rules that only the
    sheet of causes names; `answers` gives the field in which a rule's question is answered, where
    that is another than the one it is about.
    """

    full_rows: int
    comments: int
    first_cells: int
    outcome_width: int
    result_width: int
    result_height: int
    added_width: int
    causes_only: Sequence[str]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class CodesSettings:
    """How many rows of codes one sheet takes."""

    rows: int


@dataclass(frozen=True)
class Settings:
    """All of them."""

    colours: Colours
    template: TemplateSettings
    returned: ReturnedSettings
    codes: CodesSettings


@cache
def settings() -> Settings:
    """Return the settings; a key that is missing or unknown is a TypeError at the first call."""
    values = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Settings(
        Colours(**values["colours"]),
        TemplateSettings(**values["template"]),
        ReturnedSettings(**values["returned"]),
        CodesSettings(**values["codes"]),
    )
