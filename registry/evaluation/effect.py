"""What approving an upload would do to the indicators: which of which divisions, from what to what.

Each city's latest plan is looked at, as of today, in the city and in each of its counties. Nothing
is written. Readings that are older than those on record are taken as the upload gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Text, cast
from sqlmodel import Session

from codes.capabilities import capabilities
from codes.china_time import today
from codes.formulas import Formula, formula_of
from codes.indicators import indicators_of
from registry.evaluation.default_plan import cities_on_record
from registry.evaluation.effect_state import Columns, after_batch
from registry.evaluation.load import State, load
from registry.evaluation.results import Result, results_of
from registry.evaluation.scope import Scope, city_of, latest_plan, scope_of
from registry.evaluation.worked import plain
from registry.rows import table
from registry.uploads.proposing.fetching import by_ids
from registry.uploads.row_pages import row_pages
from registry.uploads.stored import find_upload, read_together

LEVELS: Final = ("city", "county")
WRITTEN: Final = ("created", "updated")
PAGE: Final = 5_000
NOISE: Final = 1e-9
"""A smaller difference is of binary fractions, not of facilities."""


@dataclass(frozen=True)
class Change:
    """One indicator of one division before and after."""

    before: Result
    after: Result

    @property
    def colour_changes(self) -> bool:
        """Whether the colour is another one."""
        return self.before.rating.colour != self.after.rating.colour

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        one = self.before
        return {
            "plan": one.plan.code,
            "section": one.row.section,
            "number": one.row.number,
            "indicator": one.code,
            "name_zh": one.row.name_zh,
            "name_en": one.row.name_en,
            "unit": one.row.unit,
            "division": one.division.code,
            "division_name": one.division.name,
            "level": one.level,
            "year": one.year,
            "before": _side(self.before),
            "after": _side(self.after),
            "colour_changes": self.colour_changes,
        }


def effect_of(session: Session, upload_id: int, on: date | None = None) -> list[Change]:
    """Return the indicators that approving would change, colours that change first.

    Empty for an upload that is decided already: then there is no after. Raises DataError when there
    is no such upload.
    """
    upload, day = find_upload(session, upload_id), on or today()
    if upload.status != "submitted":
        return []
    batch = _Batch(session, upload_id)
    cities = {*cities_on_record(session), *batch.cities()}
    changes = [
        change
        for city in sorted(cities)
        if (plan := latest_plan(city))
        for change in _of_city(session, scope_of(plan.code, day.year, city, None, day), batch)
    ]
    return sorted(changes, key=lambda one: not one.colour_changes)


class _Batch:
    """The facilities an upload would write: the ids of those on record, and all as they would be.

    Column by column, and only what an evaluation looks at: a million rows are not held as rows.
    """

    def __init__(self, session: Session, upload_id: int) -> None:
        self.touched: list[int] = []
        self.after = Columns()
        self._types: set[str] = set()
        row = table("upload_row").c
        columns, written = (row.facility_id, cast(row.changes, Text)), row.outcome.in_(WRITTEN)
        of_file = row.row.is_not(None)
        for page in row_pages(session, upload_id, columns, of_file, written, size=PAGE):
            known = by_ids(session, {id_ for _, id_, _ in page if id_})
            self.touched += known
            self._types |= {str(one.fields["type"]) for one in known.values()}
            changes_of = read_together([texts for _, _, texts in page])
            for (_, id_, _), changes in zip(page, changes_of, strict=True):
                own = dict(known[id_].fields) if id_ in known else {}
                own |= {key: after for key, (_, after) in changes.items()}
                self.after.take(own)
        self._types |= set(map(str, self.after.distinct("type")))

    def types(self) -> set[str]:
        """The types of facilities before and after."""
        return self._types

    def cities(self) -> set[str]:
        """The cities of facilities after."""
        return {city_of(str(one)) for one in self.after.distinct("division")}


def _of_city(session: Session, scope: Scope, batch: _Batch) -> list[Change]:
    formulas = {
        row.code: formula
        for row in indicators_of(scope.plan.code)
        if (formula := formula_of(row.code)) and _reads(formula, batch.types())
    }
    if not formulas:
        return []
    types = {name for formula in formulas.values() for name in _types(formula)}
    measures = {name for formula in formulas.values() for name in formula.measures}
    before = load(session, scope.area, types=types, capabilities=measures)
    after = after_batch(before, batch.touched, batch.after, scope.area.on)
    return [
        Change(one, other)
        for level in LEVELS
        for one, other in zip(
            _results(session, scope, level, before, formulas),
            _results(session, scope, level, after, formulas),
            strict=True,
        )
        if _differ(one, other)
    ]


def _results(
    session: Session, scope: Scope, level: str, state: State, formulas: dict[str, Formula]
) -> Sequence[Result]:
    return results_of(session, scope, level, state, only=formulas).results


def _reads(formula: Formula, types: set[str]) -> bool:
    """Say whether a facility of one of the types can count in the formula."""
    return any(one.startswith(tuple(_types(formula))) for one in types)


def _types(formula: Formula) -> set[str]:
    """The beginnings of the types a formula looks at; a term that names none takes its carriers."""
    found: set[str] = set()
    for term in (formula.numerator, formula.denominator):
        if term and term.kind in ("sum", "count", "covered"):
            carriers = {of for name in term.capabilities for of in capabilities()[name].carried_by}
            found |= set(term.types) or carriers
    return found


def _differ(one: Result, other: Result) -> bool:
    before, after = one.value.value, other.value.value
    if before is None or after is None:
        return before is not after
    return abs(before - after) > NOISE * max(abs(before), abs(after), 1.0)


def _side(one: Result) -> dict[str, Any]:
    return {
        "value": one.value.value,
        "status": one.value.status,
        "target": one.target.value,
        "achievement": plain(one.rating.achievement),
        "colour": one.rating.colour,
        "reason": None if one.reason is None else str(one.reason),
    }
