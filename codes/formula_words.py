"""Say a formula to people, in the language in use."""

from __future__ import annotations

from functools import cache

from codes.capabilities import Capability, capabilities
from codes.categories import Category, ServiceClass, categories, classes
from codes.elements import all_fields, fields_of
from codes.facility_types import FacilityType, facility_types
from codes.formulas import Condition, Formula, Group, Term, population_groups
from codes.identifier_schemes import IdentifierScheme, identifier_schemes
from codes.messages import language, text
from codes.names import listed, name_of
from codes.value_lists import values


def in_words(formula: Formula) -> str:
    """Return the formula as people read it, in the language in use.

    >>> from codes.formulas import formulas
    >>> from codes.messages import use_language
    >>> use_language("zh")
    >>> in_words(formulas()["nursing_bed_share"])
    '100 × 护理型床位数（机构养老）÷ 床位数（机构养老）'
    >>> use_language(None)
    """
    return _in_words(formula, language())


@cache
def _in_words(formula: Formula, _lang: str) -> str:
    above = term_in_words(formula.numerator)
    if formula.scale != 1:
        above = f"{formula.scale} × {above}"
    if formula.denominator is None:
        return above
    gap = "" if above.endswith("）") else " "
    return f"{above}{gap}÷ {term_in_words(formula.denominator)}"


def term_in_words(term: Term) -> str:
    """Return one side of a formula as people read it."""
    if term.kind == "population":
        return _name(population_groups()[str(term.group)])
    if term.kind == "units":
        return text(f"evaluate.units.{term.unit}")
    scope = _scope(term)
    if term.kind == "sum":
        measures = [_name(capabilities()[code]) for code in term.capabilities]
        return text("evaluate.term.sum", measures=" + ".join(measures), scope=scope)
    if term.kind == "count":
        return text("evaluate.term.count", scope=scope)
    return text(f"evaluate.covered.{term.unit}", scope=scope)


def _scope(term: Term) -> str:
    if not term.types:
        return text("evaluate.word.all_types")
    types = listed(_type_name(code) for code in term.types)
    if not term.where:
        return types
    words = [_condition(condition, term) for condition in term.where]
    return text("evaluate.term.where", types=types, conditions=text("evaluate.word.or").join(words))


def _type_name(code: str) -> str:
    for book in (facility_types(), classes(), categories()):
        if code in book:
            return _name(book[code])
    return code


def _condition(condition: Condition, term: Term) -> str:
    if condition.identifier:
        name = _name(identifier_schemes()[condition.identifier])
        return text("evaluate.term.has_identifier", name=name)
    return text(f"evaluate.attribute.{condition.attribute}", value=_listed_name(condition, term))


def _listed_name(condition: Condition, term: Term) -> str:
    """The value as its list names it in the reader's language; the list's own word else."""
    value = condition.value or ""
    of_types = (one for code in term.types if code in facility_types() for one in fields_of(code))
    forms = [one for one in of_types if one.key == condition.attribute]
    forms.append(all_fields()[condition.attribute or ""])
    found = (values(one.codebook).get(value) for one in forms if one.codebook)
    item = next((one for one in found if one), None)
    return item.name_en if item and language() == "en" else value


def _name(
    row: Capability | Category | ServiceClass | FacilityType | Group | IdentifierScheme,
) -> str:
    return name_of(row)
