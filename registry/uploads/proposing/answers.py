"""Answers given before to "is this row that facility?"; they hold for every later upload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from registry.plain_sql import Reader, ask, chunks
from registry.uploads.proposing.apart import Apart, digest_of_registered
from registry.uploads.proposing.keys import key_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.uploads.judged import Judged
    from registry.uploads.proposing.registered import Registered

SAME: Final = "same"
NOT_SAME: Final = "not_same"


class Answers:
    """The remembered answers about some rows: by row key, and of rows that were told apart."""

    def __init__(
        self,
        verdicts: Mapping[str, Mapping[int, str]] | None = None,
        apart: Apart | None = None,
    ) -> None:
        self._verdicts, self._apart = verdicts or {}, apart or Apart()

    def same(self, key: str | None) -> list[int]:
        """Return the ids of the facilities the row was said to be."""
        return [id_ for id_, one in self._of(key).items() if one == SAME]

    def is_same(self, key: str | None, facility_id: int) -> bool:
        """Say whether the row was said to be this facility."""
        return self._of(key).get(facility_id) == SAME

    def others(self, row: Judged, known: Iterable[Registered]) -> frozenset[int]:
        """Return the ids of the facilities that the row was said not to be.

        Those `known` may have been rows themselves when that was said.
        """
        said = {id_ for id_, one in self._of(key_of(row)).items() if one == NOT_SAME}
        if partners := self._apart.of_row(row):  # of hardly any row: all that are known are many
            said |= {one.id for one in known if digest_of_registered(one) in partners}
        return frozenset(said)

    def _of(self, key: str | None) -> Mapping[int, str]:
        return self._verdicts.get(key or "", {})


def answers_about(reader: Reader, keys: Iterable[str]) -> Answers:
    """Return what was answered about the rows with these keys."""
    query = "SELECT row_key, facility_id, verdict FROM match_decision WHERE row_key IN ?"
    verdicts: dict[str, dict[int, str]] = {}
    for chunk in chunks(sorted(set(keys))):
        for key, facility_id, verdict in ask(reader, query, chunk):
            verdicts.setdefault(key, {})[facility_id] = verdict
    return Answers(verdicts, Apart(reader))


def remember(
    session: Session, key: str, verdicts: Mapping[int, str], *, by: str, at: datetime
) -> None:
    """Keep answers about one row; a later answer about the same facility replaces the earlier."""
    from sqlalchemy import delete  # nothing is remembered by a check, which needs no tables
    from sqlmodel import col

    from registry.tables.upload import MatchDecision

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
