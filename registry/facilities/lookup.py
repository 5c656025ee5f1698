"""Look facilities up: one by its code, many by what they are, on any day and as then known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from codes import facility_code
from codes.china_time import today
from codes.errors import DataError
from registry.facilities.allowed import ended_statuses
from registry.facilities.asof import known, true_on
from registry.facilities.identity import facility_ids, to_code
from registry.facilities.past import history
from registry.facilities.readings import readings_of
from registry.facilities.view import FacilityView, Listing
from registry.rows import columns, table

__all__ = ["Filter", "find", "history", "listing"]


@dataclass(frozen=True)
class Filter:
    """What a listing is limited to; what is None does not limit.

    `division` is a code of any level: a city or province covers its counties. `text` is looked for
    in names and addresses. Facilities merged, split, registered twice or in error are left out
    unless `ended` is set or `status` names such a status.
    """

    category: str | None = None
    class_code: str | None = None
    type_code: str | None = None
    division: str | None = None
    status: str | None = None
    text: str | None = None
    operator_uscc: str | None = None
    ended: bool = False


def find(
    session: Session, code: str, *, on: date | None = None, known_at: datetime | None = None
) -> FacilityView:
    """Return the facility as it is on a day (today) and as it was known at a moment (now).

    Raises DataError when there is no such facility or nothing is known of it on that day.
    """
    stored, day = to_code(code), on or today()
    query = _versions(day, known_at).where(table("facility").c.code == stored)
    found = session.connection().execute(query).mappings().all()
    if not found:
        _explain_absence(session, stored, day, known_at)
    return _views(session, [dict(row) for row in found], day, known_at)[0]


def listing(
    session: Session,
    limits: Filter,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
    page: int = 1,
    per_page: int = 50,
) -> Listing:
    """Return one page of the facilities within the limits on a day, in order of their codes."""
    day = on or today()
    query = _versions(day, known_at).where(*_conditions(limits))
    connection = session.connection()
    counted = query.with_only_columns(func.count(), maintain_column_froms=True)
    total = connection.execute(counted).scalar_one()
    paged = query.order_by(table("facility").c.code).limit(per_page).offset((page - 1) * per_page)
    found = connection.execute(paged).mappings().all()
    return Listing(total, tuple(_views(session, [dict(row) for row in found], day, known_at)))


def _versions(day: date, known_at: datetime | None) -> Select[Any]:
    version, facility = table("facility_version"), table("facility")
    identity = [facility.c[name] for name in columns("facility") if name not in ("id", "audit_seq")]
    return (
        select(*identity, *version.c)
        .join_from(version, facility, version.c.facility_id == facility.c.id)
        .where(known("facility_version", known_at), true_on("facility_version", day))
    )


def _conditions(limits: Filter) -> list[ColumnElement[bool]]:
    version: Any = table("facility_version").c
    found: list[ColumnElement[bool]] = []
    if limits.category:
        found.append(version.class_code.startswith(limits.category, autoescape=True))
    for column in ("class_code", "type_code", "status", "operator_uscc"):
        if wanted := getattr(limits, column):
            found.append(version[column] == wanted)
    if limits.division:
        found.append(_within(limits.division))
    if limits.text:
        columns_ = (version.name, version.address)
        found.append(or_(*(c.icontains(limits.text, autoescape=True) for c in columns_)))
    if not limits.ended and limits.status not in ended_statuses():
        found.append(version.status.not_in(sorted(ended_statuses())))
    return found


def _within(division: str) -> ColumnElement[bool]:
    version: Any = table("facility_version").c
    code = division
    while len(code) > 2 and len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    if len(code) < 6:
        return and_(version.county_code.startswith(code, autoescape=True))
    if len(code) == 6:
        return and_(version.county_code == code)
    column = version.township_code if len(code) == 9 else version.division_code
    return and_(column == code)


def _views(
    session: Session, found: Sequence[Mapping[str, Any]], day: date, known_at: datetime | None
) -> list[FacilityView]:
    ids = [row["facility_id"] for row in found]
    readings = readings_of(session.connection(), ids, day, known_at)
    numbers = _identifiers(session, ids, known_at)
    return [
        FacilityView(
            **row,
            capabilities=readings.get(row["facility_id"], {}),
            identifiers=numbers.get(row["facility_id"], {}),
        )
        for row in found
    ]


def _identifiers(
    session: Session, ids: Sequence[int], known_at: datetime | None
) -> dict[int, dict[str, tuple[str, ...]]]:
    identifier = table("identifier")
    query = (
        select(identifier.c.facility_id, identifier.c.scheme_code, identifier.c.value)
        .where(identifier.c.facility_id.in_(ids), known("identifier", known_at))
        .order_by(identifier.c.id)
    )
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for facility_id, scheme, value in session.connection().execute(query):
        own = found.setdefault(facility_id, {})
        own[scheme] = (*own.get(scheme, ()), value)
    return found


def _explain_absence(session: Session, code: str, day: date, known_at: datetime | None) -> None:
    ids = facility_ids(session, [code])
    version = table("facility_version")
    query = select(func.min(version.c.valid_from)).where(
        version.c.facility_id == ids[code], known("facility_version", known_at)
    )
    first = session.connection().execute(query).scalar_one_or_none()
    shown = facility_code.format(code)
    if first is None:
        raise DataError("facility.not_yet_known", code=shown, known_at=known_at)
    raise DataError("facility.not_on_that_day", code=shown, on=day, first=first)
