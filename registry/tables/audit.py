"""The append-only, hash-chained audit; the database itself refuses to change or delete a row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from registry.tables.base import UtcDateTime


class AuditEntry(SQLModel, table=True):
    """One act: who, when, what, on what, and the digest of the rows it wrote.

    `entry_hash` covers every other column and `previous_hash`; `rows_digest` covers the rows whose
    `audit_seq` is this entry, so that `fuwuma verify` finds a change in either.
    """

    __tablename__ = "audit_entry"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    actor: str
    action: str = Field(max_length=32)
    subject: str
    detail: str
    rows_digest: str = Field(max_length=64)
    previous_hash: str = Field(max_length=64)
    entry_hash: str = Field(max_length=64, unique=True)
