"""What happened to a facility, in JSON and in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from cli.context import enumerated, say
from cli.facility_words import header_of, private_keys, reason_of, without_contacts, worded
from codes import facility_code
from codes.messages import text

if TYPE_CHECKING:
    from registry.facilities.past import History, RecordedAct
    from registry.facilities.view import Link


OWN_ACTS: Final = frozenset(
    {
        *("register", "change", "correct", "close", "reopen", "restore"),
        *("merge", "split", "duplicate", "annul"),
    }
)
"""Acts of the registry on single facilities; others are shown by the name they are recorded by."""


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
            reason=reason_of(version["reason"]),
        )
        for header, old, new in differences(before, version):
            message_id = "facility.history_first" if not before else "facility.history_changed"
            say(message_id, header=header, old=old, new=new)
        before = version
    print_links(past.code, past.links)
    _print_acts(past)


def history_document(past: History, *, private: bool) -> dict[str, Any]:
    """Return a history for JSON; contacts only if `private`."""
    found = asdict(past)
    if private:
        return found
    for name in ("versions", "superseded"):
        found[name] = [without_contacts(version) for version in found[name]]
    for act in found["acts"]:
        detail = json.loads(act["detail"])
        if isinstance(detail.get("fields"), dict):
            detail["fields"] = without_contacts(detail["fields"])
        act["detail"] = detail
    return found


def print_links(code: str, links: Iterable[Link]) -> None:
    """Print what a facility came from and what came after it."""
    for link in links:
        mine = link.predecessor == code
        other = facility_code.format(link.successor if mine else link.predecessor)
        message_id = f"facility.link_{'to' if mine else 'from'}.{link.kind}"
        say(message_id, on=link.effective_on, code=other)


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
        shown = "…" if key in private_keys() else nothing if value is None else value
        yield text("facility.acted.field", header=header_of(key), value=shown)


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield (header, old, new) of the fields in which two versions differ; contacts hidden."""
    from registry.facilities.fields import key_of, state_columns

    for column in state_columns():
        old, new = before.get(column), after[column]
        if old == new:
            continue
        shown = [worded(column, value, after["valid_from"]) for value in (old, new)]
        if key_of(column) in private_keys():
            shown = ["…", "…"]
        yield header_of(key_of(column)), shown[0], shown[1]


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
