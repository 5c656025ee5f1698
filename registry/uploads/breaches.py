"""What the JSON Schema of a type says against a row, asked once for each different value.

A property speaks of one value; conditions speak of a few values, and of which others there are. So
each is asked with what it looks at and nothing else, and its answer is remembered. It is always
jsonschema that answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from codes.element_parts import ELEMENTS_DIR, element_schema, read_part
from codes.elements import schema_of
from registry.uploads.plain_values import FORMATS, plainly_keeps

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
INSIDE: Final = ("if", "then", "else", "not")
REMEMBERED_VALUES: Final = 5_000
"""Different values that are remembered of an element of a type."""

REMEMBERED_ROWS: Final = 50_000


class Breach(NamedTuple):
    """`severity` is None for the rule's own; `among` are the elements that do not fit together."""

    element: str
    rule: str
    severity: str | None
    params: Mapping[str, Any]
    among: tuple[str, ...] = ()


Breaches = tuple[Breach, ...]


def breaches(type_code: str | None, instance: Mapping[str, Any]) -> Breaches:
    """Return what the schema of a type says against a row, in the order of the schema."""
    alone = _alone(type_code)
    wrong = {
        key: said for key, value in instance.items() if key in alone and (said := alone[key](value))
    }
    apart = tuple(one for key in alone if key in wrong for one in wrong[key]) if wrong else ()
    return apart + of_several(type_code, instance)


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


@cache
def _alone(type_code: str | None) -> Mapping[str, Callable[[Any], Breaches]]:
    """What is said against a value of each property, in the order of the schema."""
    known = schema_known(type_code)["properties"].items()
    return {key: _of_value(key, schema) for key, schema in known}


def _of_value(key: str, schema: Mapping[str, Any]) -> Callable[[Any], Breaches]:
    plain, severity = plainly_keeps(schema), schema.get("x-severity")

    @lru_cache(maxsize=REMEMBERED_VALUES, typed=True)
    def said(value: Any) -> Breaches:
        if plain(value):
            return ()
        validator = Draft202012Validator(schema, format_checker=FORMATS)
        rules = (_rule(schema, str(one.validator)) for one in validator.iter_errors(value))
        return tuple(Breach(key, rule, severity, {}) for rule in rules)

    return said


def _rule(schema: Mapping[str, Any], keyword: str) -> str:
    if schema.get("format") == "date" and keyword in DATE_KEYWORDS:
        return "element_date"
    return RULE_OF.get(keyword, "element_range")


def of_value(type_code: str | None, key: str, value: Any) -> Breaches:
    """Return what the schema of a type says against a value of a property it has."""
    return _alone(type_code)[key](value)


def of_several(type_code: str | None, instance: Mapping[str, Any]) -> Breaches:
    """Return what it says against a row, but for what it says of one value alone."""
    values, present = looked_at(type_code)
    seen = [(one.__class__, one) for one in map(instance.get, values)]
    return _remembered(type_code, tuple(seen), tuple(key in instance for key in present))


@lru_cache(maxsize=REMEMBERED_ROWS)
def _remembered(
    type_code: str | None, seen: tuple[tuple[type, Any], ...], there: tuple[bool, ...]
) -> Breaches:
    """What is said against all rows with these values in which these properties are there."""
    values, present = looked_at(type_code)
    of = dict(zip(values, (value for _, value in seen), strict=True))
    instance = {key: of.get(key) for key, is_there in zip(present, there, strict=True) if is_there}
    said: dict[tuple[str, str], Breach] = {}
    for error in _joint_validator(type_code).iter_errors(instance):
        for one in _breaches_of(error, schema_known(type_code), instance):
            said.setdefault((one.element, one.rule), one)
    return tuple(said.values())


@cache
def _joint_validator(type_code: str | None) -> Draft202012Validator:
    """The schema of a type but for what it says of one property alone."""
    joint = {key: one for key, one in schema_known(type_code).items() if key != "properties"}
    return Draft202012Validator(joint, format_checker=FORMATS)


@cache
def looked_at(type_code: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the properties whose values the conditions look at, and those that may be absent."""
    schema = schema_known(type_code)
    found = list(_mentioned({key: one for key, one in schema.items() if key != "properties"}))
    values = dict.fromkeys(key for key, is_value in found if is_value)
    return tuple(values), tuple(dict.fromkeys(key for key, _ in found))


def _mentioned(schema: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield each property a schema mentions, and whether it looks at its value."""
    yield from ((key, True) for key in schema.get("properties", ()))
    yield from ((key, False) for key in schema.get("required", ()))
    for given, needed in schema.get("dependentRequired", {}).items():
        yield from ((key, False) for key in (given, *needed))
    for inside in (*schema.get("allOf", ()), *(schema[key] for key in INSIDE if key in schema)):
        yield from _mentioned(inside)


def _breaches_of(
    error: ValidationError, schema: Mapping[str, Any], instance: Mapping[str, Any]
) -> Iterator[Breach]:
    path = list(error.absolute_schema_path)
    if path[0] == "allOf":
        yield from _condition(schema["allOf"][path[1]], error, instance)
    elif path[0] == "dependentRequired":
        for given, needed in schema["dependentRequired"].items():
            if given in instance:
                absent = (key for key in needed if key not in instance)
                among = (given, *needed)
                yield from (Breach(key, "coordinate_half", None, {}, among) for key in absent)
    else:
        absent = (key for key in schema["required"] if key not in instance)
        yield from (Breach(key, "element_required", None, {}) for key in absent)


def _condition(
    condition: Mapping[str, Any], error: ValidationError, instance: Mapping[str, Any]
) -> Iterator[Breach]:
    rule = condition.get("x-rule", "element_conditional")
    params = {"condition_title": [condition["title"], condition["x-title-en"]]}
    then = condition.get("then", {})
    absent = [key for key in then.get("required", ()) if key not in instance]
    surplus = then.get("not", {}).get("required", ())
    elements = absent or list(surplus) or [str(step) for step in list(error.absolute_path)[:1]]
    among = tuple(dict.fromkeys(key for key, _ in _mentioned(condition)))
    for element in elements:
        yield Breach(element, rule, condition.get("x-severity"), params, among)
