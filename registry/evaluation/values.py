"""The value of each indicator in each division: computed, observed, or missing with the reason.

Where there are both a computed and a reported value the policy (`value.preferred`) says which goes
first, but a formula marked as standing for something else always gives way; the other value stands
beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np

from codes.formula_words import term_in_words
from codes.formulas import Formula
from codes.messages import language, text
from codes.policy import parameter
from registry.evaluation.figures import Divisions, Facilities
from registry.evaluation.formulas import concerned, is_on_record, is_reported, work_out
from registry.evaluation.load import State
from registry.evaluation.people import People
from registry.evaluation.reported import Reported
from registry.evaluation.worked import Reason, Words, Worked

Status = Literal["computed", "observed", "missing"]

COUNTED_NOTES: Final = (
    "not_reported",
    "not_placed",
    "taken_back",
    "type_ended",
    "not_on_record_then",
)
"""What the working counts of facilities that are not simply there and reported."""


@dataclass(frozen=True, eq=False)
class Computed:
    """A formula's value in one division; `reason` says why there is no value.

    `row` is the division's in `worked`; `unsure` facilities were not on record on the day `on`.
    """

    value: float | None
    reason: Reason | None
    worked: Worked
    row: int
    unsure: int
    people: People
    on: date

    @property
    def formula(self) -> Formula:
        """What was worked out."""
        return self.worked.formula

    @property
    def working(self) -> dict[str, Any]:
        """Everything behind the value as plain JSON values, in the language in use."""
        own = self.worked.working(self.row)
        own["facilities_not_on_record_then"] = self.unsure
        own["reference_on"] = self.on.isoformat()
        term = self.formula.denominator
        cell = (self.worked.divisions[self.row], str(term.group if term else None))
        counted = self.people.counts.get(cell)
        own["population"] = counted.as_json() if counted else None
        caveat = getattr(self.formula, f"note_{language()}")
        own["other_notes"] = [*([caveat] if caveat else []), *_other_notes(own)]
        own["notes"] = [*_counted_notes(own), *own["other_notes"]]
        return own


@dataclass(frozen=True)
class Value:
    """What an indicator is in one division. `beside` is the value that does not go first."""

    status: Status
    value: float | None
    reason: Reason | None
    computed: Computed | None
    reported: Reported | None

    @property
    def beside(self) -> float | None:
        """The other value, where there are both."""
        if self.computed is None or self.reported is None:
            return None
        return self.reported.value if self.status == "computed" else self.computed.value


def groups_of(formulas: Sequence[Formula]) -> set[str]:
    """Return the groups of people the formulas ask for."""
    terms = [term for one in formulas for term in (one.numerator, one.denominator) if term]
    return {term.group for term in terms if term.group}


@dataclass(frozen=True)
class Inputs:
    """What a state holds, told by the divisions of one level: made once for all formulas."""

    state: State
    people: People
    divisions: Divisions
    facilities: Facilities
    unsure: Facilities


def inputs_of(state: State, level: str, people: People) -> Inputs:
    """Return what the formulas are worked out from at a level."""
    ground = state.ground
    standing, unsure = state.standing.at(level, ground), state.unsure.at(level, ground)
    return Inputs(state, people, state.divisions(level, people), standing, unsure)


def compute(formula: Formula, given: Inputs) -> list[Computed]:
    """Return the formula's value for each division of the level, in their order."""
    worked = work_out(formula, given.facilities, given.divisions)
    unsure = concerned(formula, given.unsure, given.divisions)
    nowhere = _nowhere(formula, given.state)
    return [
        _computed(worked, row, nowhere, int(unsure[row]), given.state, given.people)
        for row in range(len(given.divisions.codes))
    ]


def value_of(computed: Computed | None, reported: Reported | None, year: int) -> Value:
    """Return what goes first of a computed and a reported value, by the policy.

    A formula that stands for something else never goes before a figure somebody reported.
    """
    has_computed = computed is not None and computed.value is not None
    reported_first = parameter("value.preferred").value == "observed"
    stands_for = computed is not None and computed.formula.stands_for
    gives_way = reported_first or (stands_for and reported and reported.value is not None)
    if computed and has_computed and not (reported and gives_way):
        return Value("computed", computed.value, None, computed, reported)
    if reported and reported.reason:
        return Value("missing", None, reported.reason, computed, reported)
    if reported:
        return Value("observed", reported.value, None, computed, reported)
    reason = Reason("evaluate.reason.not_reported", {"year": year})
    if computed and computed.reason:
        params = {"why": computed.reason, "year": year}
        reason = Reason("evaluate.reason.neither", params)
    return Value("missing", None, reason, computed, None)


def _nowhere(formula: Formula, state: State) -> Reason | None:
    """Why a division without such facilities has no value: there, or in what was reported, is none.

    Where no facility of the whole city reported, a division without any is no surer zero than one
    whose facilities kept silent.
    """
    facilities = state.standing.facilities
    if is_on_record(formula, facilities):
        if is_reported(formula, facilities):
            return None
        silent = Words(term_in_words, formula.numerator)
        return Reason("evaluate.reason.none_reported", {"term": silent})
    if not len(facilities) and not len(state.unsure.facilities):
        return Reason("evaluate.reason.no_records", {"city": state.ground.area.city.name})
    term = Words(term_in_words, formula.numerator)
    return Reason("evaluate.reason.none_registered", {"term": term})


def _computed(
    worked: Worked, row: int, nowhere: Reason | None, unsure: int, state: State, people: People
) -> Computed:
    reason = worked.reason[row]
    if worked.counted[row] == 0 and unsure > 0:
        params = {"total": unsure, "on": state.ground.area.on}
        reason = Reason("evaluate.reason.not_on_record_then", params)
    elif nowhere is not None and worked.not_reported[row] == 0:
        reason = nowhere
    value = None if reason or np.isnan(worked.value[row]) else float(worked.value[row])
    return Computed(value, reason, worked, row, unsure, people, state.ground.area.on)


def _counted_notes(working: dict[str, Any]) -> list[str]:
    return [
        text(f"evaluate.note.{name}", total=working[f"facilities_{name}"])
        for name in COUNTED_NOTES
        if working[f"facilities_{name}"]
    ]


def _other_notes(working: dict[str, Any]) -> list[str]:
    notes = []
    if working["data_to"] and working["data_to"] > working["reference_on"]:
        notes.append(text("evaluate.note.later_data", on=working["data_to"]))
    if working["population"] and working["population"]["note"]:
        notes.append(working["population"]["note"])
    return notes
