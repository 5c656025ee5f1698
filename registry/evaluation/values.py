"""The value of each indicator in each division: computed, observed, or missing with the reason.

Where there are both a computed and a reported value the policy (`value.preferred`) says which goes
first; the other always stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from codes.formula_words import term_in_words
from codes.formulas import Formula
from codes.messages import text
from codes.policy import policy
from registry.evaluation.formulas import concerned, is_on_record, work_out
from registry.evaluation.load import State
from registry.evaluation.people import People
from registry.evaluation.reported import Reported
from registry.evaluation.worked import Reason, Words, Worked

Status = Literal["computed", "observed", "missing"]

COUNTED_NOTES: Final = ("not_reported", "not_placed", "taken_back", "not_on_record_then")
"""What the working counts of facilities that are not simply there and reported."""


@dataclass(frozen=True)
class Computed:
    """A formula's value in one division with its working; `reason` says why there is no value."""

    formula: Formula
    value: float | None
    working: dict[str, Any]
    reason: Reason | None


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


def compute(formula: Formula, state: State, level: str, people: People) -> list[Computed]:
    """Return the formula's value for each division of a level, in their order."""
    divisions = state.divisions(level, people)
    facilities = state.standing.at(level, state.ground)
    worked = work_out(formula, facilities, divisions)
    unsure = concerned(formula, state.unsure.at(level, state.ground), divisions)
    nowhere = _nowhere(formula, state)
    return [
        _computed(worked, row, nowhere, int(unsure[row]), state, people)
        for row in range(len(divisions.codes))
    ]


def value_of(computed: Computed | None, reported: Reported | None, year: int) -> Value:
    """Return what goes first of a computed and a reported value, by the policy."""
    has_computed = computed is not None and computed.value is not None
    reported_first = policy()["value.preferred"].value == "observed"
    if computed and has_computed and not (reported and reported_first):
        return Value("computed", computed.value, None, computed, reported)
    if reported:
        return Value("observed", reported.value, None, computed, reported)
    reason = Reason("evaluate.reason.not_reported", {"year": year})
    if computed and computed.reason:
        params = {"why": computed.reason, "year": year}
        reason = Reason("evaluate.reason.neither", params)
    return Value("missing", None, reason, computed, None)


def _nowhere(formula: Formula, state: State) -> Reason | None:
    """Why nothing can be said of any division: there is no such facility on record at all."""
    facilities = state.standing.facilities
    if is_on_record(formula, facilities):
        return None
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
    elif nowhere is not None:
        reason = nowhere
    value = None if reason or np.isnan(worked.value[row]) else float(worked.value[row])
    return Computed(worked.formula, value, _working(worked, row, unsure, state, people), reason)


def _working(worked: Worked, row: int, unsure: int, state: State, people: People) -> dict[str, Any]:
    own = worked.working(row)
    own["facilities_not_on_record_then"] = unsure
    own["reference_on"] = state.ground.area.on.isoformat()
    term = worked.formula.denominator
    counted = people.counts.get((worked.divisions[row], str(term.group if term else None)))
    own["population"] = counted.as_json() if counted else None
    own["other_notes"] = _other_notes(own)
    own["notes"] = [*_counted_notes(own), *own["other_notes"]]
    return own


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
