"""Check a row that is known to be in order: only what is blank, and what no scan of a file tells.

Of such a row `registry.uploads.elements_check` and the rules in `SETTLED` would find no more, as
long as it gives no code and is no facility of the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final

from codes.rules import rules
from registry.uploads.breaches import Breaches, looked_at, of_several, of_value
from registry.uploads.elements_check import (
    RECOMMENDED,
    about_absent,
    recommended,
    settled_division,
)
from registry.uploads.findings import Finding
from registry.uploads.judged import Context, Judged
from registry.uploads.rules import RowRule, row_rules

SETTLED: Final = frozenset(
    {
        "clear_required", "type_changed", "clear_without_brackets", "name_is_example",
        "name_says_nothing", "text_questioned", "name_alone", "name_only_type", "example_left",
        "phone_is_mobile", "opened_after_data", "capability_not_carried", "department_not_owner",
        "code_wrong", "code_not_registered", "uscc_wrong", "date_future", "dates_out_of_order",
        "part_exceeds_whole", "figures_out_of_order", "mode_new_only", "as_of_older",
    }
)  # fmt: skip
"""Rules that find nothing in a row that is sure, gives no code and is not registered."""

REMEMBERED: Final = 20_000

Absent = tuple[str, str, str, Mapping[str, Any]]
"""Rule, severity, element, what fills its words."""


def is_settled(row: Judged) -> bool:
    """Say whether what is known of a sure row holds: it is judged as it stands in the file."""
    return row.sure and row.registered is None and "code" not in row.row.fields


def check_settled(row: Judged, context: Context) -> None:
    """Add what there is to say of a row that is settled, in the order of the full check."""
    read, fields, division = row.row, row.row.fields, settled_division(row)
    kind = fields["type"]
    values = tuple(map(fields.get, looked_at(kind)[0]))
    for rule, severity, element, params in _absent(kind, tuple(fields), division, values):
        column, header = row.columns.place(element)
        shown = read.seen.get(element)
        row.findings.append(
            Finding(rule, severity, read.sheet, read.number, element, column, header, shown, params)
        )
    for rule, function in _open_rules():
        for hit in function(row, context):
            row.report(rule, hit.element, value=hit.value, severity=hit.severity, **hit.params)


@lru_cache(maxsize=REMEMBERED)
def _absent(
    type_code: str, keys: tuple[str, ...], division: str | None, values: tuple[Any, ...]
) -> tuple[Absent, ...]:
    """What is said of all rows of a type that fill these elements, with values that matter."""
    instance = dict.fromkeys(keys)
    of_division: Breaches = ()
    if division is not None:
        instance["division"] = division
        of_division = of_value(type_code, "division", division)
    instance |= {
        key: value
        for key, value in zip(looked_at(type_code)[0], values, strict=True)
        if key in keys
    }
    said: dict[str, Absent] = {}
    for element, rule, severity, params, _ in (*of_division, *of_several(type_code, instance)):
        about = {**params, **about_absent(rule, type_code, element)}
        said.setdefault(element, (rule, severity or rules()[rule].severity, element, about))
    for key in recommended(type_code):
        if key not in keys and key not in said:
            about = about_absent(RECOMMENDED, type_code, key)
            said[key] = RECOMMENDED, rules()[RECOMMENDED].severity, key, about
    return tuple(said.values())


@cache
def _open_rules() -> tuple[tuple[str, RowRule], ...]:
    """The rules that are asked of every row, in the order of the book."""
    return tuple(one for one in row_rules().items() if one[0] not in SETTLED)
