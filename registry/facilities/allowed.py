"""What may not happen to a facility, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from codes import facility_code
from codes.china_time import today
from codes.errors import DataError
from codes.messages import language
from codes.statuses import named
from codes.value_lists import values
from registry.facilities.fields import header

if TYPE_CHECKING:
    from registry.facilities.timeline import Line

OPEN: Final = named("open")
SUSPENDED: Final = named("suspended")
CLOSED: Final = named("closed")
MERGED: Final = named("merged")
SPLIT: Final = named("split")
DUPLICATE: Final = named("duplicate")
ANNULLED: Final = named("annulled")


def ended_statuses() -> frozenset[str]:
    """Return the statuses after which a facility is no longer itself (已合并, 误登作废, ...)."""
    return frozenset(name for name, item in values("status").items() if item.internal)


def is_ended(line: Line) -> bool:
    """Tell whether a facility was merged, split, registered twice or registered in error."""
    return line[-1]["status"] in ended_statuses()


def refuse_ended(code: str, line: Line) -> None:
    """Raise DataError for a facility that is no longer itself."""
    if is_ended(line):
        shown = facility_code.format(code)
        raise DataError("facility.ended", code=shown, status=line[-1]["status"])


def refuse_before_first(code: str, line: Line, on: date) -> None:
    """Raise DataError for a day before the first the registry knows of."""
    first = line[0]["valid_from"]
    if on < first:
        shown = facility_code.format(code)
        raise DataError("facility.before_first", code=shown, on=on, first=first)


def refuse_future(message_id: str, on: date) -> None:
    """Raise DataError when a day is still to come."""
    if on > today():
        raise DataError(message_id, on=on, today=today())


def refuse_future_figures(keys: Sequence[str], on: date) -> None:
    """Raise DataError for capabilities and identifiers of a day that is still to come."""
    if keys and on > today():
        headers = (", " if language() == "en" else "、").join(map(header, keys))
        raise DataError("facility.figures_in_future", headers=headers, on=on, today=today())


def refuse_internal_status(given: Mapping[str, Any]) -> None:
    """Raise DataError for a status that only merge, split, duplicate and annul may set."""
    status = given.get("status")
    if status in ended_statuses():
        raise DataError("facility.status_internal", seen=status)


def refuse_closing_before_opening(code: str, opened: date | None, on: date) -> None:
    """Raise DataError when a facility would close before it opened."""
    if opened is not None and on < opened:
        shown = facility_code.format(code)
        raise DataError("facility.closed_before_opened", code=shown, on=on, opened=opened)
