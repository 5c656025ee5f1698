"""Rows that SQL is sure of: every cell is plain and within its bounds, but for cells left empty.

Nearly all rows of a good file are so, and to know it is cheaper than to tell each condition apart.
What is called sure must be so; a row that is not called so is looked at in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sqlglot import exp

from codes.elements import Field
from registry.bulk.compile.values import (
    FALSE,
    TRUE,
    Value,
    any_of,
    literal,
    matches,
    negated,
)
from registry.bulk.conditions import Condition
from registry.bulk.plain import CODES_PLAIN, TEXTS_PLAIN, odd_in, variants
from registry.bulk.plan import Plan, column_called, is_day, is_numeric
from registry.bulk.row_conditions import add_row_conditions
from registry.bulk.schema_conditions import schema_conditions

DAY: Final = (
    "^(?:19|20)[0-9]{2}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)$"
)
"""Days that exist in every year of two centuries; any other is looked at in full."""

IMPLIED: Final = frozenset({"element_choice", "element_date"})
"""Rules that a plain choice or day keeps."""

TOGETHER: Final = ("text", "code")
"""Kinds whose cells are looked at row by row, all at once."""


def numbers(plan: Plan) -> Iterator[tuple[str, exp.Expr]]:
    """Yield (name, number) of the figures; a text that is no figure is not sure, whatever this."""
    for key in plan.values:
        if is_numeric(key):
            cast = exp.TryCast(this=column_called(key), to=exp.DataType.build("double"))
            yield f"{key} #", cast


def unsure(plan: Plan, kind: exp.Expr) -> exp.Expr:
    """Return the condition under which a row of a known type is not sure; NULL is sure.

    `kind` is the number of the row's type.
    """
    every = [negated(column_called(name)) for name in (TEXTS_PLAIN, CODES_PLAIN)]
    found: dict[str, dict[tuple[int, ...], list[exp.Expr]]] = {}
    for key, own, holds in _asked(plan):
        alone = key if key in plan.known and len(own) == len(plan.type_numbers) else ""
        found.setdefault(alone, {}).setdefault(own, []).append(holds)
    for key, of_types in found.items():
        parts = [_in_types(_either(one), own, plan, kind) for own, one in of_types.items()]
        every.append(_unless_known(_either(parts), key) if key else _either(parts))
    return _either(every)


def of_one_cell(plan: Plan) -> dict[str, exp.Expr]:
    """Return of each element the condition under which its cell alone makes any row unsure."""
    found: dict[str, list[exp.Expr]] = {key: [] for key in plan.values}
    whole = replace(plan, known=frozenset(plan.values))
    for key, own, holds in _asked(whole):
        if key in found and len(own) == len(plan.type_numbers):
            found[key].append(holds)
    return {key: _either(several) for key, several in found.items()}


def known_type(key: str) -> str:
    """Return the name of the enumeration of an element's cells that are known to be plain."""
    return f"known_{key}"


def _asked(plan: Plan) -> Iterator[tuple[str, tuple[int, ...], exp.Expr]]:
    """Yield (element, types, condition); '' for an element where several are asked."""
    for key, value in plan.values.items():
        for field, types in variants(key, plan.types):
            if field.kind not in TOGETHER:
                yield key, _own(types, plan), _odd(plan, field, value)
            elif key in plan.known:
                yield key, _own(types, plan), odd_in(field, value, plan.unit(key))
    for condition in _conditions(plan):
        yield _one_element(condition.holds), _own(condition.types, plan), condition.holds


def _one_element(holds: exp.Expr) -> str:
    """The element whose cell is all that a condition asks; '' for any other condition."""
    names = {one.name.removesuffix(" #") for one in holds.find_all(exp.Column)}
    return names.pop() if len(names) == 1 else ""


def _unless_known(holds: exp.Expr, key: str) -> exp.Expr:
    word = exp.TryCast(
        this=column_called(key), to=exp.DataType.build(f'"{known_type(key)}"', udt=True)
    )
    known = exp.Not(this=word.is_(exp.null()))
    return exp.case().when(known, exp.false()).else_(exp.paren(holds, copy=False))


def _either(parts: Iterable[exp.Expr]) -> exp.Expr:
    return any_of([exp.paren(one, copy=False) if one != FALSE else one for one in parts])


def odd(plan: Plan, kind: exp.Expr) -> exp.Expr:
    """Return the condition under which a row of a type holds a cell that is not plain."""
    found = []
    for key, value in plan.values.items():
        for field, types in variants(key, plan.types):
            holds = odd_in(field, value, plan.unit(key))
            found.append(exp.func("coalesce", _of_types(holds, types, plan, kind), exp.false()))
    return any_of(found)


def _conditions(plan: Plan) -> Iterator[Condition]:
    """Yield the conditions that neither absence nor a plain cell settles."""
    values = _values(plan)
    collected = schema_conditions({**values, "type": Value(column_called("type"))}, plan.types)
    add_row_conditions(collected, values, plan.context, plan.types)
    for one in collected.conditions():
        if one.cause[0] not in IMPLIED and one.holds != TRUE and one.absent_key is None:
            yield one


def _values(plan: Plan) -> Mapping[str, Value]:
    """The elements, of which the days are days: a row with another is not sure."""
    return {
        key: Value(value.text, value.number, TRUE.copy() if is_day(key) else None)
        for key, value in plan.values.items()
    }


def _odd(plan: Plan, field: Field, value: Value) -> exp.Expr:
    if field.kind == "date":
        return negated(matches(value.text, DAY))
    return odd_in(field, value, plan.unit(field.key))


def _of_types(holds: exp.Expr, types: Iterable[str], plan: Plan, kind: exp.Expr) -> exp.Expr:
    """The condition for rows of these types; where they are all there are, no type is asked."""
    return _in_types(holds, _own(types, plan), plan, kind)


def _own(types: Iterable[str], plan: Plan) -> tuple[int, ...]:
    return tuple(sorted(plan.type_numbers[code] for code in types if code in plan.type_numbers))


def _in_types(holds: exp.Expr, own: tuple[int, ...], plan: Plan, kind: exp.Expr) -> exp.Expr:
    if len(own) == len(plan.type_numbers):
        return holds
    if not own or holds == FALSE:
        return FALSE.copy()
    # CASE, not AND: what is asked of one type is not worked out for rows of the others
    return exp.case().when(kind.copy().isin(*map(literal, own)), holds).else_(exp.false())
