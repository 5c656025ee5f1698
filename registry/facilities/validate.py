"""Check what a clerk gives against the elements of the facility's type, and say all that is wrong.

The same declaration as for uploads: the type's JSON Schema. Only what an entry makes wrong is
reported: a record that broke a rule before may still be changed elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from sqlmodel import Session
from stdnum.cn import uscc

from codes import divisions
from codes.cross_field_rules import cross_field_rules_of
from codes.elements import schema_of
from codes.errors import DataError
from codes.facility_types import facility_types
from codes.messages import language, text
from registry.facilities.fields import header, key_of, split_keys, state_columns, to_columns
from registry.facilities.readings import readings_of
from registry.facilities.timeline import Line, Version, at

Instance = dict[str, Any]
Problem = tuple[str, str]
"""What identifies a problem, and the sentence that says it."""

BOUNDS: Final = {"minimum", "maximum", "minLength", "maxLength", "enum"}
"""Keywords whose value is what was expected."""


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
    carried = _schema(after["type_code"])["properties"]  # another type leaves readings behind
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
    """Return what is wrong with a facility as a normalised row, what only *should* be left out."""
    type_code = instance["type"]
    schema, validator = _schema(type_code), _validator(type_code)
    found = [
        _problem(error, schema)
        for error in validator.iter_errors(instance)
        if not _only_should(error, schema)
    ]
    found += _strangers(instance, schema["properties"])
    found += _disordered(instance)
    number = instance.get("operator_uscc")
    if number is not None and not uscc.is_valid(number):
        seen = {"header": header("operator_uscc"), "seen": number}
        found.append((f"operator_uscc {number}", text("facility.wrong.check", **seen)))
    return found


@cache
def _schema(type_code: str) -> dict[str, Any]:
    return schema_of(type_code)


@cache
def _validator(type_code: str) -> Draft202012Validator:
    return Draft202012Validator(_schema(type_code), format_checker=FormatChecker())


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


def _problem(error: Any, schema: Any) -> Problem:
    where = [str(step) for step in error.absolute_schema_path]
    if where[0] in ("allOf", "dependentRequired"):
        return " ".join(where[:2]), _condition(error, schema)
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return f"{missing} required", text("facility.wrong.required", header=header(missing))
    key = str(error.absolute_path[0])
    params = {"header": header(key), "seen": error.instance, "expected": _expected(error, schema)}
    known = error.validator if error.validator in BOUNDS else "form"
    return f"{key} {error.validator} {error.instance}", text(f"facility.wrong.{known}", **params)


def _condition(error: Any, schema: Any) -> str:
    if error.absolute_schema_path[0] == "dependentRequired":
        return text("facility.point_incomplete")
    condition = schema["allOf"][error.absolute_schema_path[1]]
    title = condition["title"] if language() == "zh" else condition["x-title-en"]
    return text("facility.wrong.condition", title=title)


def _expected(error: Any, schema: Any) -> str:
    if error.validator in BOUNDS:
        wanted = error.validator_value
        return "、".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    field = schema["properties"][error.absolute_path[0]]
    return str(field["description"] if language() == "zh" else field["x-description-en"])


def _only_should(error: Any, schema: Any) -> bool:
    first, *rest = error.absolute_schema_path
    if first == "allOf":
        return bool(schema["allOf"][rest[0]].get("x-severity") == "should")
    if first == "properties":
        return bool(schema["properties"][rest[0]].get("x-severity") == "should")
    return False


def _strangers(instance: Instance, properties: Mapping[str, Any]) -> list[Problem]:
    name = facility_types()[instance["type"]]
    shown = name.name_zh if language() == "zh" else name.name_en
    return [
        (f"{key} stranger", text("facility.wrong.stranger", header=header(key), type=shown))
        for key in instance
        if key not in properties
    ]


def _disordered(instance: Instance) -> list[Problem]:
    found = []
    for rule in cross_field_rules_of(instance["type"]):
        left, right = instance.get(rule.left), instance.get(rule.right)
        if rule.severity != "must" or left is None or right is None:
            continue
        if left > right or (rule.op == "lt" and left == right):
            title = rule.message_zh if language() == "zh" else rule.message_en
            found.append((f"{rule.code} {left} {right}", text("facility.wrong.rule", title=title)))
    return found


def _refuse(problems: list[Problem]) -> None:
    if not problems:
        return
    sentences = [sentence for _, sentence in problems]
    details = "\n".join(f"  · {sentence}" for sentence in sentences)
    raise DataError(
        "facility.fields_wrong", count=len(problems), details=details, problems=sentences
    )
