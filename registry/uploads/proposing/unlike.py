"""Ask about rows that give the code or number of a facility which they are not like at all.

A facility is renamed where it stands, or moves under its name. Where both name and place are
others, the code is more likely wrong, and the registered facility would be overwritten by another.
"""

from __future__ import annotations

from typing import Any

from codes.divisions import county_of
from codes.upload_limits import limit
from registry.uploads.judged import Judged
from registry.uploads.proposing.answers import Answers
from registry.uploads.proposing.keys import key_of, name_key, same_text
from registry.uploads.proposing.likeness import names_agree
from registry.uploads.proposing.near import metres_between
from registry.uploads.proposing.parts import parts_of
from registry.uploads.proposing.registered import Registered


def ask_if_unlike(row: Judged, answers: Answers) -> None:
    """Ask when neither name nor place of a row are those registered; "same" is not asked again."""
    one, name = row.registered, row.row.fields.get("name")
    if one is None or not isinstance(name, str) or row.held or same_text(name, one.name):
        return
    if answers.is_same(key_of(row), one.id) or _is_like(name, row, one):
        return
    if differing := _elsewhere(row, one):
        row.candidates = (one.id,)
        row.report(
            "registered_unlike",
            "name",
            value=name,
            code_facility=one.code,
            registered=one.name,
            **differing,
        )


def _is_like(name: str, row: Judged, one: Registered) -> bool:
    county = row.county or one.county_code
    return names_agree(parts_of(name, county), parts_of(one.name, one.county_code))


def _elsewhere(row: Judged, one: Registered) -> dict[str, Any]:
    """Say what tells the row's place from the registered one, nothing where it may be the same.

    The address tells; where one of the two has none the township does, and then the operator.
    """
    given = row.row.fields
    if {"longitude", "latitude"} <= given.keys() and _is_near(row, one):
        return {}
    division = row.placement.code if "division" in given else None
    if division and county_of(division) != one.county_code:
        return _divisions(division, one)
    mine, theirs = given.get("address"), one.fields.get("address")
    if mine and theirs:
        return {} if _same_address(str(mine), str(theirs)) else _texts("address", mine, theirs)
    if division and not _is_within(division, str(one.fields["division"])):
        return _divisions(division, one)
    return _operators(row, one)


def _operators(row: Judged, one: Registered) -> dict[str, Any]:
    for key in ("operator_uscc", "operator_name"):
        mine, theirs = row.row.fields.get(key), one.fields.get(key)
        if mine and theirs:
            return {} if same_text(mine, theirs) else _texts(key, mine, theirs)
    return {}


def _is_near(row: Judged, one: Registered) -> bool:
    metres = metres_between(row, one)
    return metres is not None and metres <= limit("near_metres")


def _same_address(mine: str, theirs: str) -> bool:
    """Whether one address is the other, which may say the divisions above or the floor as well."""
    short, long = sorted((name_key(mine), name_key(theirs)), key=len)
    return short in long


def _is_within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _texts(element: str, mine: object, theirs: object) -> dict[str, Any]:
    return {"what_element": element, "given_at": str(mine), "registered_at": str(theirs)}


def _divisions(division: str, one: Registered) -> dict[str, Any]:
    return {
        "what_element": "division",
        "given_at_place": division,
        "registered_at_place": str(one.fields["division"]),
    }
