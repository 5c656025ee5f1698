"""The audit: one entry an act, chained by hashes, written last in the act's transaction.

An act takes the writers' lock, its number and its moment first, so that the rows it writes can
carry them; its entry, with the digest of those rows, closes it. Moments never go back: they are
also the rows' `recorded_at` and `superseded_at`, and so date what was known when.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlmodel import Session, desc, insert, select

from registry import rows
from registry.row_columns import Columns
from registry.rows_behind import RowsBehind
from registry.tables.audit import AuditEntry
from registry.tables.base import now

if TYPE_CHECKING:
    from registry.verify import VerifyReport

DATED_TABLES: Final = (
    "facility",
    "facility_version",
    "capability_value",
    "identifier",
    "succession",
    "population_figure",
    "observation",
)
"""The tables whose rows carry `audit_seq`, in the order in which the digest takes them."""

LATER_TABLES: Final = frozenset({"population_figure", "observation"})
"""Those that came after the first entries: only an act that touched one has it in its digest."""

FIRST_HASH: Final = "0" * 64
NO_ROWS: Final = hashlib.sha256().hexdigest()
WRITERS_LOCK: Final = 0x6675_7775_6D61_0002
"""Key of the PostgreSQL advisory lock that acts queue for."""


class RowsDigest:
    """SHA-256 over the rows an act wrote and the ids of those it superseded, table by table."""

    def __init__(self) -> None:
        self._written = {name: hashlib.sha256() for name in DATED_TABLES}
        self._superseded: dict[str, list[int]] = {name: [] for name in DATED_TABLES}

    def wrote(self, table: str, written: Sequence[rows.Row]) -> None:
        """Take in rows of `table`, in the plain form, in order of id."""
        self.wrote_bytes(table, rows.canonical(written))

    def wrote_bytes(self, table: str, written: bytes) -> None:
        """Take in rows of `table` that are bytes already, as `rows.canonical` gives them."""
        self._written[table].update(written)

    def superseded(self, table: str, ids: Sequence[int]) -> None:
        """Take in the ids of rows superseded, in any order."""
        self._superseded[table].extend(ids)

    def hexdigest(self) -> str:
        """Return the digest of everything taken in."""
        written = {name: digest.hexdigest() for name, digest in self._written.items()}
        return digest_of(written, self._superseded)


def digest_of(written: Mapping[str, str], superseded: Mapping[str, Iterable[int]]) -> str:
    """Return the digest of an act from each table's: of the rows written, ids superseded."""
    whole = hashlib.sha256()
    for name in DATED_TABLES:
        ids = ",".join(map(str, sorted(superseded.get(name, ()))))
        rows_hash = written.get(name, NO_ROWS)
        if name in LATER_TABLES and (rows_hash, ids) == (NO_ROWS, ""):
            continue
        whole.update(f"{name} {rows_hash} {ids}\n".encode())
    return whole.hexdigest()


@dataclass
class Act:
    """Something somebody does to the registry; every dated row is written through one.

    `seq` and `at` are what its rows carry as `audit_seq` and `recorded_at`. `subject` (a code,
    `upload:12`) and `detail` may be filled in until the act is sealed.
    """

    connection: Connection
    seq: int
    at: datetime
    previous_hash: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    digest: RowsDigest = field(default_factory=RowsDigest)
    empty: bool = True
    abandoned: bool = False

    def write(self, table: str, records: Sequence[Mapping[str, Any]]) -> Sequence[int]:
        """Insert records (columns by name) into a dated table and return their ids."""
        stamp = "issued_at" if table == "facility" else "recorded_at"
        fixed = {stamp: rows.moment(self.at), "audit_seq": self.seq}
        if not records:
            return ()
        self.empty = False
        ids = rows.reserve_ids(self.connection, table, len(records))
        plain = rows.encode(table, records, ids, fixed)
        rows.insert(self.connection, table, plain)
        self.digest.wrote(table, plain)
        return ids

    def write_columns(
        self,
        behind: RowsBehind,
        table: str,
        ids: Sequence[int],
        given: Mapping[str, Sequence[Any]],
        **same: Any,
    ) -> None:
        """Insert rows with these reserved ids into a dated table as `write` does, `behind` it.

        The values are in the plain form of `registry.rows`: columns `given` by row, or the `same`
        in all of them.
        """
        if not ids:
            return
        self.empty = False
        stamp = "issued_at" if table == "facility" else "recorded_at"
        fixed = {stamp: rows.moment(self.at), "audit_seq": self.seq, **same}
        written = Columns(table, ids, given, fixed)
        plain = written.rows()
        listed = written.canonical(plain)
        behind.insert(table, plain, listed)
        self.digest.wrote_bytes(table, listed)

    def supersede(self, table: str, ids: Sequence[int]) -> None:
        """Mark rows of a dated table as no longer what we know."""
        self.empty = self.empty and not ids
        rows.supersede(self.connection, table, ids, self.at)
        self.digest.superseded(table, ids)

    def abandon_if_empty(self) -> bool:
        """Leave no entry when nothing was written; say whether that is so."""
        self.abandoned = self.empty
        return self.empty


@contextmanager
def acting(
    session: Session, *, actor: str, action: str, subject: str, detail: Mapping[str, Any]
) -> Iterator[Act]:
    """Give an act, and write its entry when the block ends well.

    `subject` is what it is done to (a code, `upload:12`); `detail` is kept as JSON. Acts of one
    transaction follow each other; they do not nest.
    """
    seq, at, previous_hash = _next(session)
    act = Act(session.connection(), seq, at, previous_hash, actor, action, subject, detail)
    yield act
    if not act.abandoned:
        _seal(act)


def append(
    session: Session, *, actor: str, action: str, subject: str, detail: Mapping[str, Any]
) -> int:
    """Record an act that writes no dated rows; return its number."""
    with acting(session, actor=actor, action=action, subject=subject, detail=detail) as act:
        return act.seq


def wait_for_writers(session: Session) -> None:
    """Take the writers' lock until the transaction ends; take it before looking, then writing.

    On SQLite a writing transaction holds it from its first statement.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})


def _next(session: Session) -> tuple[int, datetime, str]:
    """Take the writers' lock, the next number and moment, and the hash to follow."""
    wait_for_writers(session)
    query = select(AuditEntry.seq, AuditEntry.at, AuditEntry.entry_hash)
    last = session.exec(query.order_by(desc(AuditEntry.seq)).limit(1)).first()
    if last is None:
        return 1, now(), FIRST_HASH
    seq, at, entry_hash = last
    return seq + 1, max(now(), at + timedelta(microseconds=1)), entry_hash


def _seal(act: Act) -> None:
    entry = {
        "seq": act.seq,
        "at": act.at,
        "actor": act.actor,
        "action": act.action,
        "subject": act.subject,
        "detail": json.dumps(act.detail, ensure_ascii=False, sort_keys=True, default=str),
        "rows_digest": act.digest.hexdigest(),
        "previous_hash": act.previous_hash,
    }
    act.connection.execute(insert(AuditEntry).values(**entry, entry_hash=hash_of(entry)))


def hash_of(entry: Mapping[str, Any]) -> str:
    """Return the hash of an entry: over every column but `entry_hash`, `previous_hash` included."""
    plain = {**entry, "at": rows.moment(entry["at"])}
    plain.pop("entry_hash", None)
    text_ = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text_.encode()).hexdigest()


def verify(session: Session, expected_hash: str | None = None) -> VerifyReport:
    """Recompute chain and digests and look for what should never be; see `registry.verify`."""
    from registry.verify import verify as verify_all

    return verify_all(session, expected_hash)
