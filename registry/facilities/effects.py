"""What an act made of a facility: each value before and after, the days that holds, what stayed.

Days of readings and of versions are compared alike: a value holds from its day until the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlmodel import Session

from registry.facilities.apply import line_of
from registry.facilities.fields import key_of, reader_of, split_keys, state_columns
from registry.facilities.identity import to_code
from registry.facilities.plan import AS_OF
from registry.facilities.readings import values_by_day
from registry.facilities.timeline import Line

Course = Sequence[tuple[date, Any]]
"""A value over time: (first day, value), in order of the days."""


@dataclass(frozen=True)
class State:
    """All that is known of a facility over time: its versions, and its readings by capability."""

    line: Line
    readings: Mapping[str, Course]


@dataclass(frozen=True)
class Effect:
    """A field or capability that is `new` instead of `old` from `since` until before `until`.

    `until` is None when that has no end.
    """

    key: str
    old: Any
    new: Any
    since: date
    until: date | None


def state_of(session: Session, code: str) -> State:
    """Return what is known of a facility now; raises DataError when there is none such."""
    id_, line = line_of(session, to_code(code))
    return State(line, values_by_day(session.connection(), id_))


def effects(before: State, after: State, given: Collection[str] = ()) -> list[Effect]:
    """Return what differs; the data date only when it is among the keys given."""
    found: list[Effect] = []
    for column in state_columns():
        if column != AS_OF or AS_OF in given:
            found += _differing(key_of(column), _column(before, column), _column(after, column))
    for code in sorted({*before.readings, *after.readings}):
        old, new = before.readings.get(code, ()), after.readings.get(code, ())
        found += _differing(code, old, new)
    return found


def moved_on(before: State, after: State, given: Collection[str] = ()) -> list[Effect]:
    """Return what became of the data date where it is not among the keys given."""
    if AS_OF in given:
        return []
    return list(_differing(AS_OF, _column(before, AS_OF), _column(after, AS_OF)))


def untouched(after: State, given: Mapping[str, Any], day: date) -> list[Effect]:
    """Return the next value after `day` of each key given, where it is another: `old` is `new`.

    It was recorded for later days and stands as it was.
    """
    own, measures, _ = split_keys(given)
    courses = {key: _column(after, reader_of(key)[0]) for key in own if key != AS_OF}
    courses |= {code: after.readings.get(code, ()) for code in measures}
    found: list[Effect] = []
    for key, course in courses.items():
        then = _value_on(course, day)
        later = [(start, value) for start, value in course if start > day and value != then]
        found += (Effect(key, value, value, start, None) for start, value in later[:1])
    return found


def _column(state: State, column: str) -> Course:
    return [(version["valid_from"], version[column]) for version in state.line]


def _differing(key: str, before: Course, after: Course) -> Iterator[Effect]:
    if before and after and _begins_earlier(before, after):
        before = [(after[0][0], before[0][1]), *before[1:]]
    days = sorted({start for start, _ in (*before, *after)})
    pieces = [(day, (_value_on(before, day), _value_on(after, day))) for day in days]
    runs = [(next(run)[0], pair) for pair, run in groupby(pieces, key=lambda piece: piece[1])]
    ends: list[date | None] = [*(since for since, _ in runs), None][1:]
    for (since, (old, new)), until in zip(runs, ends, strict=True):
        if old != new:
            yield Effect(key, old, new, since, until)


def _begins_earlier(before: Course, after: Course) -> bool:
    """Say whether what was first known is known from an earlier day now, in its stead."""
    first = before[0][0]
    return after[0][0] < first and first not in {start for start, _ in after}


def _value_on(course: Course, day: date) -> Any:
    return next((value for start, value in reversed(course) if start <= day), None)
