"""Cells that mean what they show: what the exact path would take as it stands, and say nothing of.

A cell that is not plain (spaces, full-width digits, an alias, `2015/9/1`, `约3200`) makes its row
one for the exact path. What is called plain here must be so there; the reverse is not needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from sqlglot import exp

from codes.book import load_book
from codes.departments import departments
from codes.elements import Field, all_fields
from codes.facility_types import facility_types
from codes.names import fold
from codes.text_fixes import is_clear_token, is_joined, is_placeholder, misspellings
from codes.units import conversion
from registry.bulk.compile.values import DATE, Value, all_of, any_of, matches, negated
from registry.bulk.conditions import Collected, Condition
from registry.uploads.columns import SheetColumns
from registry.uploads.normalising.row import known_fields

ODD: Final = "odd"
"""Rule of the cause of a cell that is not plain; no rule of the book."""

CHINESE: Final = "一-鿿"
WIDE: Final = "（），：；！？－／＋＃％＆．～"
"""Punctuation whose half-width form is one character: a text keeps it, a name is compared by it."""

NARROW: Final = "(),:;!?-/+#%&.~"
MARKS: Final = "、。《》“”‘’·—〔〕【】"
TEXT: Final = f"[!-~{CHINESE}{WIDE}{MARKS}]+"
CODE: Final = rf"^[0-9A-Z{CHINESE}〔〕\[\]\-]+$"
SURELY_MOBILE: Final = "^[^0-9]*([0-9]{1,4}[^0-9]*)?1[^0-9]*[3-9]([^0-9]*[0-9]){9}[^0-9]*$"
"""Every number that may be a mobile, whatever stands between its digits or before them."""

SCIENTIFIC: Final = r"^[0-9](\.[0-9]+)?[eE]\+[0-9]{1,3}$"


def odd_conditions(
    columns: SheetColumns, given: Mapping[str, str], values: Mapping[str, Value]
) -> Collected:
    """Return the conditions under which a cell is not plain, for the columns a file has."""
    collected = Collected()
    for key, value in values.items():
        column = columns.read.get(key)
        unit = column.unit if column else None
        for field, types in _variants(key):
            for odd in _odd(field, value, unit):
                condition = Condition((ODD, "", key), all_of([value.present, odd]))
                collected.add(condition, types)
    return collected


def _variants(key: str) -> Iterator[tuple[Field, list[str]]]:
    """Yield the forms of a field and the types that have it so; `type` is looked up elsewhere."""
    found: dict[tuple[object, ...], tuple[Field, list[str]]] = {}
    for code in facility_types() if key != "type" else ():
        field = known_fields(code).get(key) or all_fields()[key]
        form = (field.kind, field.choices, field.unit_zh)
        found.setdefault(form, (field, []))[1].append(code)
    yield from found.values()


def _odd(field: Field, value: Value, unit: str | None) -> Iterator[exp.Expr]:
    if field.key == "department":
        # of the type's own departments: that another is not its owner is for the exact path
        yield negated(value.text.copy().isin(*_department_words(field.choices)))
    elif field.kind == "choice":
        yield negated(value.text.copy().isin(*field.choices))
    elif field.kind == "date":
        yield negated(matches(value.text, DATE))
    elif field.kind in ("integer", "number"):
        converted = bool(unit) and conversion(str(unit), field.unit_zh or "") != 1.0
        yield exp.true() if converted else negated(value.is_number)
    elif field.kind == "code":
        yield negated(matches(value.text, CODE))
        yield _says_nothing(value.text)
    else:
        yield from _odd_text(field.key, value.text)


def _odd_text(key: str, text: exp.Expr) -> Iterator[exp.Expr]:
    yield negated(matches(text, f"^{TEXT}(?: {TEXT})*$"))
    yield _says_nothing(text)
    yield matches(text, SCIENTIFIC)
    wrong = [_contains(text, seen) for seen, _ in misspellings(key)]
    if wrong:
        yield exp.paren(any_of(wrong))
    if is_joined(key):
        yield matches(text, f"[{CHINESE}] [{CHINESE}]")
    if key == "phone":
        yield matches(text, SURELY_MOBILE)
    if key == "name":
        starts = [
            exp.func("starts_with", folded(text), exp.Literal.string(one))
            for one in _reserved("example")
        ]
        yield exp.paren(any_of(starts))
        footers = "|".join(re.escape(word) for word in _reserved("footer"))
        yield matches(folded(text), f"^(?:{footers})(?::.*)?$")


def folded(text: exp.Expr) -> exp.Expr:
    """Return a plain text as `codes.names.fold` gives it."""
    bare = exp.func("replace", text.copy(), exp.Literal.string(" "), exp.Literal.string(""))
    wide, narrow = exp.Literal.string(WIDE), exp.Literal.string(NARROW)
    return exp.Anonymous(this="translate", expressions=[exp.Lower(this=bare), wide, narrow])


def _says_nothing(text: exp.Expr) -> exp.Expr:
    """A word for nothing, or the token that clears; both are short."""
    longest = max(map(len, _nothing()))
    short = exp.LT(this=exp.Length(this=text.copy()), expression=exp.Literal.number(2 * longest))
    # CASE, so that long texts are not folded
    return exp.case().when(short, folded(text).isin(*_nothing())).else_(exp.false())


@cache
def _nothing() -> tuple[str, ...]:
    seen = [row["seen"] for row in load_book("text_fixes").rows]
    words = [one for one in seen if is_placeholder(one) or is_clear_token(one)]
    bare = [one.strip("[]【】") for one in seen if is_clear_token(one)]
    return tuple(sorted({fold(one) for one in (*words, *bare)}))


@cache
def _reserved(kind: str) -> tuple[str, ...]:
    """How rows begin that are no data: folded, without the colon that may follow."""
    rows = load_book("reserved_names").rows
    return tuple(fold(row["name"]).rstrip(":") for row in rows if row["kind"] == kind)


def _department_words(names: tuple[str, ...]) -> list[str]:
    own = [one for one in departments().values() if one.name_zh in names]
    return [word for one in own for word in (one.code, one.name_zh)]


def _contains(text: exp.Expr, part: str) -> exp.Expr:
    return exp.func("contains", text.copy(), exp.Literal.string(part))
