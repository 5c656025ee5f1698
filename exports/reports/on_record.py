"""How many facilities a report's figures rest on: those of its own division, not of the city."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codes.divisions import Division
from registry.evaluation.figures import NOWHERE
from registry.evaluation.load import State
from registry.evaluation.load_places import lying_in


@dataclass(frozen=True)
class OnRecord:
    """Operating facilities of a division on the day; `lost` lie in no known unit one level below.

    `taken_back` of them were recorded later; `unsure` more may have been there.
    """

    facilities: int
    taken_back: int
    unsure: int
    lost: int


def on_record(state: State, root: Division, below: str | None) -> OnRecord:
    """Count what the state holds in `root`, whose divisions of level `below` are told apart."""
    facilities, unsure = state.standing.facilities, state.unsure.facilities
    here = lying_in(root, facilities, state.ground)
    taken_back = facilities.taken_back
    nowhere = facilities.units[below] == NOWHERE if below else np.zeros_like(here)
    return OnRecord(
        facilities=int(here.sum()),
        taken_back=0 if taken_back is None else int((here & taken_back).sum()),
        unsure=int(lying_in(root, unsure, state.ground).sum()),
        lost=int((here & nowhere).sum()),
    )
