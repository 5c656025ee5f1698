"""Register facilities: give each a code and its first version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final

from sqlmodel import Session

from codes.china_time import today
from codes.errors import DataError
from registry import issue
from registry.audit import Act, acting
from registry.collector import collector_paused
from registry.dates import END_OF_TIME
from registry.facilities.derived import county_at_issue, derive
from registry.facilities.fields import NEVER_EMPTY, header, to_columns
from registry.facilities.readings import Given, first_readings

CHUNK: Final = 10_000
"""Facilities held in memory at once."""

REGISTERED: Final = "registered"
"""Kind of a facility's first version."""


@dataclass(frozen=True)
class NewFacility:
    """A facility to register. `fields` has upload keys; they hold from the day `on`.

    `capabilities` maps a capability to its value as of `fields["as_of"]`, `identifiers` a scheme to
    the number; `source` says where the values come from.
    """

    fields: Mapping[str, Any]
    on: date
    capabilities: Mapping[str, float] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    upload_row_id: int | None = None
    source: str | None = None
    reason: str | None = None


def register(  # noqa: PLR0913  the contract of a clerk's form
    session: Session,
    fields: Mapping[str, Any],
    *,
    capabilities: Mapping[str, float] | None = None,
    identifiers: Mapping[str, str] | None = None,
    by: str,
    on: date,
    upload_row_id: int | None = None,
    reason: str | None = None,
) -> str:
    """Register one facility, checked against the elements of its type; return its code.

    Raises DataError when a field is wrong or the division is not in force today.
    """
    from registry.facilities.validate import check_new

    measures, numbers = capabilities or {}, identifiers or {}
    check_new(fields, measures, numbers)
    new = NewFacility(fields, on, measures, numbers, upload_row_id, reason=reason)
    with acting(session, actor=by, action="register", subject="", detail={}) as act:
        (code,) = register_rows(act, [new])
        act.subject, act.detail = code, {"on": on, "reason": reason}
    return code


def register_many(
    session: Session,
    rows: Iterable[NewFacility],
    *,
    by: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
) -> list[str]:
    """Register facilities whose fields have been checked; return their codes in order of the rows.

    One act, one audit entry; serials are taken with one statement a prefix (and chunk). Raises
    DataError as `register` does, but does not check fields against the elements again.
    """
    with acting(session, actor=by, action=action, subject=subject, detail=detail) as act:
        return register_rows(act, rows)


def register_rows(act: Act, new: Iterable[NewFacility]) -> list[str]:
    """Do what `register_many` does as part of a larger act."""
    codes: list[str] = []
    with collector_paused():
        for chunk in _chunks(new):
            codes += _register_chunk(act, chunk)
    return codes


def _register_chunk(act: Act, chunk: Sequence[NewFacility]) -> list[str]:
    this_day = today()
    versions = [_version(new, act.actor, this_day) for new in chunk]
    derive(versions)
    prefixes = [
        (version["class_code"], county_at_issue(version["division_code"], this_day))
        for version in versions
    ]
    codes = issue.issue_codes(act.connection, prefixes)
    identities = [
        {"code": code, "issued_class_code": class_code, "issued_county_code": county_code}
        for code, (class_code, county_code) in zip(codes, prefixes, strict=True)
    ]
    ids = act.write("facility", identities)
    for id_, version in zip(ids, versions, strict=True):
        version["facility_id"] = id_
    act.write("facility_version", versions)
    _write_rest(act, chunk, versions)
    return codes


def _write_rest(act: Act, chunk: Sequence[NewFacility], versions: list[dict[str, Any]]) -> None:
    given = [
        Given(version["facility_id"], new.capabilities, version["as_of"], new.source)
        for new, version in zip(chunk, versions, strict=True)
    ]
    act.write("capability_value", first_readings(given))
    numbers = [
        {"facility_id": version["facility_id"], "scheme_code": scheme, "value": value}
        for new, version in zip(chunk, versions, strict=True)
        for scheme, value in new.identifiers.items()
    ]
    act.write("identifier", numbers)


def _version(new: NewFacility, by: str, this_day: date) -> dict[str, Any]:
    version = to_columns(new.fields)
    for key in NEVER_EMPTY:
        if key not in new.fields:
            raise DataError("facility.field_empty", header=header(key), key=key)
    if new.on > this_day:
        raise DataError("facility.registered_in_future", on=new.on, today=this_day)
    version |= {
        "valid_from": new.on,
        "valid_to": END_OF_TIME,
        "kind": REGISTERED,
        "reason": new.reason,
        "recorded_by": by,
        "upload_row_id": new.upload_row_id,
    }
    return version


def _chunks(rows: Iterable[NewFacility]) -> Iterator[list[NewFacility]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
