"""Check a row against the schema of its book, quickly enough to be done whenever a book is used.

Knows the keywords our row schemas have (`KEYWORDS`) and finds the same rows right as `jsonschema`,
which takes longer to import than to check; a test compares the two. `codes.book_check` uses that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from codes.messages import text

Schema = Mapping[str, Any]
Found = tuple[tuple[str, ...], str, Any, str]
"""Where in the row, the keyword that is broken, the value found, what was expected."""

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int, float),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
}


def row_mistakes(row: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong with it in the language in use) of a row; nothing when right."""
    for path, keyword, seen, expected in _check(dict(row), schema, schema):
        said = keyword if keyword in ("required", "additionalProperties") else "value"
        about = text(f"book.row_{said}", seen=seen, expected=expected)
        yield ".".join(path) or "-", about


def _check(value: Any, schema: Schema, whole: Schema) -> Iterator[Found]:
    for keyword, wanted in schema.items():
        if keyword in KEYWORDS:
            yield from KEYWORDS[keyword](value, wanted, schema, whole)


def _holds(value: Any, schema: Schema, whole: Schema) -> bool:
    return next(_check(value, schema, whole), None) is None


def _below(name: object, found: Iterator[Found]) -> Iterator[Found]:
    for path, keyword, seen, expected in found:
        yield (str(name), *path), keyword, seen, expected


def _is_type(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    fits = isinstance(value, _TYPES[kind])
    return fits and (kind != "integer" or float(value).is_integer())


def _type(value: Any, kind: str, _schema: Schema, _whole: Schema) -> Iterator[Found]:
    if not _is_type(value, kind):
        yield (), "type", value, kind


def _simple(
    keyword: str, kinds: str, holds: Callable[[Any, Any], bool], shown: str = "{}"
) -> Callable[[Any, Any, Schema, Schema], Iterator[Found]]:
    """A keyword that speaks of one value of a kind and of nothing below it."""

    def check(value: Any, wanted: Any, _schema: Schema, _whole: Schema) -> Iterator[Found]:
        if (kinds == "any" or _is_type(value, kinds)) and not holds(value, wanted):
            listed = " / ".join(map(str, wanted)) if isinstance(wanted, list) else wanted
            yield (), keyword, value, shown.format(listed)

    return check


def _is_day(value: str, _format: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("2026-01-01")


def _required(value: Any, names: Any, _schema: Schema, _whole: Schema) -> Iterator[Found]:
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                yield (name,), "required", "", ""


def _dependent(value: Any, wanted: Any, schema: Schema, whole: Schema) -> Iterator[Found]:
    if isinstance(value, dict):
        for name, others in wanted.items():
            if name in value:
                yield from _required(value, others, schema, whole)


def _properties(value: Any, wanted: Any, _schema: Schema, whole: Schema) -> Iterator[Found]:
    if isinstance(value, dict):
        for name in wanted.keys() & value.keys():
            yield from _below(name, _check(value[name], wanted[name], whole))


def _patterns(value: Any, wanted: Any, _schema: Schema, whole: Schema) -> Iterator[Found]:
    if isinstance(value, dict):
        for pattern, schema in wanted.items():
            for name in value:
                if re.search(pattern, name):
                    yield from _below(name, _check(value[name], schema, whole))


def _additional(value: Any, allowed: Any, schema: Schema, _whole: Schema) -> Iterator[Found]:
    if allowed is False and isinstance(value, dict):
        patterns = schema.get("patternProperties", {})
        for name in value.keys() - schema.get("properties", {}).keys():
            if not any(re.search(pattern, name) for pattern in patterns):
                yield (name,), "additionalProperties", value[name], ""


def _items(value: Any, schema: Any, _schema: Schema, whole: Schema) -> Iterator[Found]:
    if _is_type(value, "array"):
        for place, item in enumerate(value, start=1):
            yield from _below(place, _check(item, schema, whole))


def _if(value: Any, condition: Any, schema: Schema, whole: Schema) -> Iterator[Found]:
    branch = "then" if _holds(value, condition, whole) else "else"
    yield from _check(value, schema.get(branch, {}), whole)


def _one_of(value: Any, schemas: Any, _schema: Schema, whole: Schema) -> Iterator[Found]:
    """Say what keeps the value from the nearest branch; of a word, all that it may be."""
    tried = [list(_check(value, schema, whole)) for schema in schemas]
    if sum(not found for found in tried) == 1:
        return
    nearest = min(tried, key=len)
    words = [one for found in tried for one in found if one[1] == "const"]
    if len(words) == len(tried):
        path, keyword, seen, _ = words[0]
        yield path, keyword, seen, " / ".join(expected for *_, expected in words)
    elif nearest:
        yield nearest[0]
    else:
        yield (), "oneOf", value, "1"


def _ref(value: Any, name: Any, _schema: Schema, whole: Schema) -> Iterator[Found]:
    yield from _check(value, whole["$defs"][name.removeprefix("#/$defs/")], whole)


def _unique(value: Any, wanted: bool) -> bool:
    written = [json.dumps(one, sort_keys=True) for one in value]
    return not wanted or len(set(written)) == len(written)


KEYWORDS: Final[Mapping[str, Callable[[Any, Any, Schema, Schema], Iterator[Found]]]] = {
    "type": _type,
    "enum": _simple("enum", "any", lambda value, wanted: value in wanted),
    "const": _simple("const", "any", lambda value, wanted: bool(value == wanted)),
    "pattern": _simple("pattern", "string", lambda value, wanted: bool(re.search(wanted, value))),
    "format": _simple("format", "string", _is_day),
    "minLength": _simple("minLength", "string", lambda value, least: len(value) >= least, "≥ {}"),
    "minItems": _simple("minItems", "array", lambda value, least: len(value) >= least, "≥ {}"),
    "uniqueItems": _simple("uniqueItems", "array", _unique),
    "minimum": _simple("minimum", "number", lambda value, least: value >= least, "≥ {}"),
    "maximum": _simple("maximum", "number", lambda value, most: value <= most, "≤ {}"),
    "exclusiveMinimum": _simple(
        "exclusiveMinimum", "number", lambda value, least: value > least, "> {}"
    ),
    "required": _required,
    "dependentRequired": _dependent,
    "properties": _properties,
    "patternProperties": _patterns,
    "additionalProperties": _additional,
    "items": _items,
    "if": _if,
    "oneOf": _one_of,
    "$ref": _ref,
}
"""Keyword -> what it asks. `then` and `else` are read with `if`, `$defs` with `$ref`."""
