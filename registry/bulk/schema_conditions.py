"""What the schemas of all types say about a row, as conditions that name the findings' rules.

Mirrors `registry.uploads.elements_check` for a row whose cells were all read without trouble; the
tests hold the two together, row by row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any, Final

from sqlglot import exp

from codes.book import BookError
from codes.elements import fields_of
from codes.facility_types import facility_types
from codes.rules import rules
from registry.bulk.compile.schema import holds, value_conditions
from registry.bulk.compile.values import Value, all_of, missing_value, negated
from registry.bulk.conditions import Cause, Collected, Condition
from registry.uploads.breaches import DATE_KEYWORDS, RULE_OF, schema_known

SETTLED: Final = frozenset({"type", "division"})
"""Elements that stand in the row as settled and so keep their schema; they may be absent."""

WORDS: Final = frozenset({"title", "description", "examples", "x-description-en"})

PROPERTY, REQUIRED, DEPENDENT, JOINED, RECOMMENDED = range(5)
Values = Mapping[str, Value]


def schema_conditions(values: Values, types: Iterable[str] | None = None) -> Collected:
    """Return the conditions under which a row of some types, or of any, breaks its schema.

    `values` are the columns the file has, by element. Raises BookError as the compiler does.
    """
    collected = Collected()
    known: dict[str, tuple[Condition, ...]] = {}
    for code in facility_types() if types is None else types:
        schema = schema_known(code or None)
        own = {key: values.get(key) or missing_value() for key in schema["properties"]}
        for name, make in _makers(schema, own, code):
            if name not in known:
                known[name] = tuple(make())
            for condition in known[name]:
                collected.add(condition, (code,))
    return collected


def _makers(
    schema: Mapping[str, Any], own: Values, code: str
) -> Iterator[tuple[str, Callable[[], Iterable[Condition]]]]:
    """Yield what tells apart what a part of a schema says, and what makes its conditions."""
    for key, (said, name) in _properties(code).items():
        if key not in SETTLED and not isinstance(own[key].text, exp.Null):
            yield name, partial(_of_property, key, said, own[key])
    for key in schema["required"]:
        yield f"required {key}", partial(_absent, "element_required", key, own, REQUIRED)
    for given, needed in schema.get("dependentRequired", {}).items():
        yield f"dependent {given} {needed}", partial(_dependent, given, needed, own)
    for at, (one, text) in enumerate(_joined(code)):
        carried = [key for key in own if key in text]
        yield f"joined {at} {text} {carried}", partial(_of_joined, at, one, own)
    for field in fields_of(code) if code else ():
        if field.requirement == "should":
            make = partial(_absent, "element_recommended", field.key, own, RECOMMENDED)
            yield f"should {field.key}", make


@cache
def _properties(code: str) -> dict[str, tuple[dict[str, Any], str]]:
    """What each element's schema says, without its words, and what tells it apart."""
    found = {}
    for key, one in schema_known(code or None)["properties"].items():
        said = {name: value for name, value in one.items() if name not in WORDS}
        found[key] = said, f"{key} {json.dumps(said)}"
    return found


@cache
def _joined(code: str) -> list[tuple[dict[str, Any], str]]:
    return [(one, json.dumps(one)) for one in schema_known(code or None).get("allOf", ())]


def _absent(rule: str, key: str, own: Values, stage: int) -> Iterator[Condition]:
    cause = _cause(rule, None, key)
    yield Condition(cause, own[key].absent, chain=key, step=(stage, 0), needs_all=key != "as_of")


def _dependent(given: str, needed: list[str], own: Values) -> Iterator[Condition]:
    for key in needed:
        broken = all_of([own[given].present, own[key].absent])
        cause = _cause("coordinate_half", None, key)
        yield Condition(cause, broken, chain=key, step=(DEPENDENT, 0))


def _of_property(key: str, schema: Mapping[str, Any], value: Value) -> Iterator[Condition]:
    for at, (keyword, kept) in enumerate(value_conditions(schema, value, f"/{key}/")):
        rule = RULE_OF.get(keyword, "element_range")
        if schema.get("format") == "date" and keyword in DATE_KEYWORDS:
            rule = "element_date"
        cause = _cause(rule, schema.get("x-severity"), key)
        yield Condition(cause, negated(kept), chain=key, step=(PROPERTY, at))


def _of_joined(at: int, one: Mapping[str, Any], own: Values) -> Iterator[Condition]:
    """A condition with `if`, and a `then` that requires keys or forbids them together."""
    then = one.get("then", {})
    needed, surplus = then.get("required", []), then.get("not", {}).get("required", [])
    if set(one) & {"else", "required", "properties"} or bool(needed) == bool(surplus):
        raise BookError("book.keyword_refused", where=f"/allOf/{at}", seen=", ".join(sorted(one)))
    applies = holds(one["if"], own, f"/allOf/{at}/if/")
    rule = one.get("x-rule", "element_conditional")
    for key in needed or surplus:
        told = [_of(own, key).absent] if needed else [_of(own, one).present for one in surplus]
        broken = all_of([exp.paren(applies.copy()), *told])
        cause = _cause(rule, one.get("x-severity"), key)
        yield Condition(cause, broken, chain=key, step=(JOINED, at))


def _of(own: Values, key: str) -> Value:
    return own.get(key) or missing_value()


def _cause(rule: str, severity: str | None, element: str) -> Cause:
    return rule, severity or rules()[rule].severity, element
