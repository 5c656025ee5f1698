"""The rules on one row that no schema can say, as conditions; mirrors `registry.uploads.rules`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlglot import exp

from codes.cross_field_rules import CrossFieldRule, cross_field_rules_of
from codes.departments import departments
from codes.facility_types import facility_types
from codes.owning import submitters_of
from codes.private_numbers import any_mobile
from codes.rules import rules
from registry.bulk.checks import facility_code_valid, uscc_valid
from registry.bulk.compile.values import Value, all_of, any_of, literal, matches, negated
from registry.bulk.conditions import Collected, Condition
from registry.facilities.allowed import OPEN
from registry.uploads.judged import Context
from registry.uploads.normalising.row import known_fields
from registry.uploads.rules.numbers import uscc_pattern
from registry.uploads.rules.relations import NOT_YET_OPEN
from registry.uploads.rules.slips import NO_NAME, QUESTION_MARKS, QUESTIONED, type_names

Values = Mapping[str, Value]


def add_row_conditions(
    collected: Collected, values: Values, context: Context, types: Sequence[str] | None = None
) -> None:
    """Add the rules' conditions to those of the schemas, for some types or all of them.

    `context` is not compared.
    """
    every = list(facility_types() if types is None else types)
    typed = [code for code in every if code]
    own = (*_numbers(values), *_future(values, context.today), *_slips(values, context.today))
    for condition in own:
        collected.add(condition, every)
    for condition, codes in _foreign_departments(values, typed):
        collected.add(condition, codes)
    known: dict[str, Condition] = {}
    for code in typed:
        for relation in cross_field_rules_of(code):
            if relation.left in values and relation.right in values:
                if relation.code not in known:
                    known[relation.code] = _broken(relation, values)
                collected.add(known[relation.code], (code,))
    for key, value in values.items():
        lacking = [code for code in typed if key not in known_fields(code)]
        collected.add(_about("capability_not_carried", key, value.present), lacking)
    _add_type_rules(collected, context, typed)


def _numbers(values: Values) -> Iterator[Condition]:
    if "code" in values:
        value = values["code"]
        wrong = all_of([value.present, negated(facility_code_valid(value.text))])
        yield _about("code_wrong", "code", wrong)
    if "operator_uscc" in values:
        value = values["operator_uscc"]
        in_form = matches(value.text, uscc_pattern())
        wrong = all_of([value.present, in_form, negated(uscc_valid(value.text))])
        yield _about("uscc_wrong", "operator_uscc", wrong)


def _future(values: Values, today: date) -> Iterator[Condition]:
    for key in ("as_of", "closed_on", "opened_on"):
        if key not in values:
            continue
        text = values[key].text
        later = exp.GT(this=text.copy(), expression=exp.Literal.string(today.isoformat()))
        parts = [values[key].present, values[key].is_day, later]
        if key == "opened_on" and "status" in values:
            status = values["status"]
            planned = all_of([status.present, status.text.copy().isin(*sorted(NOT_YET_OPEN))])
            parts.append(negated(planned))
        yield _about("date_future", key, all_of(parts))


def _slips(values: Values, today: date) -> Iterator[Condition]:
    if "name" in values:
        name = values["name"]
        # a pattern, not a list: that DuckDB compares with each of its words
        types = "|".join(map(re.escape, sorted(type_names())))
        for rule, told in (("name_says_nothing", NO_NAME), ("name_only_type", types)):
            wrong = matches(name.text, f"^(?:{told})$")
            yield _about(rule, "name", all_of([name.present, wrong]))
    for key in (one for one in QUESTIONED if one in values):
        marks = [
            exp.func("contains", values[key].text.copy(), literal(one)) for one in QUESTION_MARKS
        ]
        yield _about(
            "text_questioned", key, all_of([values[key].present, exp.paren(any_of(marks))])
        )
    if "phone" in values:
        phone = values["phone"]
        mobile = matches(phone.text, any_mobile())
        yield _about("phone_is_mobile", "phone", all_of([phone.present, mobile]))
    if {"opened_on", "as_of", "status"} <= set(values):
        opened, as_of, status = values["opened_on"], values["as_of"], values["status"]
        after = exp.GT(this=opened.text.copy(), expression=as_of.text.copy())
        until = exp.LTE(this=opened.text.copy(), expression=literal(today.isoformat()))
        open_now = exp.EQ(this=status.text.copy(), expression=literal(OPEN))
        parts = [opened.present, as_of.present, status.present, after, until, open_now]
        yield _about("opened_after_data", "opened_on", all_of(parts))


def _foreign_departments(
    values: Values, every: Sequence[str]
) -> Iterator[tuple[Condition, list[str]]]:
    """Yield that another department than the types' own is named, and the types it is about."""
    if "department" not in values:
        return
    of_owners: dict[tuple[str, ...], list[str]] = {}
    for code in every:
        of_owners.setdefault(facility_types()[code].department_codes, []).append(code)
    value = values["department"]
    for owners, types in of_owners.items():
        words = [word for one in owners for word in (one, departments()[one].name_zh)]
        foreign = negated(value.text.copy().isin(*words))
        yield _about("department_not_owner", "department", all_of([value.present, foreign])), types


def _broken(relation: CrossFieldRule, values: Values) -> Condition:
    left, right = values[relation.left], values[relation.right]
    comparison = exp.GTE if relation.op == "lt" else exp.GT
    days = [left.present, right.present, left.is_day, right.is_day]
    days.append(comparison(this=left.text.copy(), expression=right.text.copy()))
    ways = [all_of(days)] if left.number is None and right.number is None else []
    if left.number is not None and right.number is not None:
        figures = [left.is_number, right.is_number]
        figures.append(comparison(this=left.number.copy(), expression=right.number.copy()))
        ways.append(all_of(figures))
    severity = relation.severity or rules()[relation.rule].severity
    # the code of the relation in the chain: two relations may have one cause, and count as two
    return Condition(
        (relation.rule, severity, relation.left), any_of(ways), chain=f"={relation.code}"
    )


def _add_type_rules(collected: Collected, context: Context, every: Sequence[str]) -> None:
    today = context.today.isoformat()
    ends = {code: facility_types()[code].valid_to for code in every}
    ended = [code for code, end in ends.items() if end and end <= today]
    foreign = [
        code for code in every if context.sender and context.sender not in submitters_of(code)
    ]
    collected.add(_about("type_ended", "type", exp.true()), ended)
    collected.add(_about("type_not_owned", "type", exp.true()), foreign)


def _about(rule: str, key: str, broken: exp.Expr) -> Condition:
    return Condition((rule, rules()[rule].severity, key), broken)
