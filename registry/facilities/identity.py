"""From what somebody writes to a facility: the stored code, and the key of its rows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session
from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.errors import DataError
from registry.rows import table


def to_code(written: str) -> str:
    """Return the stored form of a code as somebody writes it.

    Raises DataError `facility.code_wrong` saying what is wrong with it.
    """
    try:
        return facility_code.validate(written)
    except ValidationError as error:
        raise DataError("facility.code_wrong", seen=written, detail=error) from None


def facility_ids(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of stored codes; raises DataError naming those that do not exist."""
    wanted = list(dict.fromkeys(codes))
    facility = table("facility")
    query = select(facility.c.code, facility.c.id).where(facility.c.code.in_(wanted))
    found = {code: id_ for code, id_ in session.connection().execute(query)}  # noqa: C416
    if missing := [code for code in wanted if code not in found]:
        printed = "、".join(facility_code.format(code) for code in missing[:5])
        raise DataError("facility.unknown", seen=printed, count=len(missing))
    return found
