"""Tell quickly that a value keeps a property's schema, so that jsonschema is asked of the others.

A yes is certain; a no only means that jsonschema has to say. A keyword that is not known here, or
a value of another type than the schema is about, is left to jsonschema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from jsonschema import FormatChecker

Check = Callable[[Any], bool]

FORMATS: Final = FormatChecker(["date"])
NUMBERS: Final = (int, float)
ANNOTATIONS: Final = frozenset({"title", "description", "examples"})


def plainly_keeps(schema: Mapping[str, Any]) -> Check:
    """Return the test of a property's schema."""
    checks: list[Check] = []
    for keyword, said in schema.items():
        if keyword in ANNOTATIONS or keyword.startswith("x-"):
            continue
        if keyword not in MAKERS:
            return lambda _: False
        checks.append(MAKERS[keyword](said))

    def keeps(value: Any) -> bool:
        for check in checks:  # noqa: SIM110 -- `all` would take twice as long
            if not check(value):
                return False
        return True

    return keeps


def _type(name: str) -> Check:
    if name == "string":
        return lambda value: type(value) is str
    if name == "integer":
        return lambda value: type(value) is int
    return lambda value: name == "number" and type(value) in NUMBERS


def _enum(listed: list[Any]) -> Check:
    words = frozenset(one for one in listed if isinstance(one, str))
    return lambda value: type(value) is str and value in words


def _pattern(pattern: str) -> Check:
    search = re.compile(pattern).search
    return lambda value: type(value) is str and search(value) is not None


def _format(name: str) -> Check:
    return lambda value: type(value) is str and name == "date" and FORMATS.conforms(value, name)


MAKERS: Final[Mapping[str, Callable[[Any], Check]]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda wanted: _enum([wanted]),
    "pattern": _pattern,
    "format": _format,
    "minLength": lambda least: lambda value: type(value) is str and len(value) >= least,
    "maxLength": lambda most: lambda value: type(value) is str and len(value) <= most,
    "minimum": lambda least: lambda value: type(value) in NUMBERS and value >= least,
    "maximum": lambda most: lambda value: type(value) in NUMBERS and value <= most,
    "exclusiveMinimum": lambda least: lambda value: type(value) in NUMBERS and value > least,
    "exclusiveMaximum": lambda most: lambda value: type(value) in NUMBERS and value < most,
}
"""Keyword -> what tells that a value keeps it."""
