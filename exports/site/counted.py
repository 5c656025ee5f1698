"""Back from an indicator's value to the facilities behind it: what each one adds to either side.

Only for a value told as of the day of the release: of another day a release does not hold the
records. The formula is the book's; one that says other words than the release is not used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from datasette.app import Datasette

from codes.formula_words import in_words
from codes.formulas import Condition, Formula, Term, formulas
from codes.messages import language
from codes.policy import integer_of
from codes.statuses import named
from exports.site import queries
from exports.site.catalogue import Catalogue, Row
from exports.site.pages.division import counties_in
from exports.site.pages.page import rows

OPERATING: Final = named("open")
"""Only what operates on the day is counted; the book of formulas says so."""

PLACED_BY: Final = {
    "county": ("county_code", "county"),
    "township": ("township_code", "township"),
    "community": ("division_code", "village"),
}
"""Unit that may be covered -> the facility's column that names it, and its level."""

TOWNSHIP_SERIAL: Final = slice(6, 9)


@dataclass(frozen=True)
class Share:
    """What one facility adds: a number for each side that looks at facilities, None for nothing.

    `is_silent` when it was asked for a measure and has not reported it.
    """

    facility: Row
    above: float | None
    below: float | None
    as_of: str | None
    is_silent: bool

    @property
    def is_counted(self) -> bool:
        """Tell whether it went into the value at all."""
        return self.above is not None or self.below is not None


def formula_behind(catalogue: Catalogue, result: Row | None) -> Formula | None:
    """Return the formula of a result whose facilities can be listed from this release, or None."""
    if result is None or result["reference_on"] != catalogue.manifest.release_date:
        return None
    formula = formulas().get(result["formula_code"] or "")
    if formula is None or in_words(formula) != result[f"formula_{language()}"]:
        return None
    return formula if any(term.looks_at_facilities for term in _terms(formula)) else None


def types_counted(catalogue: Catalogue, results: Iterable[Row]) -> frozenset[str]:
    """Return the types that the formulas behind results look at; none when they look at none."""
    told = {row["formula_code"]: row[f"formula_{language()}"] for row in results}
    known = {code: formulas()[code] for code in told if code in formulas()}
    return frozenset(
        type_code
        for code, formula in known.items()
        if in_words(formula) == told[code]
        for term in _terms(formula)
        for type_code in _types(catalogue, term)
    )


async def how_many(datasette: Datasette, catalogue: Catalogue, formula: Formula, code: str) -> int:
    """Return how many facilities of a division are of the types the formula looks at."""
    found = await rows(datasette, queries.CONCERNED_COUNT, **concerned(catalogue, formula, code))
    return int(found[0]["facilities"])


async def shares(
    datasette: Datasette, catalogue: Catalogue, formula: Formula, code: str, start: int, most: int
) -> list[Share]:
    """Return what facilities of a division add to the formula, by type and county, from `start`."""
    wanted = concerned(catalogue, formula, code)
    listed = await rows(datasette, queries.CONCERNED, **wanted, limit=most, offset=start)
    codes = json.dumps([row["code"] for row in listed])
    read: dict[str, dict[str, Row]] = {row["code"]: {} for row in listed}
    measures = json.dumps(formula.measures)
    for row in await rows(datasette, queries.READINGS_OF, codes=codes, capabilities=measures):
        read[row["code"]][row["capability_code"]] = row
    numbered = {
        (row["code"], row["scheme_code"])
        for row in await rows(datasette, queries.NUMBERED_OF, codes=codes)
    }
    types = {term: _types(catalogue, term) for term in _terms(formula)}
    units = catalogue.divisions
    return [share_of(types, units, formula, row, read[row["code"]], numbered) for row in listed]


def share_of(
    types: Mapping[Term, set[str]],
    units: Mapping[str, Row],
    formula: Formula,
    facility: Row,
    read: Mapping[str, Row],
    numbered: set[tuple[str, str]],
) -> Share:
    """Return what a facility adds to the formula.

    `types` are those of each term, `units` the divisions of the release, `read` the facility's
    measures by code, `numbered` the (facility, scheme) that have a number.
    """
    told = {name for name, row in read.items() if row["value"] is not None}
    looked_at = [
        term
        for term, own in types.items()
        if facility["type_code"] in own
        and (not term.where or any(_fits(one, facility, numbered) for one in term.where))
    ]

    def number(term: Term | None) -> float | None:
        if term is None or term not in looked_at:
            return None
        if term.kind == "covered":
            return _covers(term, facility, units)
        if term.kind == "count":
            return 1.0
        own = told & {*term.capabilities}
        is_told = told >= {*formula.measures} if formula.paired else bool(own)
        return sum(float(read[one]["value"]) for one in own) if is_told else None

    above, below = number(formula.numerator), number(formula.denominator)
    days = [read[one]["as_of"] for one in told] if formula.measures else [facility["as_of"]]
    silent = any(term.kind == "sum" and number(term) is None for term in looked_at)
    known = above is not None or below is not None
    return Share(facility, above, below, max(days, default=None) if known else None, silent)


def _covers(term: Term, facility: Row, units: Mapping[str, Row]) -> float | None:
    """Return 1 where its unit is covered by it, 0 in a zone, which is no township; None nowhere."""
    column, level = PLACED_BY[str(term.unit)]
    code = facility[column]
    if code not in units or units[code]["level"] != level:
        return None
    is_zone = level == "township" and int(code[TOWNSHIP_SERIAL]) >= integer_of(
        "value.township_serial_below"
    )
    return 0.0 if is_zone else 1.0


def _fits(condition: Condition, facility: Row, numbered: set[tuple[str, str]]) -> bool:
    if condition.identifier:
        return (facility["code"], condition.identifier) in numbered
    return bool(facility[str(condition.attribute)] == condition.value)


def _terms(formula: Formula) -> Iterable[Term]:
    return (formula.numerator, *([formula.denominator] if formula.denominator else []))


def _types(catalogue: Catalogue, term: Term) -> set[str]:
    return {code for code in catalogue.types if term.is_of(code)}


def concerned(catalogue: Catalogue, formula: Formula, code: str) -> dict[str, Any]:
    """Return the parameters of the queries for the facilities of a division that it looks at."""
    unit = catalogue.divisions[code]
    types = sorted(set().union(*(_types(catalogue, term) for term in _terms(formula))))
    is_township = unit["level"] == "township"
    counties = [unit["parent_code"]] if is_township else sorted(counties_in(catalogue, code))
    return {
        "types": json.dumps(types),
        "counties": json.dumps(counties),
        "township": code if is_township else "",
        "status": OPERATING,
    }
