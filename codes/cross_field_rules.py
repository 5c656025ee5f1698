"""Relations between two columns of a row: a part no larger than its whole, dates in order.

JSON Schema cannot compare two values of an instance; these are data all the same (book
`cross_field_rules`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from codes.elements import fields_of
from codes.typed_rows import typed_rows


@dataclass(frozen=True)
class CrossFieldRule:
    """`left` `op` `right` should hold where both columns have a value; `op` is le or lt.

    `rule` is the id in the `rules` book that a finding names; `severity` goes before the rule's.
    """

    code: str
    left: str
    op: str
    right: str
    severity: str
    rule: str
    message_zh: str
    message_en: str
    source: str
    valid_from: str
    verified_on: str
    valid_to: str | None = None


@cache
def cross_field_rules() -> dict[str, CrossFieldRule]:
    """Return the relations by code, in book order; ended ones too."""
    return {row.code: row for row in typed_rows("cross_field_rules", CrossFieldRule)}


@cache
def cross_field_rules_of(type_code: str) -> tuple[CrossFieldRule, ...]:
    """Return the relations in force whose two columns the type has.

    Raises DataError `spec.type_unknown` when there is no such type.
    """
    keys = {field.key for field in fields_of(type_code)}
    return tuple(
        row
        for row in cross_field_rules().values()
        if row.valid_to is None and {row.left, row.right} <= keys
    )
