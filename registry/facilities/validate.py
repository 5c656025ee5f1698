"""Check what a clerk gives by the rules of uploads, and say all that is wrong.

The same declaration and the same sentences as for a file: `registry.uploads.single.judge_whole`.
Only what an entry makes wrong is reported: a record that broke a rule before may still be changed
elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from codes import divisions
from codes.elements import fields_of
from codes.errors import DataError
from codes.facility_types import facility_types
from codes.messages import language, text
from registry.facilities.fields import header, key_of, split_keys, state_columns, to_columns
from registry.facilities.readings import readings_of
from registry.facilities.timeline import Line, Version, at

Instance = dict[str, Any]
Problem = tuple[str, str]
"""What identifies a problem, and the sentence that says it."""


def check_new(
    fields: Mapping[str, Any], measures: Mapping[str, Any], numbers: Mapping[str, Any]
) -> None:
    """Raise DataError `facility.fields_wrong` naming everything wrong with a new facility."""
    values = to_columns(fields)
    instance = _instance(values, measures, numbers)
    if "type" not in instance:
        raise DataError("facility.field_empty", header=header("type"), key="type")
    _refuse(problems_of(instance))


def check_changed(
    session: Session,
    facility_id: int,
    lines: tuple[Line, Line],
    on: date,
    given: Mapping[str, Any],
) -> None:
    """Raise DataError for everything that a change from one line to another makes wrong."""
    before, after = (at(line, on) or line[0] for line in lines)
    if "division" in given:
        _refuse_division(after, on)
    known = readings_of(session.connection(), [facility_id], on).get(facility_id, {})
    # another type leaves readings behind
    carried = {field.key for field in fields_of(after["type_code"])}
    measures = {code: reading.value for code, reading in known.items() if code in carried}
    _, reported, numbers = split_keys(given)
    old = {identity for identity, _ in problems_of(_instance(before, measures, {}))}
    new = problems_of(_instance(after, {**measures, **reported}, numbers))
    _refuse([problem for problem in new if problem[0] not in old])


def _refuse_division(version: Version, on: date) -> None:
    """Raise DataError unless the division was in force when the version began, or on the day."""
    code = version["division_code"]
    if not divisions.in_force(code, version["valid_from"]):
        divisions.division(code, on)


def problems_of(instance: Instance) -> list[Problem]:
    """Return what rejects a facility as a row of an upload, and the fields its type has not."""
    # uploads stand on facilities; only this question goes the other way
    from registry.uploads.single import judge_whole
    from registry.uploads.wording import finding_text

    found = [
        (f"{one.rule} {one.element} {one.value}", text("facility.wrong", said=said, remedy=remedy))
        for one in judge_whole(instance)
        if one.severity == "must"
        for said, remedy in [finding_text(one)]
    ]
    return found + _strangers(instance)


def _instance(
    values: Mapping[str, Any], measures: Mapping[str, Any], numbers: Mapping[str, Any]
) -> Instance:
    own = {key_of(column): values.get(column) for column in state_columns()}
    whole = {**own, **measures, **numbers}
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in whole.items()
        if value is not None
    }


def _strangers(instance: Instance) -> list[Problem]:
    """A file's column that a type has not is left out with a word; a clerk's entry is refused."""
    known = {field.key for field in fields_of(instance["type"])}
    name = facility_types()[instance["type"]]
    shown = name.name_zh if language() == "zh" else name.name_en
    return [
        (f"{key} stranger", text("facility.wrong_stranger", header=header(key), type=shown))
        for key in instance
        if key not in known
    ]


def _refuse(problems: list[Problem]) -> None:
    if not problems:
        return
    sentences = [sentence for _, sentence in problems]
    details = "\n".join(f"  · {sentence}" for sentence in sentences)
    raise DataError(
        "facility.fields_wrong", count=len(problems), details=details, problems=sentences
    )
