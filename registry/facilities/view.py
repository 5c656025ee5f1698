"""A facility as it is shown: one version, its readings, its other numbers, its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Reading:
    """The value of a capability in force: as of when, last confirmed when, from where."""

    value: float
    as_of: date
    confirmed_on: date
    source: str | None


@dataclass(frozen=True)
class FacilityView:
    """A facility on one day, as known at one moment.

    The columns of `facility` and `facility_version`, then `capabilities` by capability code (what
    was not reported is absent) and `identifiers` by scheme.
    """

    code: str
    issued_class_code: str
    issued_county_code: str
    issued_at: datetime

    id: int
    facility_id: int
    valid_from: date
    valid_to: date
    recorded_at: datetime
    superseded_at: datetime | None
    kind: str
    reason: str | None
    recorded_by: str
    audit_seq: int
    upload_row_id: int | None

    name: str
    type_code: str
    class_code: str
    division_code: str
    county_code: str
    township_code: str | None
    address: str | None
    longitude: float | None
    latitude: float | None
    datum: str | None
    lon_2000: float | None
    lat_2000: float | None
    operator_name: str | None
    operator_uscc: str | None
    ownership: str | None
    department_code: str | None
    status: str
    opened_on: date | None
    closed_on: date | None
    floor_area: float | None
    phone: str | None
    opening_hours: str | None
    website: str | None
    accessible: str | None
    inclusive: str | None
    grade: str | None
    contact_name: str | None
    contact_phone: str | None
    as_of: date

    capabilities: Mapping[str, Reading]
    identifiers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Link:
    """One step from what was to what came after; `kind` is merged, split or duplicate."""

    predecessor: str
    successor: str
    kind: str
    effective_on: date


@dataclass(frozen=True)
class Listing:
    """One page of facilities; `total` counts all pages."""

    total: int
    items: tuple[FacilityView, ...]
