"""A department's file on its way in: the upload, its rows, their findings, answers remembered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from registry.tables.base import UtcDateTime


class Upload(SQLModel, table=True):
    """One submitted file. The five outcomes add up to `rows`; the approver is somebody else.

    Only its sender withdraws it.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint(
            '"rows" = created + updated + unchanged + rejected + held', name="rows_add_up"
        ),
        CheckConstraint(
            "decided_by IS NULL OR "
            "(lower(decided_by) = lower(submitted_by)) = (status = 'withdrawn')",
            name="four_eyes",
        ),
        CheckConstraint(
            "status IN ('submitted', 'approved', 'rejected', 'withdrawn')", name="status"
        ),
        CheckConstraint("(status = 'submitted') = (decided_by IS NULL)", name="decided"),
    )

    id: int | None = Field(default=None, primary_key=True)
    file_name: str
    file_sha256: str = Field(max_length=64, index=True)
    file_size: int = Field(sa_column=Column(BigInteger, nullable=False))
    department_code: str
    submitted_by: str
    submitted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    scope: str = Field(max_length=16)
    mode: str = Field(max_length=16)
    settings: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    status: str = Field(default="submitted", max_length=16)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    decision_reason: str | None = None
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    held: int


class UploadRow(SQLModel, table=True):
    """One row of the file: as sent, as read, and what is to happen to it.

    `changes` maps a field to [before, after]; `base_version_id` is the version the plan was made
    against, so that approval can tell when the registry has moved on. A row with no `row` number
    stands for a facility missing from a complete list; it is not counted among the file's rows.
    `facility_id` is the facility that a row names or that is missing; what a row makes is found by
    `facility_version.upload_row_id`.
    """

    __tablename__ = "upload_row"
    __table_args__ = (UniqueConstraint("upload_id", "sheet", "row"),)

    id: int | None = Field(default=None, primary_key=True)
    upload_id: int = Field(foreign_key="upload.id", index=True)
    sheet: str
    row: int | None
    outcome: str = Field(max_length=16)
    raw: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    fields: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    changes: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    facility_id: int | None = Field(default=None, foreign_key="facility.id", index=True)
    base_version_id: int | None = Field(
        default=None,
        sa_column=Column(
            ForeignKey(  # the two tables name each other, so one link waits for the commit
                "facility_version.id", use_alter=True, deferrable=True, initially="DEFERRED"
            ),
            index=True,
        ),
    )


class UploadFinding(SQLModel, table=True):
    """What was found wrong with a row; the words come from the `rules` book and `params`.

    `further` names other rows of the sheet of which the same was found, as `3-40,42`: a column that
    a million rows leave empty is not said a million times.
    """

    __tablename__ = "upload_finding"

    id: int | None = Field(default=None, primary_key=True)
    upload_id: int = Field(foreign_key="upload.id", index=True)
    sheet: str
    row: int | None
    rule: str
    severity: str = Field(max_length=8)
    element: str | None = None
    column: str | None = None
    value: str | None = None
    params: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    further: str | None = None


class MatchDecision(SQLModel, table=True):
    """An answer to "is this row that facility?", remembered for every later upload.

    `row_key` is the row's normalised (type, county, name); `verdict` is same or not_same.
    """

    __tablename__ = "match_decision"
    __table_args__ = (UniqueConstraint("row_key", "facility_id"),)

    id: int | None = Field(default=None, primary_key=True)
    row_key: str = Field(index=True)
    facility_id: int = Field(foreign_key="facility.id")
    verdict: str = Field(max_length=8)
    decided_by: str
    decided_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class RowsApart(SQLModel, table=True):
    """An answer "these two rows are two facilities", remembered for every later upload.

    The digests are of each row's normalised (type, county, name, address), the lesser first; see
    `registry.uploads.proposing.apart`.
    """

    __tablename__ = "rows_apart"
    __table_args__ = (
        UniqueConstraint("row_digest", "other_digest"),
        CheckConstraint("row_digest < other_digest", name="in_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    row_digest: str = Field(max_length=32)
    other_digest: str = Field(max_length=32)
    decided_by: str
    decided_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
