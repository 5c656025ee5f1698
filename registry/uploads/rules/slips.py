"""Cells that hold something, but hardly what their column asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from codes.elements import FIGURES, all_fields
from codes.facility_types import facility_types
from codes.private_numbers import any_mobile
from codes.reserved_names import begins_reserved
from codes.text_fixes import is_bare_clear
from codes.upload_limits import limit
from registry.facilities.allowed import OPEN
from registry.uploads.judged import Context, Judged
from registry.uploads.rules.hit import Hit

NOT_TELLING: Final = frozenset({"name", "division"})
"""The name has a rule of its own, and many facilities are in the example's division."""

NO_NAME: Final = (
    r"[0-9 !-/:-@\[-`{-~（），。、：；·—]+|[Hh][Tt][Tt][Pp][Ss]?://.*|[Ww][Ww][Ww][.].*"
    r"|[^@ ]+@[^@ ]+[.][A-Za-z]+"
)
"""Texts without a letter or a character, web and e-mail addresses; safe for RE2."""

QUESTIONED: Final = ("name", "address")
QUESTION_MARKS: Final = ("?", "？")
NAMED: Final = 6
"""So many cells of the example are named in a finding."""


@cache
def example_cells() -> Mapping[str, str | float]:
    """Return what our template's worked example has by element, as it is read.

    Choices, dates and small figures are left out: they are met by chance.
    """
    found: dict[str, str | float] = {}
    for key, field in all_fields().items():
        if key in NOT_TELLING or field.example is None:
            continue
        if field.kind in ("text", "code"):
            found[key] = str(field.example)
        elif field.kind in FIGURES:
            figure = float(str(field.example))
            if figure >= limit("example_figure_least"):
                found[key] = figure
    return found


def clear_without_brackets(row: Judged, _context: Context) -> Iterator[Hit]:
    """The word for clearing without its brackets, where any text would be taken."""
    texts = _texts()
    for key, value in row.row.fields.items():
        if key in texts and isinstance(value, str) and is_bare_clear(value):
            yield Hit(key, value=value)


def name_is_example(row: Judged, _context: Context) -> Iterator[Hit]:
    """A row that was filled in, but for the name our template's worked example has."""
    name = row.row.fields.get("name")
    if isinstance(name, str) and begins_reserved("example", name):
        yield Hit("name", value=name)


def example_left(row: Judged, _context: Context) -> Iterator[Hit]:
    """A row in which several cells are still those of our template's worked example."""
    example = example_cells()
    same = [key for key, value in row.row.fields.items() if example.get(key) == value]
    if len(same) >= limit("example_cells"):
        yield Hit(params={"count": len(same), "same_elements": same[:NAMED]})


def name_says_nothing(row: Judged, _context: Context) -> Iterator[Hit]:
    """A number, an e-mail address or a web address in the place of a name."""
    name = row.row.fields.get("name")
    if isinstance(name, str) and re.fullmatch(NO_NAME, name):
        yield Hit("name", value=name)


def text_questioned(row: Judged, _context: Context) -> Iterator[Hit]:
    """A question mark in a name or an address: perhaps a character that a program lacked."""
    for key in QUESTIONED:
        value = row.row.fields.get(key)
        if isinstance(value, str) and any(mark in value for mark in QUESTION_MARKS):
            yield Hit(key, value=value)


def name_alone(row: Judged, _context: Context) -> Iterator[Hit]:
    """A new row of which the name column alone is filled, though the sheet has others.

    A line below the table stands so; what `--set` gives to all rows makes it whole.
    """
    if row.registered or row.said_new or row.rejected or len(row.columns.read) == 1:
        return
    letter, _ = row.columns.place("name")
    name = row.row.fields.get("name")
    if isinstance(name, str) and set(row.row.raw) == {letter}:
        yield Hit("name", value=name)


def name_only_type(row: Judged, _context: Context) -> Iterator[Hit]:
    """A name that is the word for a type of facility and no more."""
    name = row.row.fields.get("name")
    if name in type_names():
        yield Hit("name", value=str(name))


@cache
def type_names() -> frozenset[str]:
    """Return the Chinese names of all types, and the words departments use for them."""
    return frozenset(
        word for one in facility_types().values() for word in (one.name_zh, *one.aliases)
    )


def phone_is_mobile(row: Judged, _context: Context) -> Iterator[Hit]:
    """A mobile number, most likely somebody's own, among the numbers that are made public."""
    phone = row.row.fields.get("phone")
    if isinstance(phone, str) and re.search(any_mobile(), phone):
        yield Hit("phone", value=phone)


def opened_after_data(row: Judged, context: Context) -> Iterator[Hit]:
    """A facility in operation that opened after the day its data speak of."""
    opened, as_of = row.row.fields.get("opened_on"), row.row.fields.get("as_of")
    if not isinstance(opened, str) or not isinstance(as_of, str):
        return
    if row.whole.get("status") == OPEN and as_of < opened <= context.today.isoformat():
        yield Hit("opened_on", {"as_of": as_of}, opened)


@cache
def _texts() -> frozenset[str]:
    return frozenset(key for key, field in all_fields().items() if field.kind == "text")
