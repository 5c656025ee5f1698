"""Say what each part of a facility code means, at issue, and what its county is today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from codes import facility_code
from codes.categories import Category, ServiceClass, categories, classes
from codes.divisions import Division, division, full_name, resolve
from codes.errors import DataError


@dataclass(frozen=True)
class CountyAtIssue:
    """The county a code prints: its name at issue, and what it is `today` (several when split).

    `name` is None when the book of divisions has no such county; `ended_on` is the day from which
    it was no more, None while it goes on.
    """

    code: str
    name: str | None
    ended_on: date | None
    today: tuple[Division, ...]


@dataclass(frozen=True)
class CodeExplanation:
    """A valid code taken apart."""

    code: str
    printed: str
    category: Category
    service_class: ServiceClass
    county: CountyAtIssue
    serial: int
    check_digits: str


def explain_code(number: str, on: date, issued_on: date | None = None) -> CodeExplanation:
    """Explain a code as of the day `on`.

    `issued_on` is the day of issue where a registry knows it; without it, the county is what its
    code stood for last. Raises as `facility_code.validate` does.
    """
    parts = facility_code.split(number)
    return CodeExplanation(
        code=facility_code.validate(number),
        printed=facility_code.format(number),
        category=categories()[parts.category_code],
        service_class=classes()[parts.class_code],
        county=_county_at_issue(parts.county_code, on, issued_on),
        serial=parts.serial,
        check_digits=parts.check_digits,
    )


def _county_at_issue(county_code: str, on: date, issued_on: date | None) -> CountyAtIssue:
    try:
        unit = division(county_code, issued_on)
    except DataError:
        return CountyAtIssue(county_code, None, None, ())
    ended = unit.valid_to if unit.valid_to is not None and unit.valid_to <= on else None
    return CountyAtIssue(
        county_code, full_name(county_code, issued_on), ended, _today(county_code, on, issued_on)
    )


def _today(county_code: str, on: date, issued_on: date | None) -> tuple[Division, ...]:
    try:
        return (resolve(county_code, issued_on, on),)
    except DataError as error:  # split: several; no successor known: none
        found = error.params.get("candidates", ())
        return tuple(division(candidate["code"], on) for candidate in found)
