"""Say how one result was worked out, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codes.countings import counting_name
from codes.messages import text
from registry.evaluation.reported import Reported, counted_as
from registry.evaluation.results import Result
from registry.evaluation.wording import (
    colour_name,
    elapsed_shown,
    figure,
    name_of,
    number_of,
    origin_name,
    percent,
    progress_shown,
    target_shown,
    unit_of,
    value_shown,
)


def explained(one: Result) -> list[str]:
    """Return the lines: what it is, how it was worked out, against which target, what to mind."""
    return [_head(one), *_value(one), *_target(one)]


def _head(one: Result) -> str:
    about: dict[str, Any] = {
        "number": number_of(one),
        "name": name_of(one),
        "division": one.division.name,
        "year": one.year,
    }
    if one.value.status == "missing":
        return text("evaluate.explain.missing", **about, reason=one.reason)
    status = origin_name(one)
    value, unit = value_shown(one), unit_of(one.row)
    return text("evaluate.explain.value", **about, value=value, unit=unit, status=status)


def _value(one: Result) -> Iterator[str]:
    computed = one.value.computed
    if computed and (one.value.status != "observed" or computed.value is not None):
        yield from _working(computed.working)
    elif computed:
        yield text("evaluate.explain.not_computed", reason=computed.reason)
    if reported := one.value.reported:
        yield from _reported(reported)
    if one.value.beside is not None:
        yield text("evaluate.explain.beside", value=figure(one.value.beside))


def _reported(reported: Reported) -> Iterator[str]:
    if reported.reason is None:
        yield text("evaluate.explain.observed", value=reported.raw, source=reported.source)
    for source, value in reported.others:
        shown = {"value": figure(value), "source": source, "why": reported.how}
        yield text("evaluate.explain.other", **shown)
    for year in reported.years:
        yield text(
            "evaluate.explain.counted",
            year=year.year,
            counted=counting_name(counted_as(year)),
            value=figure(year.value),
            source=year.source,
            why=year.how_shown,
        )


def _working(working: dict[str, Any]) -> Iterator[str]:
    yield text("evaluate.explain.formula", formula=working["formula"])
    numbers = {name: figure(working[name]) for name in ("numerator", "denominator")}
    which = "amount" if working["denominator"] is None else "fraction"
    yield text(f"evaluate.explain.{which}", **numbers)
    if working["facilities_counted"] or working["facilities_not_reported"]:
        yield text(
            "evaluate.explain.facilities",
            counted=working["facilities_counted"],
            not_reported=working["facilities_not_reported"],
            data_from=working["data_from"] or "—",
            data_to=working["data_to"] or "—",
        )
    if people := working["population"]:
        shown = {"persons": figure(people["persons"]), "year": people["year"]}
        yield text("evaluate.explain.population", **shown, source=people["source"])
    for note in working["notes"]:
        yield text("evaluate.explain.note", note=note)


def _target(one: Result) -> Iterator[str]:
    target, rating = one.target, one.rating
    if target.how is not None:
        yield text(
            "evaluate.explain.target",
            target=target_shown(one),
            how=target.how_shown(),
            document=one.plan.document_zh,
            table=one.plan.table_zh,
        )
    elif target.reason is not None and target.raw is not None:
        yield text(
            "evaluate.explain.target_none",
            target=target_shown(one),
            reason=target.reason,
            document=one.plan.document_zh,
            table=one.plan.table_zh,
        )
    if rating.achievement is not None:
        yield text(
            "evaluate.explain.rating",
            achievement=percent(rating.achievement),
            colour=colour_name(rating.colour),
            progress=progress_shown(one),
            elapsed=elapsed_shown(rating.elapsed),
        )
        if rating.limited:
            yield text("evaluate.explain.note", note=rating.reason)
    elif one.value.status != "missing":
        yield text("evaluate.explain.not_rated", reason=one.reason)
