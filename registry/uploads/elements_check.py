"""Check a row against the JSON Schema of its type; say each breach by its rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from codes.element_parts import ELEMENTS_DIR, element_schema, read_part
from codes.elements import schema_of
from registry.uploads.judged import Judged
from registry.uploads.normalising.row import known_fields

RULE_OF: Final = {
    "type": "element_type",
    "enum": "element_choice",
    "const": "element_choice",
    "format": "element_date",
    "pattern": "element_pattern",
    "minLength": "element_length",
    "maxLength": "element_length",
}
"""Keyword -> rule; every other keyword bounds a number."""

DATE_KEYWORDS: Final = frozenset({"type", "format"})


def check_elements(row: Judged, *, need_all: bool = True) -> None:
    """Add a finding for each element that breaks the schema, and for each recommended one missing.

    `need_all` False lets required elements be absent, for a row whose registered part is not known.
    """
    type_code = row.type.code if row.type else None
    schema, instance = schema_known(type_code), _instance(row, type_code)
    said: set[str] = set()
    for error in _errors(type_code, instance):
        for element, rule, severity, params in _breaches(error, schema, instance):
            if element in row.row.troubled or element in said:
                continue
            if rule == "element_required" and not _is_needed(row, element, need_all):
                continue
            said.add(element)
            row.report(rule, element, severity=severity, **params, **_about(rule, element, row))
    if row.type and need_all:
        _recommend(row, said)


def _is_needed(row: Judged, element: str, need_all: bool) -> bool:
    """A required element asked to be cleared is reported as that, by another rule."""
    return element not in row.row.cleared and (need_all or element == "as_of")


def _about(rule: str, element: str, row: Judged) -> dict[str, Any]:
    about: dict[str, Any] = {"expected_form": [row.type.code if row.type else "", element]}
    if rule == "element_type":
        about["wanted_number"] = known_fields(row.type.code if row.type else None)[element].kind
    if rule == "element_length":
        about["length"] = len(str(row.whole.get(element, "")))
    return about


def _recommend(row: Judged, said: set[str]) -> None:
    type_code = row.type.code if row.type else ""
    for key, field in known_fields(type_code).items():
        absent = key not in row.whole and key not in row.row.troubled and key not in row.row.cleared
        if field.requirement == "should" and absent and key not in said:
            row.report(
                "element_recommended", key, type_type=type_code, expected_form=[type_code, key]
            )


def _instance(row: Judged, type_code: str | None) -> dict[str, Any]:
    """The row with its division as settled, without what its type does not carry."""
    known = known_fields(type_code)
    instance = {key: value for key, value in row.whole.items() if key in known}
    if "as_of" not in row.row.fields:
        instance.pop("as_of", None)  # the day of the data is never the one registered before
    open_question = row.placement.rule and row.placement.code is None
    if row.placement.code or open_question:
        instance["division"] = row.placement.code or "000000"
    if type_code is None:
        instance.pop("type", None)
    return instance


def _breaches(
    error: ValidationError, schema: Mapping[str, Any], instance: Mapping[str, Any]
) -> Iterator[tuple[str, str, str | None, dict[str, Any]]]:
    """Yield (element, rule, severity or None for the rule's own, params) of one schema error."""
    path = list(error.absolute_schema_path)
    if path[0] == "allOf":
        yield from _condition(schema["allOf"][path[1]], error, instance)
    elif path[0] == "dependentRequired":
        for given, needed in schema["dependentRequired"].items():
            if given in instance:
                yield from (
                    (key, "coordinate_half", None, {}) for key in needed if key not in instance
                )
    elif path[0] == "required":
        yield from (
            (key, "element_required", None, {}) for key in schema["required"] if key not in instance
        )
    else:
        element = str(path[1])
        known = schema["properties"][element]
        rule = RULE_OF.get(str(error.validator), "element_range")
        if known.get("format") == "date" and error.validator in DATE_KEYWORDS:
            rule = "element_date"
        yield element, rule, known.get("x-severity"), {}


def _condition(
    condition: Mapping[str, Any], error: ValidationError, instance: Mapping[str, Any]
) -> Iterator[tuple[str, str, str | None, dict[str, Any]]]:
    rule = condition.get("x-rule", "element_conditional")
    params = {"condition_title": [condition["title"], condition["x-title-en"]]}
    then = condition.get("then", {})
    absent = [key for key in then.get("required", ()) if key not in instance]
    surplus = then.get("not", {}).get("required", ())
    elements = absent or list(surplus) or [str(step) for step in list(error.absolute_path)[:1]]
    for element in elements:
        yield element, rule, condition.get("x-severity"), params


def _errors(type_code: str | None, instance: Mapping[str, Any]) -> Iterator[ValidationError]:
    """Yield what the schema says of a row; of a cell that is known to keep it nothing is asked."""
    known = schema_known(type_code)["properties"]
    asked = [key for key in known if key in instance and not _keeps(type_code, key, instance[key])]
    yield from _validator(type_code, tuple(asked)).iter_errors(instance)


@lru_cache(maxsize=200_000, typed=True)
def _keeps(type_code: str | None, key: str, value: Any) -> bool:
    """Whether a value keeps what the schema of the type says of it alone."""
    return _validator_of(type_code, key).is_valid(value)


@cache
def _validator_of(type_code: str | None, key: str) -> Draft202012Validator:
    schema = schema_known(type_code)["properties"][key]
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


@lru_cache(maxsize=5_000)
def _validator(type_code: str | None, asked: tuple[str, ...]) -> Draft202012Validator:
    """The schema of a type, of its properties only the ones `asked`."""
    schema = schema_known(type_code)
    properties = {key: schema["properties"][key] for key in asked}
    whole = {**schema, "properties": properties}
    return Draft202012Validator(whole, format_checker=FormatChecker(["date"]))


@cache
def schema_known(type_code: str | None) -> dict[str, Any]:
    """The schema of a type; without one, what every facility has."""
    if type_code is not None:
        return schema_of(type_code)
    common = read_part(ELEMENTS_DIR / "common.json")
    properties = {key: element_schema(one) for key, one in common["properties"].items()}
    return {
        **common,
        "properties": properties,
        "required": [key for key, one in properties.items() if one["x-requirement"] == "must"],
    }
