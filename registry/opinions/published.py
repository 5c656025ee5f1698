"""What of the inbox goes into a release: the answers a clerk chose to publish, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

from codes.china_time import day_of
from registry.opinions.inbox import reading
from registry.opinions.opinion import PublishedAnswer

LAST_ANSWERS: Final = """
    SELECT opinion.id, about_kind, about_code, received_at, at, act.text AS answer,
           CASE WHEN with_question THEN opinion.text END AS question
    FROM opinion JOIN opinion_act AS act ON act.opinion_id = opinion.id
    WHERE act.published AND act.id = (
        SELECT max(id) FROM opinion_act WHERE opinion_id = opinion.id AND kind = 'answer'
    )
    ORDER BY opinion.id
"""


def published_answers(path: Path, on: date) -> Iterator[PublishedAnswer]:
    """Yield the last answer of each opinion, where it is to be published, given by the day `on`."""
    with reading(path) as db:
        for row in db.execute(LAST_ANSWERS):
            answered = _day(row["at"])
            if answered <= on.isoformat():
                yield PublishedAnswer(
                    id=row["id"],
                    about_kind=row["about_kind"],
                    about_code=row["about_code"],
                    asked_on=_day(row["received_at"]),
                    question=row["question"],
                    answered_on=answered,
                    answer=row["answer"],
                )


def _day(moment: str) -> str:
    return day_of(datetime.fromisoformat(moment)).isoformat()
