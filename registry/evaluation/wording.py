"""Results in words: names, figures, colours and signs as people read them, in zh or en."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, isnan, log10

from codes.divisions import Division
from codes.divisions.english import shown_name
from codes.facility_types import FacilityType
from codes.formulas import Formula
from codes.indicators import Indicator, Part, Plan, numbered
from codes.messages import language, text
from codes.names import listed
from codes.policy import Parameter, bands, missing_colour, policy
from codes.unit_names import english_unit
from codes.warning_colours import warning_colours
from registry.evaluation.load import State
from registry.evaluation.plan_way import off_the_way, period_over
from registry.evaluation.reported import DOCUMENT
from registry.evaluation.results import Result

MANY_DIGITS = 1000
"""From here on decimals say nothing."""

MIXED = 2
"""So many years of population are not one."""

FEW_NAMED = 3
"""So many divisions are named, more are counted."""

FEW_DIGITS = 0.1
"""Below this two digits that say something are kept, however many decimals that takes."""


def named(thing: Indicator | Part | Plan | Formula | FacilityType) -> str:
    """Return a thing's name in the language in use."""
    return thing.name_en if language() == "en" else thing.name_zh


def name_of(one: Result) -> str:
    """Return an indicator's name, with the part's."""
    return one.row.name(language(), one.part)


def number_of(one: Result) -> str:
    """Return the number a row has in its table: 9, 9a, A3."""
    letter = one.part.code.removeprefix(one.row.code) if one.part else None
    return numbered(one.row.section, one.row.number, letter)


def unit_of(row: Indicator) -> str:
    """Return an indicator's unit in the language in use."""
    return english_unit(row.unit) if language() == "en" else row.unit


def figure(value: float | None, decimals: int = 2) -> str:
    """Return a number as people read it; a dash for none.

    >>> figure(4.668), figure(11936010.0), figure(0.0104, 4), figure(58.0), figure(None)
    ('4.67', '11,936,010', '0.0104', '58', '—')
    >>> figure(0.0112), figure(0.00004)
    ('0.011', '0.00004')
    """
    if value is None or isnan(value):
        return "—"
    if 0 < abs(value) < FEW_DIGITS:
        decimals = max(decimals, 1 - floor(log10(abs(value))))
    shown = f"{value:,.{0 if abs(value) >= MANY_DIGITS else decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def value_shown(one: Result) -> str:
    """Return a result's value, or what the document prints where that is no number."""
    if one.value.value is None and one.value.reported and one.value.status == "observed":
        return one.value.reported.raw
    return figure(one.value.value)


def target_shown(one: Result) -> str:
    """Return the year's target with its comparator, else what the document prints.

    Where it prints nothing for the year, the target of another year is told with that year.
    """
    target = one.target
    if target.between is not None:
        return "–".join(figure(edge, 3) for edge in target.between)
    if target.value is None and target.raw and target.for_year not in (None, one.year):
        return text("evaluate.target.of_year", target=target.raw, year=target.for_year)
    if target.value is None:
        return target.raw or "—"
    sign = {">": "> ", ">=": "≥ ", "<": "< ", "<=": "≤ "}.get(str(target.comparator), "")
    return sign + figure(target.value, 3)


def target_source(one: Result) -> str | None:
    """Say where the year's target is from, or why the year has none; None where all is said."""
    reason = one.target.reason
    return one.target.how_shown() or (None if reason is None else str(reason))


def reasons_of(one: Result) -> list[str]:
    """Say why there is no value or no rating; of a missing value also why there is no target."""
    reasons = [one.reason, one.target.reason if one.value.status == "missing" else None]
    return [str(reason) for reason in reasons if reason is not None]


def notes_of(one: Result) -> str | None:
    """Return all there is to mind about the working in one line, None when there is nothing."""
    computed = one.value.computed
    if computed is None or (one.value.status == "observed" and computed.value is None):
        return None
    return text("evaluate.word.semicolon").join(computed.working["notes"]) or None


def percent(degree: float | None) -> str:
    """Return a share as a percentage.

    >>> percent(0.9714), percent(None)
    ('97.1%', '—')
    """
    if degree is None or isnan(degree):
        return "—"
    return f"{degree * 100:.1f}%"


def progress_shown(one: Result) -> str:
    """Return the share of the plan's way; in words where the value is not on the way."""
    progress, value, base = one.rating.progress, one.value.value, one.target.base
    if progress is None or 0 <= progress <= 1 or value is None or base is None:
        return percent(progress)
    return off_the_way(progress, value, base, figure)


def elapsed_shown(elapsed: float | None) -> str:
    """Return the share of the plan's time that is over; in words once all of it is."""
    if elapsed is None:
        return percent(elapsed)
    if elapsed < 1:
        return text("evaluate.elapsed.share", share=percent(elapsed))
    return period_over(elapsed, figure)


def people_years_shown(years: Mapping[int, Sequence[Division]]) -> str:
    """Say of which years the people of divisions are; of several years, how many are of each.

    Where few are of a year they are named.
    """
    if len(years) < MIXED:
        return text("evaluate.people.year", year=next(iter(years), "—"))
    told = [
        text("evaluate.people.year_some", year=year, names=listed(map(shown_name, units)))
        if len(units) <= FEW_NAMED
        else text("evaluate.people.year_many", year=year, total=len(units))
        for year, units in years.items()
    ]
    shown = text("evaluate.word.semicolon").join(told)
    return text("evaluate.people.years_differ", years=shown)


def lost_below(state: State, level: str) -> str | None:
    """Say how many facilities count in no county or township of a level, None when all do."""
    lost = state.counts.get(f"without_{level}", 0)
    return text(f"evaluate.lost.{level}", total=lost) if lost else None


def colour_name(code: str) -> str:
    """Return the name of a colour."""
    if code == missing_colour():
        row = next(row for row in policy().values() if row.group == "missing")
        return row.name_en if language() == "en" else row.name_zh
    band = next(band for band in bands() if band.code == code)
    return band.name_en if language() == "en" else band.name_zh


def colour_sign(code: str) -> str:
    """Return the sign that tells a colour where there is no colour."""
    return warning_colours()[code].sign


def status_name(status: str) -> str:
    """Return computed, observed or missing in the language in use."""
    return text(f"evaluate.status.{status}")


def origin_of(one: Result) -> str:
    """Return the value's status, `printed` where the plan's own document is what says it."""
    reported = one.value.reported
    if one.value.status == "observed" and reported and reported.found_in == DOCUMENT:
        return "printed"
    return one.value.status


def origin_name(one: Result) -> str:
    """Say where the value is from, in the language in use."""
    return text(f"evaluate.status.{origin_of(one)}")


def parameter_shown(row: Parameter) -> str:
    """Return a parameter's name and value as people read them."""
    name = row.name_en if language() == "en" else row.name_zh
    if row.group == "band":
        return text("evaluate.parameter.band", name=name, value=row.value)
    value = row.value
    if row.value_type == "boolean":
        value = text(f"evaluate.word.{'yes' if row.typed else 'no'}")
    elif row.code == "value.preferred":
        value = status_name(str(value))
    return text("evaluate.parameter.value", name=name, value=value)
