"""A facility in JSON and in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from cli.context import console, enumerated, say
from codes import facility_code
from codes.messages import language, text

if TYPE_CHECKING:
    from registry.facilities.effects import Effect
    from registry.facilities.past import History, RecordedAct
    from registry.facilities.view import FacilityView, Link, Listing

NAMED: Final = {"type_code": "type", "division_code": "division", "department_code": "department"}
"""Columns that hold a code, and the field whose header they go by."""

BRIEF: Final = ("name", "type_code", "division_code", "status", "address")
"""Columns of a listing after the code."""


OWN_ACTS: Final = frozenset(
    {
        *("register", "change", "correct", "close", "reopen", "restore"),
        *("merge", "split", "duplicate", "annul"),
    }
)
"""Acts of the registry on single facilities; others are shown by the name they are recorded by."""


def document(view: FacilityView, *, private: bool = False) -> dict[str, Any]:
    """Return a facility for JSON: every column, names beside codes; contacts only if `private`."""
    hidden = frozenset() if private else _private()
    facts = {key: value for key, value in asdict(view).items() if key not in hidden}
    names = {
        f"{field}_name": name_of(column, getattr(view, column), view.valid_from)
        for column, field in NAMED.items()
    }
    return {"code": view.code, "printed": facility_code.format(view.code), **facts, **names}


def name_of(column: str, code: str | None, on: date) -> str | None:
    """Return the name of what a code stands for, the code itself when the book has none."""
    from codes import divisions
    from codes.departments import departments
    from codes.facility_types import facility_types

    if code is None:
        return None
    if column == "division_code":
        day = on if divisions.in_force(code, on) else None
        return divisions.full_name(code, day) if divisions.exists(code) else code
    book: Mapping[str, Any] = facility_types() if column == "type_code" else departments()
    known = book.get(code)
    if known is None:
        return code
    return str(known.name_zh if language() == "zh" else known.name_en)


def print_card(view: FacilityView, *, private: bool) -> None:
    """Print a facility line by line; what was not reported is left out."""
    say("facility.card.title", printed=facility_code.format(view.code), name=view.name)
    for header, value in _facts(view, private):
        say("facility.card.line", header=header, value=value)
    reason = _reason(view.reason)
    say("facility.card.since", since=view.valid_from, by=view.recorded_by, reason=reason)


def print_listing(found: Listing, page: int, per_page: int) -> None:
    """Print one page of facilities as a table."""
    from rich.table import Column, Table

    # a code cut short is no code: the other columns give way and fold
    printed = [facility_code.format(view.code) for view in found.items]
    widest = max(map(len, printed), default=0)
    code = Column(header_of("code"), no_wrap=True, min_width=widest)
    others = [Column(header_of(NAMED.get(column, column)), overflow="fold") for column in BRIEF]
    table = Table(code, *others, box=None, pad_edge=False)
    for shown, view in zip(printed, found.items, strict=True):
        table.add_row(shown, *_cells(view))
    console().print(table)
    pages = max(1, -(-found.total // per_page))
    say("facility.list_total", total=found.total, page=page, pages=pages)


def print_history(past: History) -> None:
    """Print what happened to a facility, oldest first, and its links."""
    before: Mapping[str, Any] = {}
    for version in past.versions:
        kind = text(f"facility.kind.{version['kind']}")
        say(
            "facility.history_since",
            since=version["valid_from"],
            kind=kind,
            by=version["recorded_by"],
            at=_first_recorded(past, version),
            reason=_reason(version["reason"]),
        )
        for header, old, new in differences(before, version):
            message_id = "facility.history_first" if not before else "facility.history_changed"
            say(message_id, header=header, old=old, new=new)
        before = version
    print_links(past.code, past.links)
    _print_acts(past)


def _print_acts(past: History) -> None:
    """Print everything that was recorded, also what was taken back or stands no more."""
    from codes.china_time import CHINA_TIME

    say("facility.acts")
    for act in past.acts:
        detail = json.loads(act.detail)
        fields = detail.get("fields")
        given = enumerated(_given(fields if isinstance(fields, dict) else {}))
        more = text("facility.act_given", given=given) if given else ""
        known = {"at": f"{act.at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}", "by": act.actor}
        why = detail.get("reason")
        reason = text("facility.act_reason", reason=why) if why else ""
        what = _act_named(act, detail.get("taken_back"))
        say("facility.act", **known, what=what, reason=reason, given=more)


def _act_named(act: RecordedAct, taken_back: str | None = None) -> str:
    subject, _, number = act.subject.partition(":")
    if act.action == "upload_approve" and subject == "upload":
        return text("facility.acted.upload_approve", id=number)
    if act.action == "restore" and taken_back:
        return text("facility.acted.restore_of", status=taken_back)
    return text(f"facility.acted.{act.action}") if act.action in OWN_ACTS else act.action


def _given(fields: Mapping[str, Any]) -> Iterator[str]:
    nothing = text("facility.card.nothing")
    for key, value in fields.items():
        shown = "…" if key in _private() else nothing if value is None else value
        yield text("facility.acted.field", header=header_of(key), value=shown)


def print_links(code: str, links: Iterable[Link]) -> None:
    """Print what a facility came from and what came after it."""
    for link in links:
        mine = link.predecessor == code
        other = facility_code.format(link.successor if mine else link.predecessor)
        message_id = f"facility.link_{'to' if mine else 'from'}.{link.kind}"
        say(message_id, on=link.effective_on, code=other)


def history_document(past: History, *, private: bool) -> dict[str, Any]:
    """Return a history for JSON; contacts only if `private`."""
    found = asdict(past)
    if private:
        return found
    for name in ("versions", "superseded"):
        found[name] = [_without(version) for version in found[name]]
    for act in found["acts"]:
        detail = json.loads(act["detail"])
        if isinstance(detail.get("fields"), dict):
            detail["fields"] = _without(detail["fields"])
        act["detail"] = detail
    return found


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield (header, old, new) of the fields in which two versions differ; contacts hidden."""
    from registry.facilities.fields import key_of, state_columns

    for column in state_columns():
        old, new = before.get(column), after[column]
        if old == new or key_of(column) == "as_of":
            continue
        shown = [_worded(column, value, after["valid_from"]) for value in (old, new)]
        if key_of(column) in _private():
            shown = ["…", "…"]
        yield header_of(key_of(column)), shown[0], shown[1]


def print_effects(found: Iterable[Effect]) -> None:
    """Print what an act changed, before and after, with the days that holds; contacts hidden."""
    for one in found:
        hidden = one.key in _private()
        old, new = ("…", "…") if hidden else (_valued(one.key, v, one.since) for v in _pair(one))
        known = {"header": header_of(one.key), "old": old, "new": new, "since": one.since}
        if one.until is None:
            say("facility.card.change_since", **known)
        else:
            say("facility.card.change_between", **known, until=one.until - timedelta(days=1))


def print_untouched(found: Iterable[Effect], *, since_given: bool) -> None:
    """Print the other values that stand on later days, and how a correction reaches them."""
    for one in found:
        value = "…" if one.key in _private() else _valued(one.key, one.new, one.since)
        message_id = "facility.card.kept_correct" if since_given else "facility.card.kept"
        say(message_id, header=header_of(one.key), value=value, since=one.since)


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


def _valued(key: str, value: Any, on: date) -> str:
    """Return the value of a field or, with its unit, of a capability."""
    from codes.capabilities import capabilities
    from registry.facilities.fields import keys, reader_of

    if key in keys():
        return _worded(reader_of(key)[0], value, on)
    if value is None:
        return text("facility.card.nothing")
    known = capabilities().get(key)
    unit = "" if known is None else known.unit_zh if language() == "zh" else known.unit_en
    return f"{value:g} {unit}".strip()


def header_of(key: str) -> str:
    """Return a field's header in the language in use."""
    from registry.facilities.fields import header

    return header(key)


def _facts(view: FacilityView, private: bool) -> Iterator[tuple[str, str]]:
    from codes.capabilities import capabilities
    from registry.facilities.fields import key_of, state_columns

    for column in state_columns()[1:]:
        value, key = getattr(view, column), key_of(column)
        if value is not None and (private or key not in _private()):
            yield header_of(key), _worded(column, value, view.valid_from)
    for scheme, numbers in view.identifiers.items():
        yield header_of(scheme), enumerated(numbers)
    for code, reading in view.capabilities.items():
        known = capabilities().get(code)
        unit = "" if known is None else known.unit_zh if language() == "zh" else known.unit_en
        yield (
            header_of(code),
            text(
                "facility.card.reading",
                value=f"{reading.value:g}",
                unit=unit,
                as_of=reading.as_of,
                confirmed_on=reading.confirmed_on,
            ),
        )


def _worded(column: str, value: Any, on: date) -> str:
    from codes.elements import all_fields
    from codes.value_lists import list_names, values

    if value is None:
        return text("facility.card.nothing")
    if column in NAMED:
        name = name_of(column, value, on)
        return f"{name} {value}" if name != value else str(value)
    codebook = all_fields()[column].codebook
    if language() == "en" and codebook in list_names() and value in values(codebook):
        return f"{value} {values(codebook)[value].name_en}"
    return f"{value:g}" if column == "floor_area" else str(value)


def _cells(view: FacilityView) -> Iterator[str]:
    for column in BRIEF:
        value = getattr(view, column)
        name = name_of(column, value, view.valid_from) if column in NAMED else value
        yield name or ""


def _first_recorded(past: History, version: Mapping[str, Any]) -> str:
    """Return when what a version says was first recorded: later acts on the facility copy it."""
    from codes.china_time import CHINA_TIME
    from registry.facilities.timeline import marked

    same = ("valid_from", *marked("", None))
    moments = [
        known["recorded_at"]
        for known in (*past.superseded, *past.versions)
        if all(known[name] == version[name] for name in same)
    ]
    return f"{min(moments).astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"


def _reason(reason: str | None) -> str:
    return text("facility.card.reason", reason=reason) if reason else ""


def _without(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in _private()}


def _private() -> frozenset[str]:
    from codes.elements import all_fields

    return frozenset(field.key for field in all_fields().values() if field.private)
