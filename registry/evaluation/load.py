"""Load what stood in an area on a day: the facilities by column, and the divisions they lie in.

A registry that was begun after the day knows nothing of it. Facilities first recorded within
`value.backdate_days` after the day, and open by then, are taken back to it; later ones are `unsure`
and counted, never guessed. So with readings: the first one after the day stands in within the same
time. All of this is in the working of every figure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from sqlmodel import Session

from codes.divisions import last_day
from codes.formulas import formulas
from codes.policy import integer_of
from registry.evaluation.figures import NOWHERE, Divisions, Facilities, Mask
from registry.evaluation.ground import UNITS, Ground, ground_of
from registry.evaluation.load_once import Asked, ReadOnce, counties_on_record
from registry.evaluation.load_places import Placed, facilities_of, inside_of, lying_in
from registry.evaluation.load_readings import last_reading_day, load_readings
from registry.evaluation.load_rows import (
    Rows,
    chosen,
    joined,
)
from registry.evaluation.people import People, people_of
from registry.evaluation.scope import CITY_DIGITS, Area


@dataclass(frozen=True)
class State:
    """What stood in an area's city on its day; `unsure` may have, but nobody had recorded it."""

    ground: Ground
    standing: Placed
    unsure: Placed

    @property
    def counts(self) -> dict[str, int]:
        """How many facilities of the area's own division there are, and how sure that is."""
        facilities, unsure = self.standing.facilities, self.unsure.facilities
        here = lying_in(self.ground.area.root, facilities, self.ground)
        taken_back = facilities.taken_back
        return {
            "facilities": int(here.sum()),
            "taken_back": 0 if taken_back is None else int((here & taken_back).sum()),
            "not_on_record_then": int(lying_in(self.ground.area.root, unsure, self.ground).sum()),
            **{f"without_{kind}": _lost(facilities, kind, here) for kind in UNITS},
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
    once: ReadOnce | None = None,
) -> State:
    """Return what stood in the area on its day.

    `types` are beginnings of type codes to be limited to, `capabilities` the measures to read; by
    default all types, and all measures a formula reads. What was `read_once` for several days of
    the city is not read again; it knows no limits to types.
    """
    ground, day = ground_of(area), area.on
    counties = _counties(ground, counties_on_record(session.connection()))
    asked = once or Asked(session.connection(), types)
    operating = asked.operating_on(day, counties)
    taken, open_question = _split(asked.first_after(day, counties), day)
    facilities = facilities_of(joined(operating, taken), ground, len(operating.ids))
    standing = inside_of(*facilities)
    measures = _measured() if capabilities is None else capabilities
    read = asked.readings(measures, last_reading_day(day))
    values, days = load_readings(read, standing.ids, day)
    known = replace(
        standing.facilities,
        capabilities=values,
        read_on=days,
        identifiers={one: np.isin(standing.ids, asked.holders(one)) for one in _schemes()},
    )
    unsure = inside_of(*facilities_of(open_question, ground, len(open_question.ids)))
    return State(ground, Placed(standing.ids, known), unsure)


def read_once(session: Session, areas: Collection[Area]) -> ReadOnce:
    """Read what is on record of one city's areas on several days, for `load` of each of them."""
    on_record = counties_on_record(session.connection())
    counties = {code for area in areas for code in _counties(ground_of(area), on_record)}
    until = last_reading_day(max(area.on for area in areas))
    return ReadOnce(session.connection(), counties, on_record, _measured(), until)


def _counties(ground: Ground, on_record: Sequence[str]) -> list[str]:
    city, day = ground.area.city.code[:CITY_DIGITS], ground.area.on
    return [
        code
        for code in on_record
        if code.startswith(city) or ground.place(code, last_day(code, day)).inside
    ]


def _split(later: Rows, day: date) -> tuple[Rows, Rows]:
    """Part the first records after the day: those that may be taken back, those that may not."""
    limit = (day + timedelta(days=integer_of("value.backdate_days"))).toordinal()
    opened = later.columns["opened_on"].ordinals()
    near = (later.columns["valid_from"].ordinals() <= limit) & (opened > 0)
    return chosen(later, near), chosen(later, ~near)


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


def _lost(facilities: Facilities, kind: str, here: Mask) -> int:
    return int((here & (facilities.units[kind] == NOWHERE)).sum())
