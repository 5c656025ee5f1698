"""Say of columns that a file does not have which rows would have had to fill them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cli.context import enumerated
from codes.messages import text
from registry.uploads.findings import Cause, Finding
from registry.uploads.normalising.sheet import TYPE
from registry.uploads.wording import excerpt, header_of, type_shown

FORM: Final = "expected_form"
"""The parameter that begins with the type whose form a cell should have."""


def concerned(causes: Sequence[Cause], rows: int) -> str:
    """Return a sentence on the types and rows that lack columns which other rows do not need.

    `causes` are of one rule. Empty when every row lacks each of them, or a row's type is not known.
    A report that keeps no more than the first places of a cause gives one of them.
    """
    some = [one for one in causes if one.total < rows]
    found = [finding for cause in some for finding in cause.findings]
    if not found or not all(map(_type_code, found)):
        return ""
    headers = "" if len(some) == len(causes) else enumerated(header_of(one.element) for one in some)
    listed = all(len(one.findings) == one.total for one in some)
    who = enumerated(_types(found)) if listed else _such_as(found[0])
    if headers:
        return text("report.columns_concern_some", headers=headers, who=who)
    return text("report.columns_concern", who=who)


def where(causes: Sequence[Cause], rows: int) -> str:
    """Return a sentence on the sheets whose rows lack what every row must have.

    `causes` are of one rule. Of a text that lacks it in every row there is nothing to say.
    """
    found = [finding for cause in causes for finding in cause.findings]
    if not any(one.sheet for one in found) and all(one.total == rows for one in causes):
        return ""
    if not all(len(one.findings) == one.total for one in causes):
        return text("report.columns_where", where=text("report.rows_first", place=_place(found[0])))
    sheets: dict[str, dict[int | None, Finding]] = {}
    for one in found:
        sheets.setdefault(one.sheet, {}).setdefault(one.row, one)
    told = [_rows(min(places, key=lambda row: row or 0), places) for places in sheets.values()]
    return text("report.columns_where", where=enumerated(told))


def _rows(first: int | None, places: Mapping[int | None, Finding]) -> str:
    which = f"report.rows_where_{'one' if len(places) == 1 else 'many'}"
    return text(which, count=len(places), place=_place(places[first]))


def remedy(causes: Sequence[Cause]) -> str:
    """Return how to mend that columns are absent; a sheet may say the type by its name."""
    if causes[0].severity != "must":
        return text("report.columns_remedy")
    sheets = {finding.sheet for cause in causes for finding in cause.findings}
    of_type = any(one.element == TYPE for one in causes) and any(sheets)
    return text(f"report.columns_remedy_{'type' if of_type else 'must'}")


def _types(found: Sequence[Finding]) -> list[str]:
    """Each type with its rows, the most first."""
    rows: dict[str, dict[tuple[str, int | None], Finding]] = {}
    for one in found:
        rows.setdefault(_type_code(one), {}).setdefault((one.sheet, one.row), one)
    told = []
    for code, places in sorted(rows.items(), key=lambda pair: -len(pair[1])):
        first = _place(min(places.values(), key=lambda one: one.row or 0))
        which = f"report.rows_of_type_{'one' if len(places) == 1 else 'many'}"
        told.append(text(which, type=type_shown(code), count=len(places), place=first))
    return told


def _such_as(one: Finding) -> str:
    return text("report.rows_such_as", type=type_shown(_type_code(one)), place=_place(one))


def _place(one: Finding) -> str:
    sheet = text("report.place_sheet", sheet=excerpt(one.sheet)) if one.sheet else ""
    return sheet + text("report.place_row", row=one.row)


def _type_code(one: Finding) -> str:
    return str((one.params.get(FORM) or [""])[0])
