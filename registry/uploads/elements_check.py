"""Check a row against the JSON Schema of its type; say each breach by its rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from codes.rules import rules
from registry.uploads.breaches import breaches
from registry.uploads.judged import Judged
from registry.uploads.normalising.cell import shown
from registry.uploads.normalising.row import known_fields

RECOMMENDED: Final = "element_recommended"


def check_elements(row: Judged, *, need_all: bool = True) -> None:
    """Add a finding for each element that breaks the schema, and for each recommended one missing.

    `need_all` False lets required elements be absent, for a row whose registered part is not known.
    """
    type_code = row.type.code if row.type else None
    said: set[str] = set()
    for element, rule, own, params, among in breaches(type_code, _instance(row, type_code)):
        severity = own or rules()[rule].severity
        if element in row.row.troubled or element in said:
            continue
        if row.is_let_be(among or (element,), severity):
            continue
        if rule == "element_required" and not _is_needed(row, element, need_all):
            continue
        said.add(element)
        about = {**params, **_about(rule, element, row), **row.whose(element, among)}
        value = shown(row.whole[element]) if "mine_registry" in about else None
        row.report(rule, element, value=value, severity=severity, **about)
    if type_code and need_all:
        _recommend(row, type_code, said)


def _is_needed(row: Judged, element: str, need_all: bool) -> bool:
    """A required element asked to be cleared is reported as that, by another rule."""
    return element not in row.row.cleared and (need_all or element == "as_of")


def _about(rule: str, element: str, row: Judged) -> dict[str, Any]:
    about = about_absent(rule, row.type.code if row.type else "", element)
    if rule == "element_type":
        about["wanted_number"] = known_fields(row.type.code if row.type else None)[element].kind
    if rule == "element_length":
        about["length"] = len(str(row.whole.get(element, "")))
    return about


def _recommend(row: Judged, type_code: str, said: set[str]) -> None:
    filled, troubled, cleared = row.whole, row.row.troubled, row.row.cleared
    for key in recommended(type_code):
        if key not in filled and key not in troubled and key not in cleared and key not in said:
            row.report(RECOMMENDED, key, **_about_blank(type_code, key))


def about_absent(rule: str, type_code: str, element: str) -> dict[str, Any]:
    """Return what fills the words of a rule on an element that a row of a type leaves blank."""
    about: dict[str, Any] = {"expected_form": [type_code, element]}
    if rule == RECOMMENDED:
        about["type_type"] = type_code
    return about


@cache
def _about_blank(type_code: str, element: str) -> Mapping[str, Any]:
    """Nearly every row of many files leaves something blank."""
    return about_absent(RECOMMENDED, type_code, element)


@cache
def recommended(type_code: str) -> tuple[str, ...]:
    """Return the elements that a facility of a type should have, in the order of its fields."""
    known = known_fields(type_code).items()
    return tuple(key for key, field in known if field.requirement == "should")


def _instance(row: Judged, type_code: str | None) -> dict[str, Any]:
    """The row with its division as settled, without what its type does not carry."""
    known = known_fields(type_code)
    instance = {key: value for key, value in row.whole.items() if key in known}
    if "as_of" not in row.row.fields:
        instance.pop("as_of", None)  # the day of the data is never the one registered before
    if division := settled_division(row):
        instance["division"] = division
    if type_code is None:
        instance.pop("type", None)
    return instance


def settled_division(row: Judged) -> str | None:
    """Return the division as settled, one that is no division while it is open, None without."""
    placed = row.placement
    return placed.code or ("000000" if placed.rule else None)
