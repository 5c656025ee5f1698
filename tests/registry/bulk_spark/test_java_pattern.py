"""Patterns and functions in Spark's form; no Spark is needed to look at them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlglot import exp

from registry.bulk.compile.values import is_date
from registry.bulk.plan import Plan
from registry.bulk.row_parts import kept_of
from registry.bulk.spark.dialect import spark_sql
from registry.bulk.spark.regex import java_pattern
from registry.uploads.columns import SheetColumns
from registry.uploads.judged import Context
from registry.uploads.reading.headers import header_names


@pytest.mark.parametrize(
    ("re2", "java"),
    [
        (r"^[0-9]{4}$", r"^[0-9]{4}\z"),
        (r"^(?:https?://[^ ]+)$", r"^(?:https?://[^ ]+)\z"),
        ("^a.b", r"^a[^\n]b"),
        ("[^\\x{20}\\x{3000}]", "[^\\x{20}\\x{3000}]"),
        (r"^[a\s]$", None),
        (r"^\s$", r"^[\t\n\f\r ]\z"),
        ("^[a[b&&c]$", r"^[a\[b\&\&c]\z"),
        (r"^[]a]$", r"^[\]a]\z"),
        (r"\.\*\ \-", r"\.\*\ \-"),
        ("(?i)a", None),
        ("(?<n>a)", None),
        ("[[:alpha:]]", None),
        (r"\pL", None),
        (r"\Qa\E", None),
        ("[a", None),
    ],
)
def test_patterns(re2: str, java: str | None) -> None:
    if java is None:
        with pytest.raises(NotImplementedError):
            java_pattern(re2)
    else:
        assert java_pattern(re2) == java


def test_a_cast_that_may_fail_stays_one_that_may_fail() -> None:
    assert spark_sql(is_date(exp.column("a"))).startswith("COALESCE(CAST(TRY_CAST(a AS DATE) AS ")


def test_the_hash_of_a_file_without_names_is_none_of_spark_s_types() -> None:
    nobody = Plan(SheetColumns("", {}, {}, ()), {}, Context(date(2026, 11, 22)), header_names())
    kept = [spark_sql(one) for one in kept_of(nobody)]
    assert "CAST(NULL AS ARRAY<STRING>) AS `name_hash`" in kept
    assert not any("UBIGINT" in one for one in kept)


def test_a_function_within_another_is_put_into_form_too() -> None:
    inner = exp.Anonymous(this="strpos", expressions=[exp.column("a"), exp.column("b")])
    assert "instr(a, b) < 0" in spark_sql(exp.Anonymous(this="trunc", expressions=[inner])).lower()


@pytest.mark.parametrize("name", ["list_contains", "regexp_extract_all", "enum_range"])
def test_a_function_not_looked_at_is_refused(name: str) -> None:
    with pytest.raises(NotImplementedError, match=name):
        spark_sql(exp.Anonymous(this=name, expressions=[exp.column("a")]))


def test_a_pattern_from_a_column_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        spark_sql(exp.RegexpLike(this=exp.column("a"), expression=exp.column("b")))
