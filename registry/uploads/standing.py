"""Whether the stored plan of a waiting upload is still what would be planned now.

Submitting records a digest of all that is stored of the upload and its plan, what the registry had
come to when it was made, on which day and by which program and books. While all that is the same,
planning again would give the same, row by row, and approval takes the plan as it stands; a million
rows need not be judged twice.
Whatever differs, the upload is planned again, as `registry.uploads.replan` does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session

import codes
import registry
from codes import china_time
from registry.kept_texts import as_kept, kept_pages
from registry.rows import table
from registry.tables.upload import Upload
from registry.uploads.sealed import IDENTITY, canonical

BATCH: Final = 2_000
HARMLESS: Final = frozenset({"upload_submit", "upload_reject", "upload_withdraw", "upload_replan"})
"""Acts after which every plan stands: they change no facility and no remembered answer."""

DATED_BOOKS: Final = ("divisions", "facility_types", "departments", "owning")
_DAY: Final = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}")

TEXTS: Final = 6
"""Where the JSON texts of a stored row begin, after what is short."""

PROGRAM_FILES: Final = ("*.py", "*.csv", "*.toml", "*.json")


def last_act(session: Session) -> int:
    """Return the number of the last act, 0 when there is none."""
    return int(session.connection().execute(select(func.max(_audit().seq))).scalar() or 0)


def seal_of(session: Session, upload: Upload, seen: int, day: date | None) -> dict[str, Any]:
    """Return what to record of a plan made after the act `seen`, on a day (today if None)."""
    return {
        "digest": _digest(session, upload),
        "seen": seen,
        "day": (day or china_time.today()).isoformat(),
        "program": program_digest(),
    }


def stands(
    session: Session, upload: Upload, sealed: Mapping[str, Any] | None, today: date | None
) -> bool:
    """Say whether the plan of an upload, sealed so, is what would be planned on a day."""
    if sealed is None or not may_stand(session, sealed, today):
        return False
    return bool(sealed["digest"] == _digest(session, upload))


def may_stand(session: Session, sealed: Mapping[str, Any], today: date | None) -> bool:
    """Say whether a plan, sealed so, stands on a day if it is stored as it was; quick to tell."""
    if sealed["program"] != program_digest():
        return False
    day, now = date.fromisoformat(sealed["day"]), today or china_time.today()
    if day > now or (day < now and _last_boundary() > day):
        return False
    audit = _audit()
    later = select(audit.action).where(audit.seq > sealed["seen"]).distinct()
    return HARMLESS.issuperset(session.connection().execute(later).scalars())


@cache
def program_digest() -> str:
    """Return the SHA-256 over the program and its books: what a plan is made by."""
    digest = hashlib.sha256()
    for package in (codes, registry):
        folder = Path(str(package.__file__)).parent
        for path in sorted(_files(folder)):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for pattern in PROGRAM_FILES:
        yield from folder.rglob(pattern)


@cache
def _last_boundary() -> date:
    """The last day named in the books that say what is in force when; later days are all alike."""
    days = [b"0001-01-01"]
    for book in DATED_BOOKS:
        for path in (Path(str(codes.__file__)).parent / "books" / book).rglob("*.*"):
            days += _DAY.findall(path.read_bytes())
    return date.fromisoformat(max(days).decode())


def _digest(session: Session, upload: Upload) -> str:
    """The SHA-256 over an upload and every row with its plan, as the database keeps them."""
    digest = hashlib.sha256(canonical({name: getattr(upload, name) for name in IDENTITY}))
    session.flush()
    row: Any = table("upload_row").c
    connection = session.connection()
    texts = (as_kept(connection, column) for column in (row.raw, row.fields, row.changes))
    plan = (
        select(
            row.id, row.sheet, row.row, row.outcome, row.facility_id, row.base_version_id, *texts
        )
        .where(row.upload_id == upload.id)
        .order_by(row.id)
    )
    for page in kept_pages(connection, plan, BATCH):
        kept = list(chain.from_iterable(one[TEXTS:] for one in page))
        # the lengths tell where each text ends
        digest.update(repr([one[:TEXTS] for one in page]).encode())
        digest.update(repr(list(map(len, kept))).encode())
        digest.update(b"".join(kept))
    return digest.hexdigest()


def _audit() -> Any:
    return table("audit_entry").c
