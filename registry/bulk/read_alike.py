"""What a cell says when it is read here: whether SQL, given the same words, takes it to mean that.

A name and an address are compared and looked into, and SQL knows no Unicode forms: they are left
alone unless it folds them as we do. Of the other texts SQL asks what their schema says, no more.
"""

from __future__ import annotations

import re
from typing import Final

from sqlglot import exp

from codes.elements import all_fields, example_row
from codes.facility_types import facility_types
from codes.names import fold
from codes.reserved_names import is_footer, is_section
from registry.bulk.compile.values import NUMBER_SHAPE, all_of, any_of, negated
from registry.bulk.plain import CHINESE, NARROW, WIDE
from registry.bulk.plan import Plan, is_numeric
from registry.uploads.proposing.keys import name_key

FOLDED: Final = frozenset({"name", "address"})
"""Elements that are compared as they are folded."""

_TO_NARROW: Final = str.maketrans(WIDE, NARROW)
_OTHER: Final = re.compile(f"[^0-9a-z{CHINESE}]+")


def is_open(text: str, value: object, key: str) -> bool:
    """Whether the text of a value would not mean in SQL what the value means here."""
    if "\n" in text or "\r" in text or ends_table(text, key):
        return True
    if key in FOLDED:
        # as `plain.folded` and `row_parts.compared` fold it in SQL
        folded = text.replace(" ", "").lower().translate(_TO_NARROW)
        return folded != fold(text) or _OTHER.sub("", folded) != name_key(text)
    return is_numeric(key) and (not isinstance(value, str)) != bool(NUMBER_SHAPE.fullmatch(text))


def ends_table(text: str, key: str) -> bool:
    """Whether a name has the words of a footer or a heading, which may make its line no row.

    To be asked of what a cell shows too: a name loses blanks when it is read.
    """
    return key == "name" and (is_footer(text) or is_section(text))


def not_the_example(plan: Plan) -> exp.Expr:
    """Return the condition under which a row is surely not the example of our template.

    Some cell of its own, which cannot be a figure or day written in two ways, is not as in any
    example.
    """
    told = []
    for key, value in plan.values.items():
        if key not in plan.columns.read or key in plan.given or key == "name":
            continue
        if all_fields()[key].kind in ("text", "choice"):
            is_one = value.text.copy().isin(*examples_of(key))
            told.append(all_of([value.present, negated(is_one)]))
    return any_of(told)


def examples_of(key: str) -> list[str]:
    """Return what stands in the worked examples of all types for an element, '' if in none."""
    found = {str(all_fields()[key].example or "")}
    found |= {str(example_row(code).get(key, "")) for code in facility_types()}
    return sorted(found)
