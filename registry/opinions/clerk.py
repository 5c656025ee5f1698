"""What a clerk does with opinions: list them, look at one, answer it, close it.

Nothing a clerk did is written over: a later answer stands beside the earlier one and counts. A
closed opinion keeps its answer, and may be answered again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from codes.errors import DataError, UsageError
from registry.opinions.inbox import reading, writing
from registry.opinions.opinion import About, Act, Opinion
from registry.opinions.privacy import refuse_private
from registry.opinions.wording import checked_text

LONGEST_ANSWER: Final = 4000
LONGEST_NAME: Final = 60
LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True)
class OpinionPage:
    """One page of a list, and how many there are in all."""

    total: int
    items: tuple[Opinion, ...]


def listing(
    path: Path,
    *,
    state: str | None = None,
    about: str | None = None,
    page: int = 1,
    per_page: int = 20,
) -> OpinionPage:
    """Return the opinions in a state, about a code, or all, the earliest first."""
    where = "WHERE (:state IS NULL OR state = :state) AND (:about IS NULL OR about_code = :about)"
    values = {"state": state, "about": about}
    with reading(path) as db:
        total = db.execute(f"SELECT count(*) FROM opinion {where}", values).fetchone()[0]  # noqa: S608
        rows = db.execute(
            f"SELECT * FROM opinion {where} ORDER BY id LIMIT :limit OFFSET :offset",  # noqa: S608
            {**values, "limit": per_page, "offset": (page - 1) * per_page},
        )
        return OpinionPage(total, tuple(_opinion(row) for row in rows))


def find(path: Path, number: int) -> Opinion:
    """Return an opinion with all that was done. Raises DataError when there is none so numbered."""
    with reading(path) as db:
        return _find(db, number)


def answer(
    path: Path,
    number: int,
    *,
    text: str,
    by: str,
    publish: bool,
    with_question: bool,
    sure: bool = False,
) -> Opinion:
    """Answer an opinion; the last answer is the one that counts.

    With `publish` the next release carries the answer, and with `with_question` the opinion's own
    words too; a later answer without it withdraws what was published before. Raises DataError for a
    text that cannot be taken and, unless somebody is `sure`, for a person's number that would be
    published.
    """
    act = Act(
        _now(), _name(by), "answer", _words(text, "opinion.answer_empty"), publish, with_question
    )
    if publish and not sure:
        refuse_private(act.text, find(path, number).text if with_question else "")
    return _do(path, number, act, "answered")


def close(path: Path, number: int, *, reason: str, by: str) -> Opinion:
    """Close an opinion; what was answered stays. Raises DataError when it is closed already."""
    act = Act(_now(), _name(by), "close", _words(reason, "opinion.reason_empty"), False, False)
    return _do(path, number, act, "closed")


def _do(path: Path, number: int, act: Act, state: str) -> Opinion:
    with writing(path) as db:
        before = _find(db, number)
        if before.state == state == "closed":
            raise DataError("opinion.closed_already", id=number)
        db.execute(
            "INSERT INTO opinion_act (opinion_id, at, by, kind, text, published, with_question)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, act.at, act.by, act.kind, act.text, act.published, act.with_question),
        )
        db.execute("UPDATE opinion SET state = ? WHERE id = ?", (state, number))
        return replace(before, state=state, acts=(*before.acts, act))


def _find(db: sqlite3.Connection, number: int) -> Opinion:
    known = 0 < number <= LARGEST_ID
    row = db.execute("SELECT * FROM opinion WHERE id = ?", (number if known else 0,)).fetchone()
    if row is None:
        raise DataError("opinion.unknown", id=number)
    acts = db.execute("SELECT * FROM opinion_act WHERE opinion_id = ? ORDER BY id", (number,))
    return replace(_opinion(row), acts=tuple(_act(one) for one in acts))


def _opinion(row: sqlite3.Row) -> Opinion:
    return Opinion(
        id=row["id"],
        received_at=row["received_at"],
        about=About(row["about_kind"], row["about_code"]),
        text=row["text"],
        contact=row["contact"],
        lang=row["lang"],
        state=row["state"],
    )


def _act(row: sqlite3.Row) -> Act:
    flags = bool(row["published"]), bool(row["with_question"])
    return Act(row["at"], row["by"], row["kind"], row["text"], *flags)


def _words(written: str, when_empty: str) -> str:
    try:
        return checked_text(written, LONGEST_ANSWER)
    except DataError as error:
        if error.message_id == "opinion.empty":
            raise DataError(when_empty) from None
        raise


def _name(by: str) -> str:
    try:
        return " ".join(checked_text(by, LONGEST_NAME).split())
    except DataError:
        raise UsageError("opinion.by_unusable", most=LONGEST_NAME) from None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
