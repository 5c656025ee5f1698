"""The compiled SQL and `jsonschema` give one verdict on every row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.book import BookError
from codes.element_parts import SUBSET, read_json, read_part
from codes.elements import example_row, schema_of
from codes.facility_types import facility_types
from registry.bulk.compile.keywords import KEYWORDS
from registry.bulk.compile.schema import (
    ANNOTATIONS,
    ROW_KEYWORDS,
    VALUE_JOINS,
    Schema,
    compile_schema,
)
from tests.registry.bulk.conftest import (
    Row,
    condition_on_read_numbers,
    valid_by_jsonschema,
    valid_by_sql,
)

CASES: list[tuple[str, dict[str, Any], list[tuple[dict[str, str], bool]]]] = [
    ("required", {"required": ["a"]}, [({"a": "x"}, True), ({}, False), ({"b": "x"}, False)]),
    (
        "type number",
        {"properties": {"a": {"type": "number"}}},
        [
            ({"a": text}, valid)
            for text, valid in (
                ("1", True),
                ("-2.5", True),
                ("+3", True),
                ("007", True),
                ("1e3", False),
                ("1_0", False),
                (" 12 ", False),
                ("1,000", False),
                ("", False),
                ("nan", False),
                ("inf", False),
                (".5", False),
                ("5.", False),
                ("１２", False),
            )
        ],
    ),
    (
        "type integer",
        {"properties": {"a": {"type": "integer"}}},
        [({"a": "1"}, True), ({"a": "1.0"}, True), ({"a": "1.5"}, False), ({"a": "x"}, False)],
    ),
    (
        "a bound says nothing of text",
        {"properties": {"a": {"minimum": 5, "type": "string"}}},
        [({"a": "1"}, True), ({"a": "x"}, True), ({}, True)],
    ),
    (
        "bounds",
        {"properties": {"a": {"type": "number", "minimum": 1, "exclusiveMaximum": 3}}},
        [({"a": "1"}, True), ({"a": "0.999999999"}, False), ({"a": "3"}, False), ({}, True)],
    ),
    (
        "maximum",
        {"properties": {"a": {"type": "number", "maximum": 2.5}}},
        [({"a": "2.5"}, True), ({"a": "2.500000001"}, False), ({"a": "x"}, False), ({}, True)],
    ),
    (
        "exclusiveMinimum",
        {"properties": {"a": {"type": "number", "exclusiveMinimum": 0}}},
        [({"a": "0"}, False), ({"a": "-0"}, False), ({"a": "0.000000001"}, True)],
    ),
    (
        "multipleOf a whole number",
        {"properties": {"a": {"type": "number", "multipleOf": 3}}},
        [({"a": "9"}, True), ({"a": "-9"}, True), ({"a": "10"}, False), ({"a": "0.5"}, False)],
    ),
    (
        "multipleOf a fraction",
        {"properties": {"a": {"type": "number", "multipleOf": 0.5}}},
        [({"a": "2.5"}, True), ({"a": "2.4"}, False), ({"a": "0"}, True)],
    ),
    (
        "lengths count characters",
        {"properties": {"a": {"type": "string", "minLength": 2, "maxLength": 3}}},
        [
            ({"a": "园"}, False),
            ({"a": "园园园"}, True),
            ({"a": "𠮷𠮷𠮷"}, True),
            ({"a": "四个汉字"}, False),
        ],
    ),
    (
        "pattern with alternatives",
        {"properties": {"a": {"type": "string", "pattern": "^(ab|cd)+$"}}},
        [({"a": "abcd"}, True), ({"a": "abx"}, False), ({"a": "xab"}, False), ({"a": ""}, False)],
    ),
    (
        "dates",
        {"properties": {"a": {"type": "string", "format": "date"}}},
        [
            ({"a": text}, valid)
            for text, valid in (
                ("2024-02-29", True),
                ("2023-02-29", False),
                ("1900-02-29", False),
                ("2000-02-29", True),
                ("2024-04-31", False),
                ("2024-13-01", False),
                ("0000-01-01", False),
                ("0001-01-01", True),
                ("9999-12-31", True),
                ("2024-1-1", False),
                ("20240101", False),
                ("2024-01-01 ", False),
                ("2023-W01-1", False),
                ("2023-123", False),
                ("1963-06-1৪", False),
                ("infinity", False),
                ("", False),
            )
        ],
    ),
    (
        "enum and const",
        {"properties": {"a": {"enum": ["x'y", "是"]}, "b": {"const": "z"}}},
        [({"a": "x'y"}, True), ({"a": "否"}, False), ({"b": "z"}, True), ({"b": "Z"}, False)],
    ),
    (
        "enum of numbers",
        {"properties": {"a": {"type": "number", "enum": [1, 2.5]}}},
        [({"a": "1.0"}, True), ({"a": "2.5"}, True), ({"a": "2"}, False), ({"a": "x"}, False)],
    ),
    (
        "false is no 0 and true no 1",
        {"properties": {"a": {"type": "number", "enum": [False, True]}, "b": {"const": False}}},
        [({"a": "0"}, False), ({"a": "1.0"}, False), ({"b": "0"}, False), ({}, True)],
    ),
    (
        "multipleOf a small number",
        {"properties": {"a": {"type": "number", "multipleOf": 0.0001}}},
        [({"a": "0.0075"}, True), ({"a": "0.00751"}, False), ({"a": "4.5"}, True)],
    ),
    (
        "const is one number however it is written",
        {"properties": {"a": {"type": "number", "const": -2.0}}},
        [({"a": "-2"}, True), ({"a": "-2.0"}, True), ({"a": "2"}, False), ({"a": "-2.01"}, False)],
    ),
    (
        "a bound below zero",
        {"properties": {"a": {"type": "number", "minimum": -2}}},
        [({"a": "-1"}, True), ({"a": "-2.0"}, True), ({"a": "-2.01"}, False), ({"a": "0"}, True)],
    ),
    (
        "if with then alone, and if with else alone, in schemas that do not meet",
        {
            "properties": {
                "a": {
                    "type": "number",
                    "allOf": [
                        {"if": {"exclusiveMaximum": 0}, "then": {"minimum": -10}},
                        {"if": {"minimum": 0}, "else": {"multipleOf": 2}},
                    ],
                }
            }
        },
        [
            ({"a": "-2"}, True),
            ({"a": "-3"}, False),
            ({"a": "-100"}, False),
            ({"a": "3"}, True),
            ({"a": "x"}, False),
        ],
    ),
    (
        "allOf beside a schema of its own, and empty ones within",
        {
            "properties": {"b": {"type": "number"}},
            "required": ["b"],
            "allOf": [{}, {"allOf": [{"properties": {"a": {"const": "x"}}, "required": ["a"]}]}],
        },
        [
            ({"a": "x", "b": "2"}, True),
            ({"a": "x"}, False),
            ({"b": "2"}, False),
            ({"a": "x", "b": "quux"}, False),
        ],
    ),
    ("not of not", {"not": {"not": {"required": ["a"]}}}, [({"a": ""}, True), ({}, False)]),
    (
        "nothing is needed, and names that are no names",
        {"required": [], "dependentRequired": {"a": [], 'foo"bar': ["__proto__", "foo\tbar"]}},
        [
            ({}, True),
            ({"a": "x"}, True),
            ({'foo"bar': "1"}, False),
            ({'foo"bar': "1", "__proto__": "2", "foo\tbar": "3"}, True),
        ],
    ),
    (
        "if then else",
        {
            "if": {"properties": {"a": {"const": "1"}}, "required": ["a"]},
            "then": {"required": ["b"]},
            "else": {"not": {"required": ["b"]}},
        },
        [
            ({"a": "1", "b": "x"}, True),
            ({"a": "1"}, False),
            ({"a": "2", "b": "x"}, False),
            ({"b": "x"}, False),
            ({}, True),
        ],
    ),
    ("if alone says nothing", {"if": {"required": ["a"]}}, [({}, True), ({"a": "x"}, True)]),
    ("then alone says nothing", {"then": {"required": ["a"]}}, [({}, True)]),
    (
        "an absent property fulfils if",
        {"if": {"properties": {"a": {"const": "1"}}}, "then": {"required": ["b"]}},
        [({}, False), ({"b": "x"}, True), ({"a": "2"}, True)],
    ),
    (
        "allOf and not",
        {"allOf": [{"required": ["a"]}, {"not": {"required": ["b"]}}]},
        [({"a": "x"}, True), ({"a": "x", "b": "y"}, False), ({}, False)],
    ),
    (
        "dependentRequired",
        {"dependentRequired": {"a": ["b", "c"]}},
        [({"a": "x"}, False), ({"a": "x", "b": "y", "c": "z"}, True), ({"b": "y"}, True)],
    ),
    (
        "joined schemas about one value",
        {
            "properties": {
                "a": {
                    "type": "string",
                    "allOf": [{"minLength": 2}, {"not": {"const": "no"}}],
                    "if": {"pattern": "^x.*$"},
                    "then": {"maxLength": 3},
                }
            }
        },
        [
            ({"a": "no"}, False),
            ({"a": "y"}, False),
            ({"a": "yyyyy"}, True),
            ({"a": "xyz"}, True),
            ({"a": "xyzz"}, False),
            ({}, True),
        ],
    ),
]


@pytest.mark.parametrize(
    ("schema", "rows"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_both_paths_give_the_verdict_of_the_case(
    schema: dict[str, Any], rows: list[tuple[dict[str, str], bool]]
) -> None:
    declared = {key: {} for row, _ in rows for key in row} | schema.get("properties", {})
    whole = {**schema, "properties": declared}
    wanted = [valid for _, valid in rows]
    given = [row for row, _ in rows]
    assert valid_by_jsonschema(whole, given) == wanted
    assert valid_by_sql(compile_schema(whole), list(declared), given) == wanted


def _keywords(schema: Any) -> set[str]:
    """Every keyword a schema has, at any depth."""
    found: set[str] = set()
    for keyword, said in schema.items():
        found.add(keyword)
        if keyword == "properties":
            found |= {one for inner in said.values() for one in _keywords(inner)}
        elif keyword in ("if", "then", "else", "not"):
            found |= _keywords(said)
        elif keyword == "allOf":
            found |= {one for inner in said for one in _keywords(inner)}
    return found


def test_every_keyword_of_the_subset_has_a_case() -> None:
    told = {one for _, schema, _ in CASES for one in _keywords(schema)}
    assert told == set(KEYWORDS) | set(ROW_KEYWORDS) | set(VALUE_JOINS)


def test_the_book_keeps_to_the_subset() -> None:
    subset = set(KEYWORDS) | set(ROW_KEYWORDS) | set(VALUE_JOINS) | ANNOTATIONS
    for code in facility_types():
        said = {one for one in _keywords(schema_of(code)) if not one.startswith("x-")}
        assert said <= subset, code
    # what else a part of the book says is refused when the book loads
    allowed = set(read_json(SUBSET)["$defs"]["schema"]["properties"])
    assert {one for one in allowed if not one.startswith("x-")} <= subset


@pytest.mark.parametrize(
    ("schema", "seen"),
    [
        ({"oneOf": []}, "oneOf"),
        ({"properties": {"a": {"uniqueItems": True}}}, "uniqueItems"),
        ({"properties": {"a": {"format": "email"}}}, "format: email"),
        ({"properties": {"a": {"type": "array"}}}, "type: array"),
        ({"allOf": [{"anyOf": []}]}, "anyOf"),
        ({"then": {"contains": {}}}, "contains"),
        ({"if": {}, "else": {"maxProperties": 1}}, "maxProperties"),
        ({"type": "array"}, "type: array"),
        ({"properties": {"a": {"type": ["string", "null"]}}}, "type: ['string', 'null']"),
        ({"properties": {"a": {"then": {"contains": {}}}}}, "contains"),
        ({"properties": {"a": True}}, "true"),
        ({"if": {"required": ["a"]}, "then": False}, "false"),
        ({"properties": {"a": {"not": True}}}, "true"),
    ],
)
def test_what_is_not_compiled_is_refused_by_name(schema: dict[str, Any], seen: str) -> None:
    with pytest.raises(BookError) as error:
        compile_schema(schema)
    assert error.value.message_id == "book.keyword_refused"
    assert error.value.params["seen"] == seen


UNLIKE = (
    "abc", "^abc", "^(?=a)a$", r"^(a)\1$", r"^a\$", "^a|b$", "^(a)|[|]$", "^a++$", "^(?i:a)$",
    "^(?P<n>a)$", r"^\d$", r"^[\d]$", r"^\w+$", r"^\S$", r"^\bx$", r"^x\Z$", r"^\u7532$", r"^\pL$",
    r"^\甲$", "^[[:alpha:]]$", "^[a&&b]$", "^[a--b]$", "^x{,3}$", "^.{0,2000}$", "^x{2}{3}$",
    "^a**$", "^(a$", "^[a$",
)  # fmt: skip
"""Python, RE2 and Java find different things, or one of them cannot read it, or an end is open."""

ALIKE = (
    "^(a|b)$", "^[|]$", r"^\|$", r"^[\]\[-]$", "^[]a]$", "^[^]]$", "^(?:a(b|c))?$", "^{a$",
    "^x{1,1000}$", r"^\\d$", "^.*?$", "^[一-龥]+$", "^a$b$", "^[$^]$",
)  # fmt: skip


@pytest.mark.parametrize("pattern", UNLIKE)
def test_a_pattern_not_alike_everywhere_or_not_anchored_is_refused(pattern: str) -> None:
    with pytest.raises(BookError) as error:
        compile_schema({"properties": {"a": {"pattern": pattern}}})
    assert error.value.message_id == "book.pattern_unsafe"


def test_a_pattern_that_is_alike_everywhere_finds_the_same() -> None:
    texts = [
        "",
        "a",
        "b",
        "ab",
        "ac",
        "|",
        "[",
        "]",
        "-",
        "{a",
        r"\d",
        "1",
        "x" * 1000,
        "一丁",
        "$",
        "^",
    ]
    rows = [{"a": text} for text in texts]
    for pattern in ALIKE:
        schema = {"properties": {"a": {"type": "string", "pattern": pattern}}}
        found = valid_by_sql(compile_schema(schema), ["a"], rows)
        assert found == valid_by_jsonschema(schema, rows), pattern


def test_a_keyword_outside_the_subset_is_refused_when_a_part_is_read(tmp_path: Path) -> None:
    """Otherwise jsonschema would follow it, row by row, and SQL would not."""
    path = tmp_path / "common.json"
    path.write_text('{"properties": {"name": {"allOf": [{"anyOf": [{"minLength": 2}]}]}}}')
    with pytest.raises(BookError) as error:
        read_part(path)
    assert error.value.params == {"where": f"{path} /properties/name/allOf/0", "seen": "anyOf"}


KEYS = ("a", "b", "c")
WORDS = ("x", "xy", "园", "1", "1.5", "-3", "12", "2024-02-29", "2023-02-29", "", "否", "x'y", "0")
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.from_regex(r"[+-]?[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True),
    st.text(st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), max_size=4),
)
FIGURES = st.one_of(st.integers(-20, 20), st.sampled_from([0.5, 1.5, 0.1, 2.25]))
VALUE = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "number", "integer"]),
        "enum": st.lists(st.one_of(st.sampled_from(WORDS), FIGURES), min_size=1, max_size=3),
        "const": st.sampled_from(WORDS),
        "pattern": st.sampled_from(["^x.*$", "^[0-9]+$", "^(x|1)?$", "^.{1,2}$", r"^[^.\-]*$"]),
        "format": st.just("date"),
        "minLength": st.integers(0, 4),
        "maxLength": st.integers(0, 4),
        "minimum": FIGURES,
        "maximum": FIGURES,
        "exclusiveMinimum": FIGURES,
        "exclusiveMaximum": FIGURES,
        "multipleOf": st.sampled_from([1, 2, 3, 0.5, 0.1]),
    },
)
NAMES = st.lists(st.sampled_from(KEYS), max_size=2, unique=True)
DEPENDENT = st.dictionaries(st.sampled_from(KEYS), NAMES, max_size=2)
INNER = st.fixed_dictionaries(
    {},
    optional={
        "properties": st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=2),
        "required": NAMES,
        "dependentRequired": DEPENDENT,
    },
)
NESTED = st.recursive(
    INNER,
    lambda inside: st.fixed_dictionaries(
        {},
        optional={
            "if": inside,
            "then": inside,
            "else": inside,
            "not": inside,
            "allOf": st.lists(inside, max_size=2),
            "required": NAMES,
        },
    ),
    max_leaves=4,
)
SCHEMA = st.builds(
    lambda properties, rest: {**rest, "properties": properties},
    st.fixed_dictionaries(dict.fromkeys(KEYS, VALUE)),
    NESTED,
)
ROWS = st.lists(
    st.fixed_dictionaries({key: st.one_of(st.none(), TEXTS) for key in KEYS}),
    min_size=1,
    max_size=12,
)


@given(SCHEMA, ROWS)
@settings(max_examples=80, deadline=None)
def test_generated_schemas_and_rows(schema: dict[str, Any], rows: list[Row]) -> None:
    found = valid_by_sql(compile_schema(schema), KEYS, rows)
    assert found == valid_by_jsonschema(schema, rows)


def _said_of(schema: Schema, key: str) -> str:
    """All that a schema says of the cells of an element alone."""
    kept = {
        word: said
        for word, said in schema["properties"][key].items()
        if word not in ANNOTATIONS and not word.startswith("x-")
    }
    return json.dumps([kept, key in schema["required"]], sort_keys=True)


def _rows_name(schema: Schema, key: str) -> bool:
    others = {word: schema[word] for word in schema if word not in ("properties", "required")}
    return f'"{key}"' in json.dumps(others)


def test_every_type_agrees_on_its_example_and_on_every_cell_spoilt() -> None:
    """One spoilt cell a row: absent, too long, not a number, negative, huge, no day, no choice.

    Where another type says the very same of an element, and no rule of rows names it, the same
    cell is not judged again.
    """
    spoilt = (None, "", "x", "园" * 301, "-1", "99999999999999", "0.5", "2023-02-30", "关闭")
    judged = 0
    tried: set[tuple[str, str, str | None]] = set()
    for code in facility_types():
        schema, example = schema_of(code), {k: str(v) for k, v in example_row(code).items()}
        keys = list(schema["properties"])
        rows: list[Row] = [example, {}]
        for at, key in enumerate(keys):
            # one of the nine for each cell, all nine over the types
            cell = spoilt[(at + judged) % 9]
            case = (key, _said_of(schema, key), cell)
            if case not in tried or _rows_name(schema, key):
                rows.append({**example, key: cell})
            tried.add(case)
        found = valid_by_sql(condition_on_read_numbers(schema), keys, rows)
        assert found == valid_by_jsonschema(schema, rows), code
        assert found[0], code
        assert False in found
        judged += 1
    assert judged == len(facility_types()) >= 231
