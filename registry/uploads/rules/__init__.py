"""The rules that no JSON Schema can say: one function a rule, found by the rule's id.

A rule takes one row and what holds for the file, and yields a `Hit` for each breach. It reads
nothing else, so that its verdict does not depend on the engine that runs it. A new rule is a row
in the book `rules` and a function of the same name in one of these modules.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction

from codes.rules import rules
from registry.uploads.judged import Context, Judged
from registry.uploads.rules.hit import Hit

RowRule = Callable[[Judged, Context], Iterator[Hit]]


@cache
def row_rules() -> Mapping[str, RowRule]:
    """Return the rules on one row by id, in the order of the book."""
    functions = {
        name: function
        for module in sorted(one.name for one in pkgutil.iter_modules(__path__))
        for name, function in getmembers(import_module(f"{__name__}.{module}"), isfunction)
        if name in rules()
    }
    return {rule: functions[rule] for rule in rules() if rule in functions}


def apply_rules(row: Judged, context: Context) -> None:
    """Run every rule on a row and add what they find; a cell that could not be read is let be."""
    for rule, function in row_rules().items():
        for hit in function(row, context):
            if hit.element not in row.row.troubled:
                row.report(rule, hit.element, value=hit.value, severity=hit.severity, **hit.params)
