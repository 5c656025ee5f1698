"""A facility and a list of facilities, in JSON and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from cli.context import console, enumerated, say
from cli.facility_words import (
    DIGITS,
    NAMED,
    header_of,
    name_of,
    private_keys,
    reason_of,
    worded,
)
from codes import facility_code
from codes.messages import language, text

if TYPE_CHECKING:
    from registry.facilities.view import FacilityView, Listing


BRIEF: Final = ("name", "type_code", "division_code", "status", "address")
"""Columns of a listing after the code."""


def document(view: FacilityView, *, private: bool = False) -> dict[str, Any]:
    """Return a facility for JSON: every column, names beside codes; contacts only if `private`."""
    hidden = frozenset() if private else private_keys()
    facts = {key: value for key, value in asdict(view).items() if key not in hidden}
    names = {
        f"{field}_name": name_of(column, getattr(view, column), view.valid_from)
        for column, field in NAMED.items()
    }
    return {"code": view.code, "printed": facility_code.format(view.code), **facts, **names}


def print_card(view: FacilityView, *, private: bool) -> None:
    """Print a facility line by line; what was not reported is left out."""
    say("facility.card.title", printed=facility_code.format(view.code), name=view.name)
    for header, value in _facts(view, private):
        say("facility.card.line", header=header, value=value)
    reason = reason_of(view.reason)
    say("facility.card.since", since=view.valid_from, by=view.recorded_by, reason=reason)


def print_listing(found: Listing, page: int, per_page: int) -> None:
    """Print one page of facilities as a table."""
    from rich.table import Column, Table

    # a code cut short is no code: the other columns give way and fold
    printed = [facility_code.format(view.code) for view in found.items]
    widest = max(map(len, printed), default=0)
    code = Column(header_of("code"), no_wrap=True, min_width=widest)
    others = [Column(header_of(NAMED.get(column, column)), overflow="fold") for column in BRIEF]
    table = Table(code, *others, box=None, pad_edge=False)
    for shown, view in zip(printed, found.items, strict=True):
        table.add_row(shown, *_cells(view))
    console().print(table)
    pages = max(1, -(-found.total // per_page))
    say("facility.list_total", total=found.total, page=page, pages=pages)


def _facts(view: FacilityView, private: bool) -> Iterator[tuple[str, str]]:
    from codes.capabilities import capabilities
    from registry.facilities.fields import key_of, state_columns

    for column in state_columns()[1:]:
        value, key = getattr(view, column), key_of(column)
        if value is not None and (private or key not in private_keys()):
            yield header_of(key), worded(column, value, view.valid_from)
    for scheme, numbers in view.identifiers.items():
        yield header_of(scheme), enumerated(numbers)
    for code, reading in view.capabilities.items():
        known = capabilities().get(code)
        unit = "" if known is None else known.unit_zh if language() == "zh" else known.unit_en
        yield (
            header_of(code),
            text(
                "facility.card.reading",
                value=f"{reading.value:.{DIGITS}g}",
                unit=unit,
                as_of=reading.as_of,
                confirmed_on=reading.confirmed_on,
            ),
        )


def _cells(view: FacilityView) -> Iterator[str]:
    for column in BRIEF:
        value = getattr(view, column)
        name = name_of(column, value, view.valid_from) if column in NAMED else value
        yield name or ""
