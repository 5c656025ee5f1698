"""What is remembered of the schemas is what jsonschema says of the whole row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from codes.elements import example_row
from codes.facility_types import facility_types
from registry.uploads.breaches import breaches, schema_known
from registry.uploads.plain_values import plainly_keeps

VALUES: tuple[Any, ...] = (
    "", "园", "是", "否", "关闭", "运营", "规划", "无", "园" * 301, "330106", "2023-02-30",
    "2026-06-30", "２０２６-06-30", "20260630", "2026-W01-1", "-", "91330106MA2B0GYX5L", "1e3",
    "https://x.cn\n", "0571-88880000\n", 0, 1, -1, 1.0, 1.5, 240, 10**9, float("nan"),
    float("inf"), True, False,
)  # fmt: skip
TYPES = (None, *list(facility_types())[::14])


def rows(type_code: str | None) -> Iterator[dict[str, Any]]:
    """Yield the type's example, some of its values changed or taken away."""
    random = Random(type_code)
    for _ in range(20):
        row: dict[str, Any] = dict(example_row(type_code or "B0101"))
        for key in random.sample(list(schema_known(type_code)["properties"]), 6):
            row[key] = random.choice(VALUES)
        for key in random.sample(list(row), random.randint(0, 4)):
            del row[key]
        yield row


def touched(error: ValidationError, row: Mapping[str, Any]) -> set[str]:
    """Return the elements that an error of the whole schema is about, by the path to it."""
    path = list(error.absolute_schema_path)
    if path[0] == "properties":
        return {str(path[1])}
    every: Any = error.validator_value
    if path[0] == "allOf":
        if error.validator == "not":
            return set(every["required"])
        return {key for key in every if key not in row}
    needed = every if path[0] == "required" else [one for of in every.values() for one in of]
    return {key for key in needed if key not in row}


@pytest.mark.parametrize("type_code", TYPES)
def test_a_row_breaks_what_jsonschema_says_it_breaks(type_code: str | None) -> None:
    schema = schema_known(type_code)
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    for row in rows(type_code):
        wanted = [touched(error, row) for error in validator.iter_errors(row)]
        told = {one.element for one in breaches(type_code, row)}
        assert told == set().union(*wanted), row


def test_what_plainly_keeps_a_property_keeps_it() -> None:
    plain = 0
    for type_code in TYPES:
        for key, schema in schema_known(type_code)["properties"].items():
            keeps = plainly_keeps(schema)
            validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
            for value in VALUES:
                if keeps(value):
                    plain += 1
                    assert validator.is_valid(value), (key, value)
            assert all(map(keeps, schema.get("examples", []))), key
    assert plain > 1000


def test_a_keyword_that_is_not_known_is_left_to_jsonschema() -> None:
    assert not plainly_keeps({"type": "integer", "multipleOf": 2})(4)
    assert plainly_keeps({"type": "integer", "minimum": 2, "title": "x", "x-unit-zh": "张"})(4)


def test_one_and_true_are_two_values() -> None:
    """They are equal, and what was said of one must not be said of the other."""
    row = dict(example_row("B0101"))
    for value, rules in ((1, []), (True, ["element_type"]), (1.0, [])):
        row["enrolment"] = value
        assert [one.rule for one in breaches("B0101", row)] == rules
