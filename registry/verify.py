"""Find out whether the registry is what the audit says: `fuwuma verify`.

The chain shows a changed, inserted or deleted entry; the digests a changed, inserted or deleted row
and a row superseded by no act. Who cuts off the newest acts with all their rows leaves no trace
inside: the hash of the last entry, kept somewhere else, finds that.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlmodel import Session

from codes.china_time import CHINA_TIME
from registry import checks, rows, upload_checks
from registry.audit import DATED_TABLES, FIRST_HASH, digest_of, hash_of
from registry.checks import Fault

BATCH: Final = 10_000


@dataclass(frozen=True)
class VerifyReport:
    """What `verify` looked at and what it found; `head_hash` is the last entry's."""

    entries: int
    rows: int
    facilities: int
    head_hash: str
    faults: tuple[Fault, ...]


@dataclass
class _Contents:
    """The dated tables as the audit sees them: by act what was written, by moment what ended."""

    written: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    superseded: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    counts: dict[str, int] = field(default_factory=dict)


def verify(session: Session, expected_hash: str | None = None) -> VerifyReport:
    """Recompute chain and digests, and look for what should never be; nothing is written.

    `expected_hash` is the hash of an entry noted earlier: that entry still has to be there.
    """
    connection = session.connection()
    contents = _read(connection)
    entries, head = 0, FIRST_HASH
    faults: list[Fault] = []
    hashes: set[str] = set()
    for entry in _entries(connection):
        faults += _entry_faults(entry, entries, head, contents)
        entries, head = entry["seq"], entry["entry_hash"]
        hashes.add(head)
    faults += _unclaimed(contents)
    if expected_hash is not None and expected_hash.lower() not in hashes:
        faults.append(Fault("hash_not_found", {"hash": expected_hash}))
    faults += checks.all_faults(connection)
    faults += upload_checks.upload_faults(session)
    total = sum(contents.counts.values())
    return VerifyReport(len(hashes), total, contents.counts["facility"], head, tuple(faults))


def _read(connection: Connection) -> _Contents:
    contents = _Contents()
    for name in DATED_TABLES:
        _read_table(connection, name, contents)
    return contents


def _read_table(connection: Connection, name: str, contents: _Contents) -> None:
    width = len(rows.columns(name))
    seq_at = rows.columns(name).index("audit_seq")
    count = 0
    stream = rows.stream(connection, name, "audit_seq, id")
    for seq, written in groupby(stream, key=lambda row: row[seq_at]):
        digest = hashlib.sha256()
        while batch := list(islice(written, BATCH)):
            count += len(batch)
            digest.update(rows.canonical([row[:width] for row in batch]))
            for row in batch:
                if len(row) > width and row[width] is not None:
                    contents.superseded[row[width]][name].append(row[0])
        contents.written[seq][name] = digest.hexdigest()
    contents.counts[name] = count


def _entries(connection: Connection) -> Iterator[Mapping[str, Any]]:
    entry = rows.table("audit_entry")
    query = select(entry).order_by(entry.c.seq)
    for row in connection.execute(query, execution_options={"yield_per": BATCH}).mappings():
        yield dict(row)


def _entry_faults(
    entry: Mapping[str, Any], last_seq: int, last_hash: str, contents: _Contents
) -> Iterator[Fault]:
    shown = {name: entry[name] for name in ("seq", "actor", "action", "subject")}
    shown["at"] = entry["at"].astimezone(CHINA_TIME)
    if entry["seq"] != last_seq + 1:
        yield Fault("entries_missing", {"first": last_seq + 1, "last": entry["seq"] - 1})
    elif entry["previous_hash"] != last_hash:
        yield Fault("chain_broken", shown)
    if hash_of(entry) != entry["entry_hash"]:
        yield Fault("entry_changed", shown)
    written = contents.written.pop(entry["seq"], {})
    superseded = contents.superseded.pop(rows.moment(entry["at"]), {})
    if digest_of(written, superseded) != entry["rows_digest"]:
        yield Fault("rows_changed", shown)


def _unclaimed(contents: _Contents) -> Iterator[Fault]:
    for seq, tables in contents.written.items():
        yield Fault("rows_without_entry", {"seq": seq, "tables": ", ".join(tables)})
    for moment, tables_ in contents.superseded.items():
        yield Fault("superseded_by_nobody", {"at": moment, "tables": ", ".join(tables_)})
