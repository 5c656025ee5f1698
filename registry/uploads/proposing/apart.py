"""Rows that were answered to be two facilities before either of them was registered.

A row that is not registered yet has no code. What identifies it is what no two rows of a file may
share: type, county, name and address, in the form in which they are compared. Where it stands in
its file, and every other cell, may change; who mends the name or the address sends another row, and
is asked again. A digest of it is kept, so that nothing can be read from a row never registered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from registry.plain_sql import Reader, ask
from registry.uploads.proposing.keys import key_of, name_key, row_key

if TYPE_CHECKING:
    from sqlmodel import Session

    from registry.uploads.judged import Judged
    from registry.uploads.proposing.registered import Registered

DIGEST_BYTES: Final = 16

Pair = tuple[str, str]
"""Digests of two rows, the lesser first."""


class Apart:
    """The rows that were told apart, read from the registry when first asked for."""

    def __init__(self, reader: Reader | None = None) -> None:
        """Ask `reader`; without one nothing was ever told apart."""
        self._reader = reader
        self._read: dict[str, set[str]] | None = None

    def of(self, digest: str | None) -> frozenset[str]:
        """Return the digests of the rows that a row was told apart from."""
        return frozenset(self._partners.get(digest or "", ()))

    def of_row(self, row: Judged) -> frozenset[str]:
        """Return the digests of the rows that a row being judged was told apart from."""
        return self.of(digest_of_row(row)) if self._partners else frozenset()

    @property
    def _partners(self) -> Mapping[str, set[str]]:
        if self._read is None:
            self._read = {}
            query = "SELECT row_digest, other_digest FROM rows_apart"
            for one, other in ask(self._reader, query) if self._reader else ():
                self._read.setdefault(one, set()).add(other)
                self._read.setdefault(other, set()).add(one)
        return self._read


def row_digest(type_code: str, county_code: str, fields: Mapping[str, Any]) -> str:
    """Return what identifies a row of these fields that is not registered."""
    place = row_key(type_code, county_code, str(fields["name"]))
    return _digest(place, fields.get("address"))


def digest_of_row(row: Judged) -> str | None:
    """Return what identifies a row while it is not registered, None until its place is known."""
    place = key_of(row)
    return _digest(place, row.whole.get("address")) if place else None


def digest_of_registered(one: Registered) -> str:
    """Return what identified the row that a facility would be now, were it not registered."""
    return row_digest(str(one.fields["type"]), one.county_code, one.fields)


def tell_apart(
    session: Session, digest: str | None, others: Iterable[str], *, by: str, at: datetime
) -> list[Pair]:
    """Keep that a row is none of the others; return the pairs that were not kept before."""
    from sqlmodel import col, select  # nothing is kept by a check, which needs no tables

    from registry.tables.upload import RowsApart

    kept = []
    pairs = {_pair(digest, other) for other in others if digest and other != digest}
    for one, other in sorted(pairs):
        known = select(RowsApart.id).where(
            col(RowsApart.row_digest) == one, col(RowsApart.other_digest) == other
        )
        if session.exec(known).first() is None:
            session.add(RowsApart(row_digest=one, other_digest=other, decided_by=by, decided_at=at))
            kept.append((one, other))
    return kept


def forget_apart(session: Session, pairs: Iterable[Iterable[str]]) -> None:
    """Forget that rows were told apart."""
    from sqlmodel import col, delete

    from registry.tables.upload import RowsApart

    for one, other in pairs:
        session.exec(
            delete(RowsApart).where(
                col(RowsApart.row_digest) == one, col(RowsApart.other_digest) == other
            )
        )


def _digest(place: str, address: object) -> str:
    words = f"{place}\0{name_key(str(address or ''))}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(words, digest_size=DIGEST_BYTES).hexdigest()


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
