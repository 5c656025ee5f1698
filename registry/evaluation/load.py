"""Load what stood in an area on a day: the facilities by column, and the divisions they lie in.

A registry that was begun after the day knows nothing of it. Facilities first recorded within
`value.backdate_days` after the day, and open by then, are taken back to it; later ones are `unsure`
and counted, never guessed. So with readings: the first one after the day stands in within the same
time. All of this is in the working of every figure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import or_
from sqlmodel import Session

from codes.divisions import last_day
from codes.formulas import formulas
from codes.policy import integer_of
from registry.evaluation.figures import NOWHERE, Divisions, Facilities, Mask, Whole
from registry.evaluation.ground import Ground, ground_of
from registry.evaluation.load_places import Placed, facilities_of, inside_of
from registry.evaluation.load_readings import load_readings
from registry.evaluation.load_rows import (
    Rows,
    chosen,
    counties_on_record,
    first_after,
    holders,
    joined,
    operating_on,
)
from registry.evaluation.people import People, people_of
from registry.evaluation.scope import CITY_DIGITS, Area
from registry.rows import table


@dataclass(frozen=True)
class State:
    """What stood in an area's city on its day; `unsure` may have, but nobody had recorded it."""

    ground: Ground
    standing: Placed
    unsure: Placed

    @property
    def counts(self) -> dict[str, int]:
        """How many facilities the figures rest on, and how sure that is."""
        facilities = self.standing.facilities
        taken_back = facilities.taken_back
        return {
            "facilities": len(facilities),
            "taken_back": 0 if taken_back is None else int(taken_back.sum()),
            "not_on_record_then": len(self.unsure.facilities),
            "without_county": _lost(facilities, "county"),
            "without_township": _lost(facilities, "township"),
            "without_community": _lost(facilities, "community"),
        }

    def divisions(self, level: str, people: People | None = None) -> Divisions:
        """Return the divisions of a level, with the people given."""
        codes = self.ground.codes(level)
        population = people.arrays(codes) if people else {}
        return Divisions(codes, population, self.ground.counted(level))

    def people(self, session: Session, year: int, groups: Collection[str], level: str) -> People:
        """Return the people of the divisions of a level."""
        return people_of(session, year, self.ground.area.on, groups, self.ground.codes(level))


def load(
    session: Session,
    area: Area,
    *,
    types: Collection[str] | None = None,
    capabilities: Collection[str] | None = None,
) -> State:
    """Return what stood in the area on its day.

    `types` are beginnings of type codes to be limited to, `capabilities` the measures to read; by
    default all types, and all measures a formula reads.
    """
    ground = ground_of(area)
    limits = [_in_counties(session, ground), *_of_types(types)]
    connection = session.connection()
    operating = operating_on(connection, area.on, limits)
    later = first_after(connection, area.on, limits)
    taken, open_question = _split(later, area.on)
    facilities = facilities_of(joined(operating, taken), ground, len(operating.ids))
    standing = inside_of(*facilities)
    measures = _measured() if capabilities is None else capabilities
    values, days = load_readings(connection, standing.ids, measures, area.on)
    known = replace(
        standing.facilities,
        capabilities=values,
        read_on=days,
        identifiers={scheme: _has(connection, standing.ids, scheme) for scheme in _schemes()},
    )
    unsure = inside_of(*facilities_of(open_question, ground, len(open_question.ids)))
    return State(ground, Placed(standing.ids, known), unsure)


def _in_counties(session: Session, ground: Ground) -> Any:
    city, day = ground.area.city.code[:CITY_DIGITS], ground.area.on
    codes = [
        code
        for code in counties_on_record(session.connection())
        if code.startswith(city) or ground.place(code, last_day(code, day)).inside
    ]
    return table("facility_version").c.county_code.in_(codes)


def _of_types(types: Collection[str] | None) -> list[Any]:
    if types is None:
        return []
    column = table("facility_version").c.type_code
    return [or_(*(column.startswith(one, autoescape=True) for one in sorted(types)))]


def _split(later: Rows, day: date) -> tuple[Rows, Rows]:
    """Part the first records after the day: those that may be taken back, those that may not."""
    limit = (day + timedelta(days=integer_of("value.backdate_days"))).toordinal()
    opened = later.columns["opened_on"].ordinals()
    near = (later.columns["valid_from"].ordinals() <= limit) & (opened > 0)
    return chosen(later, near), chosen(later, ~near)


def _has(connection: Any, ids: Whole, scheme: str) -> Mask:
    return np.isin(ids, holders(connection, scheme))


def _measured() -> set[str]:
    return {name for formula in formulas().values() for name in formula.measures}


def _schemes() -> set[str]:
    terms = [
        term
        for formula in formulas().values()
        for term in (formula.numerator, formula.denominator)
        if term
    ]
    return {one.identifier for term in terms for one in term.where if one.identifier}


def _lost(facilities: Facilities, kind: str) -> int:
    return int((facilities.units[kind] == NOWHERE).sum())
