"""Answers given before to "is this row that facility?"; they hold for every later upload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlmodel import Session, col

from registry.rows import table
from registry.tables.upload import MatchDecision

SAME: Final = "same"
NOT_SAME: Final = "not_same"
CHUNK: Final = 5_000


class Answers:
    """The remembered answers about some rows, by row key."""

    def __init__(self, verdicts: Mapping[str, Mapping[int, str]] | None = None) -> None:
        self._verdicts = verdicts or {}

    def same(self, key: str | None) -> list[int]:
        """Return the ids of the facilities the row was said to be."""
        return [id_ for id_, one in self._of(key).items() if one == SAME]

    def is_same(self, key: str | None, facility_id: int) -> bool:
        """Say whether the row was said to be this facility."""
        return self._of(key).get(facility_id) == SAME

    def is_other(self, key: str | None, facility_id: int) -> bool:
        """Say whether the row was said not to be this facility."""
        return self._of(key).get(facility_id) == NOT_SAME

    def others(self, key: str | None) -> frozenset[int]:
        """Return the ids of the facilities the row was said not to be."""
        return frozenset(id_ for id_, one in self._of(key).items() if one == NOT_SAME)

    def _of(self, key: str | None) -> Mapping[int, str]:
        return self._verdicts.get(key or "", {})


def answers_about(session: Session, keys: Iterable[str]) -> Answers:
    """Return what was answered about the rows with these keys."""
    wanted = sorted(set(keys))
    said = table("match_decision").c
    verdicts: dict[str, dict[int, str]] = {}
    session.flush()  # what was remembered a moment ago; columns alone do not call for it
    for start in range(0, len(wanted), CHUNK):
        query = select(said.row_key, said.facility_id, said.verdict).where(
            said.row_key.in_(wanted[start : start + CHUNK])
        )
        for key, facility_id, verdict in session.connection().execute(query):
            verdicts.setdefault(key, {})[facility_id] = verdict
    return Answers(verdicts)


def remember(
    session: Session, key: str, verdicts: Mapping[int, str], *, by: str, at: datetime
) -> None:
    """Keep answers about one row; a later answer about the same facility replaces the earlier."""
    for facility_id, verdict in verdicts.items():
        session.exec(
            delete(MatchDecision).where(
                col(MatchDecision.row_key) == key, col(MatchDecision.facility_id) == facility_id
            )
        )
        session.add(
            MatchDecision(
                row_key=key,
                facility_id=facility_id,
                verdict=verdict,
                decided_by=by,
                decided_at=at,
            )
        )
