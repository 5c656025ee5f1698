"""What an act changed of a facility, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cli.context import enumerated, say
from cli.facility_words import header_of, private_keys, valued
from codes.messages import text

if TYPE_CHECKING:
    from registry.facilities.effects import Effect
    from registry.facilities.view import FacilityView


def print_effects(found: Iterable[Effect]) -> None:
    """Print what an act changed, before and after, with the days that holds; contacts hidden."""
    for one in found:
        hidden = one.key in private_keys()
        old, new = ("…", "…") if hidden else (valued(one.key, v, one.since) for v in _pair(one))
        known = {"header": header_of(one.key), "old": old, "new": new, "since": one.since}
        if one.until is None:
            say("facility.card.change_since", **known)
        else:
            say("facility.card.change_between", **known, until=one.until - timedelta(days=1))


def print_untouched(found: Iterable[Effect], *, since_given: bool) -> None:
    """Print the other values that stand on later days, and how a correction reaches them."""
    for one in found:
        value = "…" if one.key in private_keys() else valued(one.key, one.new, one.since)
        message_id = "facility.card.kept_correct" if since_given else "facility.card.kept"
        say(message_id, header=header_of(one.key), value=value, since=one.since)


def print_data_date(found: Iterable[Effect], code: str, *, may_be_kept: bool) -> None:
    """Print that the data date moved on, unasked, and what that means for rows sent later."""
    for one in found:
        if one.old is None or one.new is None or one.new <= one.old:
            continue
        print_effects([one])
        say("facility.card.as_of_moved", day=one.new)
        if may_be_kept:
            say("facility.card.as_of_back", old=one.old, code=code)


def print_numbers(before: FacilityView, after: FacilityView) -> None:
    """Print the other numbers of a facility that differ; they have no days."""
    for scheme in sorted({*before.identifiers, *after.identifiers}):
        old, new = (
            enumerated(view.identifiers.get(scheme, ())) or text("facility.card.nothing")
            for view in (before, after)
        )
        if old != new:
            say("facility.card.change", header=header_of(scheme), old=old, new=new)


def _pair(effect: Effect) -> tuple[Any, Any]:
    return effect.old, effect.new
