"""What the tables of `fuwuma evaluate` have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from cli.context import console, enumerated, say
from codes.messages import text
from codes.policy import as_json as policy_json
from codes.policy import policy
from codes.warning_colours import warning_colours
from registry.evaluation.results import Result
from registry.evaluation.wording import colour_name, colour_sign, parameter_shown

Cell = str | Text

WITHOUT_SHOWN: Final = 12
"""Divisions named in one line; the JSON has all."""


def some(names: Sequence[str]) -> str:
    """Return the first names and how many there are."""
    shown = enumerated(names[:WITHOUT_SHOWN])
    return shown if len(names) <= WITHOUT_SHOWN else f"{shown} … ({len(names)})"


def colours_shown(counts: dict[str, int]) -> str:
    """Return how many have each colour."""
    return enumerated(
        f"{colour_sign(code)} {colour_name(code)} {count}"
        for code, count in counts.items()
        if count
    )


def colour_shown(one: Result) -> Text:
    """Return a result's colour: sign and name, in that colour."""
    code = one.rating.colour
    return Text(f"{colour_sign(code)} {colour_name(code)}", style=warning_colours()[code].terminal)


def print_policy(*groups: str) -> None:
    """Print the parameters of some groups by their names, and their version."""
    known, shown = policy(), policy_json(*groups)
    parameters = enumerated(
        parameter_shown(known[code])
        for code, value in shown.items()
        if value is not None and code != "version"
    )
    say("evaluate.policy_line", version=shown["version"], parameters=parameters)


def print_table(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print a table; `names` are columns of the message catalogue."""
    right = {
        "needed",
        "there",
        "lack",
        "value",
        "target",
        "achievement",
        "index",
        "gini",
        "cv",
        "theil",
        "share",
    }
    table = Table(box=box.SIMPLE_HEAD)
    for name in names:
        header = text(f"evaluate.column.{name}")
        table.add_column(header, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    console().print(table)


def print_line(words: str, style: str | None = None) -> None:
    """Print one line of plain words."""
    console().print(words, style=style, markup=False, soft_wrap=True)
