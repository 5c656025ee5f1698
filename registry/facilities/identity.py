"""From what somebody writes to a facility: the stored code, and the key of its rows."""

from __future__ import annotations

from collections.abc import Iterable

from stdnum.exceptions import ValidationError

from codes import facility_code
from codes.errors import DataError
from registry.plain_sql import Reader, ask, chunks


def to_code(written: str) -> str:
    """Return the stored form of a code as somebody writes it.

    Raises DataError `facility.code_wrong` saying what is wrong with it.
    """
    try:
        return facility_code.validate(written)
    except ValidationError as error:
        raise DataError("facility.code_wrong", seen=written, detail=error) from None


def facility_ids(reader: Reader, codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of stored codes; raises DataError naming those that do not exist."""
    wanted = list(dict.fromkeys(codes))
    query = "SELECT code, id FROM facility WHERE code IN ?"
    found = {code: id_ for chunk in chunks(wanted) for code, id_ in ask(reader, query, chunk)}
    if missing := [code for code in wanted if code not in found]:
        printed = "、".join(facility_code.format(code) for code in missing[:5])
        raise DataError("facility.unknown", seen=printed, count=len(missing))
    return found
