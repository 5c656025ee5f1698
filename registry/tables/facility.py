"""A facility: its identity, its dated versions, what it can do, its other numbers, its heirs.

History is bitemporal. `valid_from`/`valid_to` (half-open) say when something was true;
`recorded_at`/`superseded_at` say when we knew it. A row is written once; only `superseded_at` is
ever set later. Words such as 运营 are values of the `value_lists` book, kept as they are in files.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from registry.dates import END_OF_TIME
from registry.tables.base import UtcDateTime, audit_seq, now, unique_while_known


class Facility(SQLModel, table=True):
    """What never changes: the code and what was printed in it at issue."""

    __tablename__ = "facility"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=32, unique=True)
    issued_class_code: str = Field(max_length=3)
    issued_county_code: str = Field(max_length=6)
    issued_at: datetime = Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))
    audit_seq: int = audit_seq()


class FacilityVersion(SQLModel, table=True):
    """What was true of a facility from `valid_from` until before `valid_to`, as then recorded."""

    __tablename__ = "facility_version"
    __table_args__ = (
        CheckConstraint("valid_from < valid_to", name="period"),
        CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="point"),
        Index("ix_facility_version_current", "facility_id", "superseded_at", "valid_from"),
        Index("ix_facility_version_place", "county_code", "township_code"),
    )

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    valid_from: date
    valid_to: date = Field(default=END_OF_TIME)
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    superseded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    kind: str = Field(max_length=16)
    reason: str | None = None
    recorded_by: str
    audit_seq: int = audit_seq()
    upload_row_id: int | None = Field(default=None, foreign_key="upload_row.id", index=True)

    name: str = Field(index=True)
    type_code: str = Field(max_length=5, index=True)
    class_code: str = Field(max_length=3, index=True)
    division_code: str = Field(max_length=12)
    county_code: str = Field(max_length=6)
    township_code: str | None = Field(default=None, max_length=9)
    address: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    datum: str | None = None
    lon_2000: float | None = None
    lat_2000: float | None = None
    operator_name: str | None = None
    operator_uscc: str | None = Field(default=None, max_length=18, index=True)
    ownership: str | None = None
    department_code: str | None = None
    status: str = Field(index=True)
    opened_on: date | None = None
    closed_on: date | None = None
    floor_area: float | None = None
    phone: str | None = None
    opening_hours: str | None = None
    website: str | None = None
    accessible: str | None = None
    inclusive: str | None = None
    grade: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    as_of: date


class CapabilityValue(SQLModel, table=True):
    """One measure of one facility as of a day. No row means not reported, which is never zero.

    A row without a value says that from `as_of` on the measure is no longer reported.
    """

    __tablename__ = "capability_value"
    __table_args__ = (
        Index("ix_capability_value_current", "facility_id", "capability_code", "as_of"),
    )

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    capability_code: str = Field(index=True)
    value: float | None
    as_of: date
    confirmed_on: date
    source: str | None = None
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    superseded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    audit_seq: int = audit_seq()


class Identifier(SQLModel, table=True):
    """The facility's number in somebody else's scheme (`identifier_schemes` book)."""

    __tablename__ = "identifier"
    __table_args__ = (
        unique_while_known("identifier", "facility_id", "scheme_code", "value"),
        Index("ix_identifier_scheme_value", "scheme_code", "value"),
    )

    id: int | None = Field(default=None, primary_key=True)
    facility_id: int = Field(foreign_key="facility.id")
    scheme_code: str
    value: str
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    superseded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    audit_seq: int = audit_seq()


class Succession(SQLModel, table=True):
    """A dated, immediate link from what was to what came after; chains are derived.

    `superseded_at` is set when the link turns out to be a mistake.
    """

    __tablename__ = "succession"
    __table_args__ = (
        unique_while_known("succession", "predecessor_id", "successor_id"),
        CheckConstraint("predecessor_id <> successor_id", name="not_itself"),
    )

    id: int | None = Field(default=None, primary_key=True)
    predecessor_id: int = Field(foreign_key="facility.id", index=True)
    successor_id: int = Field(foreign_key="facility.id", index=True)
    kind: str = Field(max_length=16)
    effective_on: date
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    superseded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    audit_seq: int = audit_seq()
